"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { ErrorNote } from "@/components/ui/error-note";
import { useHydrated } from "@/components/ui/use-hydrated";
import { lookAtReconciliation, requestReconciliation } from "@/lib/reconciliation/actions";
import type { DifferenceKind, ReconcileAnswer, ReconciliationView as Run } from "@/lib/reconciliation/types";

type Refusal = Extract<ReconcileAnswer, { ok: false }>["code"] | "unexpected";
type Counted = Record<DifferenceKind, number>;

interface RunControlsProps {
  run: Run | null;
  mayRun: boolean;
  /** Another comparison waits or runs. */
  isUnderway: boolean;
  /** What differs, as far as it was found out. */
  counted: Counted | null;
}

/** Has everything compared now, rebuilds what can be rebuilt, and says that somebody has looked. */
export function RunControls({ run, mayRun, isUnderway, counted }: RunControlsProps) {
  const t = useTranslations("reconciliation.controls");
  const isReady = useHydrated();
  const { busy, refusal, call, clear } = useCall();
  const [asksAgain, setAsksAgain] = useState(false);
  const differs = (run?.differences ?? 0) > 0;
  const canRebuild = counted !== null && counted.counter + counted.chain + counted.rollup + counted.day > 0;
  const canSee = run !== null && differs && run.lookedAt === null;
  if (!mayRun && !canSee) return null;

  async function rebuild() {
    if (await call("rebuild", () => requestReconciliation({ repairs: true }))) setAsksAgain(false);
  }

  const note = refusal ? <RefusalNote refusal={refusal} onSignedIn={clear} /> : null;
  return (
    <fieldset disabled={!isReady} className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        {mayRun ? (
          <Button
            variant={differs ? "secondary" : "primary"}
            // It stays where it is, so that the focus does.
            busy={busy === "check" || isUnderway}
            onClick={() => call("check", () => requestReconciliation({ repairs: false }))}
          >
            {isUnderway ? t("underway") : busy === "check" ? t("asking") : t("check")}
          </Button>
        ) : null}
        {mayRun && canRebuild && !isUnderway ? (
          <Button variant="primary" onClick={() => setAsksAgain(true)}>
            {t("rebuild")}
          </Button>
        ) : null}
        {canSee ? (
          <Button
            busy={busy === "look"}
            onClick={() => call("look", () => lookAtReconciliation({ id: run.id }))}
          >
            {busy === "look" ? t("seeing") : t("seen")}
          </Button>
        ) : null}
      </div>
      {asksAgain ? null : note}
      {counted ? (
        <RebuildDialog
          open={asksAgain}
          onClose={() => {
            clear();
            setAsksAgain(false);
          }}
          counted={counted}
          busy={busy === "rebuild"}
          onRebuild={rebuild}
        >
          {note}
        </RebuildDialog>
      ) : null}
    </fieldset>
  );
}

interface RebuildDialogProps {
  open: boolean;
  onClose: () => void;
  counted: Counted;
  busy: boolean;
  onRebuild: () => void;
  children: ReactNode;
}

/** Says what will be done, and what will not. */
function RebuildDialog({ open, onClose, counted, busy, onRebuild, children }: RebuildDialogProps) {
  const t = useTranslations("reconciliation.rebuild");
  const controls = useTranslations("reconciliation.controls");
  const common = useTranslations("common");
  const { counter, chain, rollup, day, ...rest } = counted;
  const others = Object.values(rest).reduce((sum, count) => sum + count, 0);
  return (
    <Dialog
      title={t("title")}
      closeLabel={common("close")}
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <ul className="figures flex list-disc flex-col gap-1 pl-5">
        {counter > 0 ? <li>{t("counters", { count: counter })}</li> : null}
        {rollup + day > 0 ? <li>{t("sums", { count: rollup + day })}</li> : null}
        {chain > 0 ? <li>{t("chains", { count: chain })}</li> : null}
        {others > 0 ? <li>{t("others", { count: others })}</li> : null}
      </ul>
      <p className="text-ink-2">{t("text")}</p>
      {children}
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose>{t("back")}</DialogClose>
        <Button variant="primary" busy={busy} onClick={onRebuild}>
          {busy ? controls("asking") : t("submit")}
        </Button>
      </div>
    </Dialog>
  );
}

function RefusalNote({ refusal, onSignedIn }: { refusal: Refusal; onSignedIn: () => void }) {
  const t = useTranslations("reconciliation.refusal");
  return (
    <div className="flex flex-col gap-3">
      <ErrorNote title={t(refusal)} />
      {refusal === "signed_out" ? <SignInForm to={null} onSignedIn={onSignedIn} /> : null}
    </div>
  );
}

type Action = "check" | "rebuild" | "look";

/** Asks for one thing at a time, reads the page anew, and keeps why it was refused. */
function useCall() {
  const router = useRouter();
  const [busy, setBusy] = useState<Action | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const running = useRef(false);

  async function call(
    action: Action,
    ask: () => Promise<{ ok: true } | { ok: false; code: Refusal }>,
  ): Promise<boolean> {
    if (running.current) return false;
    running.current = true;
    setBusy(action);
    setRefusal(null);
    try {
      const answer = await ask();
      if (!answer.ok) setRefusal(answer.code);
      // Also where it was refused: something has changed that the page doesn't show.
      router.refresh();
      return answer.ok;
    } catch {
      setRefusal("unexpected");
      return false;
    } finally {
      running.current = false;
      setBusy(null);
    }
  }

  return { busy, refusal, call, clear: () => setRefusal(null) };
}
