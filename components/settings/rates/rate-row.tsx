"use client";

import { Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import {
  type ComponentProps,
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { Time } from "@/components/ui/time";
import { removeRate, setRate } from "@/lib/rates/actions";
import { datedRateSchema } from "@/lib/rates/schema";
import type { ListedRate, RatesPage, RemoveRateAnswer, SetRateAnswer } from "@/lib/rates/types";
import { dayWords } from "./rate-words";
import { Refused } from "./refused";
import { useCall } from "./use-call";

interface RateRowProps {
  rate: ListedRate;
  /** In force today, to come, or of the past. */
  standing: "now" | "later" | "before";
  /** It was taken out on this page, and is shown so that it can be put back. */
  removed: boolean;
  page: Pick<RatesPage, "mayEdit" | "now" | "timeZone">;
  /** Called before a rate is taken out, so that its line stays, and when it is not gone after all. */
  onHold: (hold: boolean) => void;
}

/** One day of a currency and its rate, with what can be done about it. */
export function RateRow(props: RateRowProps) {
  const { rate, removed } = props;
  const [mode, setMode] = useState<"shown" | "corrected">("shown");
  const [before, setBefore] = useState<string | null>(null);
  const line = useRef<HTMLLIElement>(null);
  const focusNext = useFocusAfter(line, `${removed} ${mode} ${rate.rate} ${before}`);

  return (
    <li ref={line} className="flex flex-col gap-2 py-2">
      {removed ? (
        <Removed rate={rate} onBack={() => focusNext("correct")} />
      ) : mode === "corrected" ? (
        <Correction
          rate={rate}
          onDone={(replaced) => {
            setBefore(replaced);
            setMode("shown");
            focusNext(replaced === null ? "correct" : "undo");
          }}
        />
      ) : (
        <Shown
          {...props}
          before={before === rate.rate ? null : before}
          onCorrect={() => {
            setBefore(null);
            setMode("corrected");
          }}
          onUndone={() => {
            setBefore(null);
            focusNext("correct");
          }}
          onLeaving={(leaving) => focusNext(leaving ? "undo" : null)}
        />
      )}
    </li>
  );
}

/** Moves the focus to a button of the line once it is there: what had it is gone by then. */
function useFocusAfter(line: React.RefObject<HTMLElement | null>, state: string) {
  const wanted = useRef<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks again whenever the line shows something else.
  useEffect(() => {
    if (wanted.current === null) return;
    const button = line.current?.querySelector<HTMLElement>(`[data-do=${wanted.current}]`);
    if (!button) return;
    wanted.current = null;
    button.focus();
  }, [line, state]);
  return (name: "correct" | "undo" | null) => {
    wanted.current = name;
  };
}

interface ShownProps extends RateRowProps {
  /** What it was before it was corrected here. */
  before: string | null;
  onCorrect: () => void;
  onUndone: () => void;
  /** It is being taken out, or is not after all. */
  onLeaving: (leaving: boolean) => void;
}

function Shown({ rate, standing, page, before, onHold, ...on }: ShownProps) {
  const t = useTranslations("settings.rates.row");
  const router = useRouter();
  const removal = useCall<RemoveRateAnswer>();
  const undo = useCall<SetRateAnswer>();
  const { currency, day } = rate;
  const words = { currency, day: dayWords(day) };

  async function remove() {
    onHold(true);
    on.onLeaving(true);
    const answer = await removal.call(() => removeRate({ currency, day, seen: rate.rate }));
    if (answer?.ok) return;
    onHold(false);
    on.onLeaving(false);
    if (answer?.code === "moved") router.refresh();
  }

  async function undoCorrection(former: string) {
    const answer = await undo.call(() => setRate({ currency, day, rate: former, seen: rate.rate }));
    if (answer?.ok) on.onUndone();
    else if (answer?.code === "moved") router.refresh();
  }

  const moved = [removal.answer, undo.answer].some(
    (answer) => answer && !answer.ok && answer.code === "moved",
  );
  return (
    <>
      <div className="flex items-center gap-4">
        <div className="flex min-w-0 grow flex-col gap-0.5">
          <p className="flex flex-wrap items-center gap-x-3">
            <span className="w-24 shrink-0 text-ink-2">{dayWords(day)}</span>{" "}
            <span className="figures break-all font-medium">{rate.rate}</span>{" "}
            {standing === "now" ? <Badge tone="allow">{t("inForce")}</Badge> : null}
            {standing === "later" ? <Badge>{t("later")}</Badge> : null}
          </p>
          <Written rate={rate} page={page} />
        </div>
        {page.mayEdit ? (
          <span className="-mr-2 flex shrink-0 gap-1 sm:-mr-3">
            <RowButton
              icon={<Pencil aria-hidden />}
              data-do="correct"
              aria-label={t("correctLabel", words)}
              onClick={on.onCorrect}
            >
              {t("correct")}
            </RowButton>
            <RowButton
              icon={<Trash2 aria-hidden />}
              aria-label={t("removeLabel", words)}
              busy={removal.busy}
              onClick={remove}
            >
              {t("remove")}
            </RowButton>
          </span>
        ) : null}
      </div>
      {before === null ? null : (
        <p role="status" className="flex flex-wrap items-center gap-x-3">
          <span className="figures text-ink-2">{t("was", { before })}</span>
          <Button
            size="sm"
            className="pointer-coarse:h-11"
            data-do="undo"
            aria-label={t("undoLabel", words)}
            busy={undo.busy}
            onClick={() => undoCorrection(before)}
          >
            {t("undo")}
          </Button>
        </p>
      )}
      {moved ? <ErrorNote title={t("moved")} /> : null}
      <Refused answer={removal.answer} failed={removal.failed} onSignedIn={removal.clear} />
      <Refused answer={undo.answer} failed={undo.failed} onSignedIn={undo.clear} />
    </>
  );
}

/** A word where there is room for it, its sign on a phone. */
function RowButton({ icon, children, ...props }: ComponentProps<typeof Button> & { icon: ReactNode }) {
  return (
    <Button
      variant="quiet"
      size="sm"
      className="max-sm:px-2 pointer-coarse:h-11 max-sm:pointer-coarse:w-11"
      {...props}
    >
      <span className="sm:hidden">{icon}</span>
      <span className="max-sm:hidden">{children}</span>
    </Button>
  );
}

function Written({ rate, page }: Pick<RateRowProps, "rate" | "page">) {
  const t = useTranslations("settings.rates.row");
  return (
    <p className="text-ink-3 text-xs">
      {t.rich("set", {
        name: rate.updatedBy?.name ?? t("leeway"),
        at: () => <Time at={rate.updatedAt} now={page.now} timeZone={page.timeZone} />,
      })}
    </p>
  );
}

/** The line as a field. `onDone` hears what was replaced, or null where nothing was. */
function Correction({ rate, onDone }: { rate: ListedRate; onDone: (replaced: string | null) => void }) {
  const t = useTranslations("settings.rates.row");
  const router = useRouter();
  const { answer, busy, failed, call, clear } = useCall<SetRateAnswer>();
  const [text, setText] = useState(rate.rate);
  const [fault, setFault] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const { currency, day } = rate;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = datedRateSchema.safeParse({ currency, day, rate: text });
    setFault(parsed.error?.issues[0]?.message);
    if (!parsed.success) return input.current?.focus();
    if (parsed.data.rate === rate.rate) return onDone(null);
    const said = await call(() => setRate({ ...parsed.data, seen: rate.rate }));
    if (said?.ok) onDone(said.change.before);
    else if (said?.code === "invalid") setFault(said.errors[0]?.message);
    else if (said?.code === "moved") router.refresh();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") onDone(null);
  }

  return (
    <div className="flex flex-col gap-2">
      <form noValidate onSubmit={submit} className="flex flex-col gap-2">
        <Field label={t("rateFrom", { currency, day: dayWords(day) })} error={fault}>
          <Input
            ref={input}
            autoFocus
            inputMode="decimal"
            autoComplete="off"
            className="figures max-w-60"
            value={text}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setText(event.target.value);
              setFault(undefined);
            }}
          />
        </Field>
        {answer && !answer.ok && answer.code === "moved" ? <ErrorNote title={t("moved")} /> : null}
        <div className="flex gap-2">
          <Button type="submit" size="sm" className="pointer-coarse:h-11" busy={busy}>
            {busy ? t("busy") : t("save")}
          </Button>
          <Button variant="quiet" size="sm" className="pointer-coarse:h-11" onClick={() => onDone(null)}>
            {t("cancel")}
          </Button>
        </div>
      </form>
      {/* It may hold a form of its own. */}
      <Refused answer={answer} failed={failed} onSignedIn={clear} />
    </div>
  );
}

/** Where a rate was that was taken out on this page, until the page is left. */
function Removed({ rate, onBack }: Pick<RateRowProps, "rate"> & { onBack: () => void }) {
  const t = useTranslations("settings.rates.row");
  const router = useRouter();
  const { answer, busy, failed, call, clear } = useCall<SetRateAnswer>();
  const { currency, day } = rate;
  const words = { currency, day: dayWords(day), rate: rate.rate };

  async function undo() {
    onBack();
    const said = await call(() => setRate({ currency, day, rate: rate.rate, seen: null }));
    if (said && !said.ok && said.code === "moved") router.refresh();
  }

  return (
    <>
      <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="figures min-w-0 grow break-words text-ink-2">{t("removed", words)}</span>
        <Button
          size="sm"
          className="pointer-coarse:h-11"
          data-do="undo"
          aria-label={t("undoLabel", words)}
          busy={busy}
          onClick={undo}
        >
          {t("undo")}
        </Button>
      </div>
      {answer && !answer.ok && answer.code === "moved" ? <ErrorNote title={t("moved")} /> : null}
      <Refused answer={answer} failed={failed} onSignedIn={clear} />
    </>
  );
}
