"use client";

import { Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { isTyping } from "@/components/shell/is-typing";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Textarea } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { formatAmount } from "@/lib/format/money";
import type { ReversedDecision } from "@/lib/reversals/types";
import { RefusedNote } from "./refused-note";
import { useSecondsLeft } from "./use-seconds-left";
import { codeOf, useTakingBack } from "./use-taking-back";

export interface TakeBackProps {
  decision: { id: string; amount: number; currency: string };
  /** Until when it can be undone without a reason, ISO 8601; null where it can't be. */
  undoUntil: string | null;
  /** The server's clock when that was read, ISO 8601. */
  now: string;
  /** Whether it may be reversed with a reason once that is over. */
  mayReverse: boolean;
  /** Whether Z undoes it: of one on a page at most. */
  shortcut?: boolean;
  /** What it is called where several stand on a page, in little room. */
  name?: string;
  /** It was taken back; null where it had been before, by whomever. */
  onDone: (reversed: ReversedDecision | null) => void;
  className?: string;
}

/** Takes back what was given: at once while nobody has begun to carry it out, with a reason afterwards. */
export function TakeBack(props: TakeBackProps) {
  const { decision, mayReverse, name, shortcut = false, onDone } = props;
  const t = useTranslations("common.takeBack");
  const left = useSecondsLeft(props.undoUntil, props.now);
  const taking = useTakingBack(decision.id);
  const [reason, setReason] = useState<string | null>(null);
  const [late, setLate] = useState(false);
  const describedBy = useId();
  const code = codeOf(taking.refused);
  const canUndo = left > 0 && !late;
  // What was sent and not answered is asked for again by the same key, also when its time is over meanwhile.
  const isBusy = taking.step !== null;

  async function send(wish: Parameters<typeof taking.send>[0]) {
    const answer = await taking.send(wish);
    if (answer?.ok) return onDone(answer.value);
    const refusal = codeOf(answer ?? null);
    if (refusal === "already_reversed") onDone(null);
    if (refusal === "execution_started") {
      setLate(true);
      if (mayReverse) setReason("");
    }
  }

  useUndoKey(shortcut && canUndo && !isBusy && reason === null, () => send({ kind: "undo" }));

  if (reason === null && !canUndo && !mayReverse && taking.refused === null && !isBusy) return null;
  return (
    <div className={cn("flex flex-col items-start gap-3", props.className)}>
      {reason === null ? (
        <Button
          size={name ? "sm" : "md"}
          className={name ? "pointer-coarse:h-11" : "h-11"}
          busy={isBusy}
          aria-label={name ? t(canUndo ? "undoOf" : "reverseOf", { what: name }) : undefined}
          aria-describedby={canUndo ? describedBy : undefined}
          aria-keyshortcuts={shortcut && canUndo ? "Z" : undefined}
          onClick={() => (canUndo ? send({ kind: "undo" }) : setReason(""))}
        >
          <Undo2 aria-hidden />
          {isBusy ? t(taking.step === "again" ? "again" : "busy") : t(canUndo ? "undo" : "reverse")}
          {canUndo && !isBusy ? (
            <>
              <span aria-hidden className="figures min-w-8 text-right text-ink-2">
                {t("seconds", { count: left })}
              </span>
              {shortcut ? <Kbd>Z</Kbd> : null}
              <span id={describedBy} hidden>
                {t("left", { count: left })}
              </span>
            </>
          ) : null}
        </Button>
      ) : (
        <ReasonForm
          amount={formatAmount(decision.amount, decision.currency)}
          reason={reason}
          step={taking.step}
          onChange={(next) => {
            setReason(next);
            taking.clear();
          }}
          onSubmit={() => send({ kind: "reversal", reason: reason.trim() })}
          onKeep={() => {
            setReason(null);
            taking.clear();
          }}
        />
      )}
      {code === "execution_started" ? <ErrorNote title={t(mayReverse ? "late" : "lateForYou")} /> : null}
      {taking.refused && code !== "execution_started" && code !== "already_reversed" ? (
        <RefusedNote
          refused={taking.refused}
          unsure={t("unsure")}
          onAgain={() => taking.wish && send(taking.wish)}
        />
      ) : null}
    </div>
  );
}

/** Z where nothing is being typed, and no dialog asks for something else. */
function useUndoKey(active: boolean, undo: () => void) {
  const latest = useRef(undo);
  useEffect(() => {
    latest.current = undo;
  });
  useEffect(() => {
    if (!active) return;
    function onKey(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== "z" || event.repeat || event.shiftKey || isTyping(event)) return;
      if (document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      latest.current();
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [active]);
}

interface ReasonFormProps {
  amount: string;
  reason: string;
  step: "sending" | "again" | null;
  onChange: (reason: string) => void;
  onSubmit: () => void;
  onKeep: () => void;
}

function ReasonForm({ amount, reason, step, onChange, onSubmit, onKeep }: ReasonFormProps) {
  const t = useTranslations("common.takeBack");
  const field = useRef<HTMLTextAreaElement>(null);
  const [missing, setMissing] = useState(false);
  useEffect(() => field.current?.focus(), []);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (step !== null) return;
    if (reason.trim() === "") {
      setMissing(true);
      field.current?.focus();
      return;
    }
    onSubmit();
  }

  return (
    <form
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape" && step === null) onKeep();
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
      }}
      className="flex w-full max-w-lg flex-col gap-3"
    >
      <Field label={t("reason")} hint={t("reasonHint")} error={missing ? t("reasonMissing") : undefined}>
        <Textarea
          ref={field}
          name="reason"
          maxLength={2000}
          value={reason}
          readOnly={step !== null}
          onChange={(event) => {
            setMissing(false);
            onChange(event.target.value);
          }}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="danger" className="h-11" busy={step !== null}>
          {step === null ? t("submit", { amount }) : t(step === "again" ? "again" : "busy")}
        </Button>
        <Button variant="quiet" className="h-11" disabled={step !== null} onClick={onKeep}>
          {t("keep")}
        </Button>
      </div>
    </form>
  );
}
