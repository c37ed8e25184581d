"use client";

import { ArrowLeft, CornerDownLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { bindingOf } from "@/components/decision/arithmetic";
import { Arithmetic, CheckName, RateUsed, ServedValue } from "@/components/decision/explanation";
import { VERDICT_INK, VerdictIcon } from "@/components/decision/verdict";
import { Words } from "@/components/decision/words";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorNote } from "@/components/ui/error-note";
import type { DeskPolicy } from "@/lib/customers/types";
import type { DecisionView, PreviewView } from "@/lib/decisions/types";
import { formatAmount } from "@/lib/format/money";
import { CHANNELS, type DraftField, placeErrors } from "./draft";
import { createDecision, type DecisionBody, previewDecision, type Refused } from "./requests";

interface ReviewProps {
  body: DecisionBody;
  preview: DecisionView;
  /** The same for every attempt at this one intent. */
  idempotencyKey: string;
  customer: { id: string; name: string };
  /** What the policy counts in. */
  currency: string;
  orderRef: string | null;
  /** Null while there is none in force. */
  policy: DeskPolicy | null;
  /** What another policy, which came into force meanwhile, says to the same. */
  onAnew: (preview: PreviewView) => void;
  onBack: (errors?: Partial<Record<DraftField, string>>, refusal?: string | null) => void;
  onDone: (decision: DecisionView, replayed: boolean) => void;
  onSignIn: (go: () => void) => void;
}

/** Once more what will happen, and the one button that makes it happen. */
export function Review(props: ReviewProps) {
  const { body, preview, customer, onBack } = props;
  const t = useTranslations("desk.review");
  const remedy = useTranslations("common.remedy");
  const title = useId();
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const amount = formatAmount(body.amount, body.currency);
  const handsOver = preview.verdict === "handover";
  const sent = useRef(false);
  useAnew(props, sent);

  async function confirm() {
    sent.current = true;
    setSending(true);
    setRefused(null);
    const answer = await createDecision(body, props.idempotencyKey);
    if (answer.ok) return props.onDone(answer.value, answer.replayed);
    setSending(false);
    if (answer.reason === "problem" && answer.problem.errors.length > 0) {
      const { fields, rest } = placeErrors(answer.problem.errors);
      return onBack(fields, rest.length > 0 ? rest.join(" ") : null);
    }
    setRefused(answer);
    if (answer.reason === "signed_out") props.onSignIn(confirm);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a legend, and this a heading.
    <div
      role="group"
      aria-labelledby={title}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !sending) onBack();
      }}
      className="arrive flex flex-col gap-5"
    >
      <h2 id={title} tabIndex={-1} className="text-balance font-semibold text-lg">
        {t("title", {
          remedy: remedy(body.remedy),
          amount,
          currency: body.currency,
          customer: customer.name,
        })}
      </h2>
      <Verdict {...props} />
      <Summary {...props} />
      {refused ? <Refusal refused={refused} onSignIn={() => props.onSignIn(confirm)} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          size="lg"
          autoFocus
          busy={sending}
          onClick={confirm}
          // A key that is held down has opened this review; it doesn't confirm it as well.
          onKeyDown={(event) => {
            if (event.repeat) event.preventDefault();
          }}
          className="w-full sm:w-fit"
        >
          {sending ? t(handsOver ? "handingOver" : "giving", { amount }) : null}
          {!sending && refused ? t("again") : null}
          {sending || refused ? null : t(handsOver ? "handover" : "give", { amount })}
          <CornerDownLeft aria-hidden />
        </Button>
        <Button variant="quiet" size="lg" disabled={sending} onClick={() => onBack()}>
          <ArrowLeft aria-hidden />
          {t("back")}
        </Button>
      </div>
    </div>
  );
}

/**
 * Asks once more when another version came into force than the one that was reviewed under. What was sent is left
 * alone: its answer says what became of it.
 */
function useAnew({ body, preview, policy, onAnew }: ReviewProps, sent: { readonly current: boolean }) {
  const latest = useRef(onAnew);
  useEffect(() => {
    latest.current = onAnew;
  });
  const version = policy?.version ?? preview.policyVersion;
  const reviewed = preview.policyVersion;
  useEffect(() => {
    if (version === reviewed) return;
    const aborter = new AbortController();
    previewDecision(body, aborter.signal).then(
      (answer) => {
        if (answer.ok && !sent.current) latest.current(answer.value);
      },
      // Nothing but the abort is thrown: the review is closed, or has been made anew.
      () => undefined,
    );
    return () => aborter.abort();
  }, [version, reviewed, body, sent]);
}

function Verdict({ preview, currency, policy }: ReviewProps) {
  const t = useTranslations("desk.verdict");
  const binding = bindingOf(preview.explanation);
  const currencies = { policy: currency, decision: preview.currency };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex gap-2.5">
        <VerdictIcon
          verdict={preview.verdict}
          className={cn("mt-0.5 size-5", VERDICT_INK[preview.verdict])}
        />
        <div className="flex flex-col gap-1">
          <p className={cn("font-semibold text-base", VERDICT_INK[preview.verdict])}>{t(preview.verdict)}</p>
          <RateUsed explanation={preview.explanation} amount={preview.amount} currencies={currencies} />
          {binding ? (
            <div className="flex flex-wrap items-baseline gap-x-2 text-ink-2">
              <CheckName check={binding} />
              <Arithmetic check={binding} currencies={currencies} />
            </div>
          ) : null}
          {binding ? <ServedValue check={binding} values={policy?.values} /> : null}
        </div>
      </div>
      {binding ? <Words say={binding.say} /> : null}
    </div>
  );
}

/** What will be on record, as it was typed. */
function Summary({ body, orderRef }: ReviewProps) {
  const t = useTranslations("desk.review");
  const channels = useTranslations("common.channel");
  const channel = CHANNELS.find((each) => each === body.case?.channel);
  const lines: [label: string, value: string | null | undefined][] = [
    [t("order"), body.order ? orderRef : undefined],
    [t("happened"), body.case?.happened ?? null],
    [t("cause"), body.case?.cause ?? null],
    [t("need"), body.case?.need],
    [t("channel"), channel ? channels(channel) : undefined],
    [t("note"), body.note],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 border-line border-y py-3">
      {lines
        .filter(([, value]) => value !== undefined)
        .map(([label, value]) => (
          <div key={label} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-ink-3">{label}</dt>
            <dd className={cn("whitespace-pre-line break-words", !value && "text-ink-3")}>
              {value || t("none")}
            </dd>
          </div>
        ))}
    </dl>
  );
}

/** Why it isn't recorded yet, and what to do. Nothing is lost, and the key sees to it that nothing is done twice. */
function Refusal({ refused, onSignIn }: { refused: Refused; onSignIn: () => void }) {
  const t = useTranslations("desk.review");
  switch (refused.reason) {
    case "network":
      return <ErrorNote title={t("unsure")} />;
    case "unavailable":
      return <ErrorNote title={t("busy")} />;
    case "rate_limited":
      return <ErrorNote title={t("wait", { seconds: refused.seconds })} />;
    case "signed_out":
      return (
        <ErrorNote
          title={t("signedOut")}
          action={
            <Button size="sm" onClick={onSignIn}>
              {t("signIn")}
            </Button>
          }
        />
      );
    case "problem":
      return (
        <ErrorNote title={t("refused")}>
          {refused.problem.code === "idempotency_mismatch" ? t("mismatch") : refused.problem.detail}
        </ErrorNote>
      );
  }
}
