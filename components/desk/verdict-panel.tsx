"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Currencies } from "@/components/decision/arithmetic";
import { bindingOf, figure } from "@/components/decision/arithmetic";
import {
  Arithmetic,
  CheckName,
  ExplanationList,
  RateUsed,
  ServedValue,
} from "@/components/decision/explanation";
import { VERDICT_INK, VerdictIcon } from "@/components/decision/verdict";
import { Why } from "@/components/decision/why";
import { Words } from "@/components/decision/words";
import type { Refused } from "@/components/shell/rest";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorNote } from "@/components/ui/error-note";
import type { DecisionView } from "@/lib/decisions/types";
import type { CompanyValue } from "@/lib/discretion/schema";
import { formatAmount } from "@/lib/format/money";
import type { LiveVerdict } from "./use-live-verdict";

interface VerdictPanelProps {
  live: LiveVerdict;
  /** The verdict on what is being typed; null while there is nothing to decide on. */
  shown: DecisionView | null;
  /** What the policy counts in. */
  currency: string;
  /** What its checks serve. */
  values: readonly CompanyValue[];
  onUse: (amount: number) => void;
  onSignIn: () => void;
  /** The next step; it stands before the details, so that it doesn't move when there are more of them. */
  children: ReactNode;
}

/** What the person may do with what is typed so far, while it is typed. */
export function VerdictPanel(props: VerdictPanelProps) {
  const { live, shown, currency, values, onUse, onSignIn, children } = props;
  const t = useTranslations("desk.verdict");
  const { answer } = live;
  const failed = answer !== null && !answer.ok;
  return (
    // On a phone its parts are the form's own, so that the next step can stay within reach of the thumb.
    <div
      className="flex min-h-24 flex-col gap-3 border-line border-t pt-4 max-sm:contents"
      aria-busy={answer !== null && !live.fresh}
    >
      {shown === null && !failed ? <p className="text-ink-3">{t("waiting")}</p> : null}
      {shown ? <VerdictHead decision={shown} currency={currency} values={values} onUse={onUse} /> : null}
      {answer && !answer.ok ? <NoVerdict refused={answer} onSignIn={onSignIn} onAgain={live.again} /> : null}
      {children}
      {shown ? <Checked decision={shown} currency={currency} values={values} /> : null}
      <p role="status" className="sr-only">
        {shown && live.fresh ? <Announcement decision={shown} currency={currency} /> : null}
      </p>
    </div>
  );
}

/** What a screen reader says once the typing rests. */
export function Announcement({ decision, currency }: { decision: DecisionView; currency: string }) {
  const t = useTranslations("desk.verdict");
  const binding = bindingOf(decision.explanation);
  const detail = decision.verdict === "allow" ? "" : (binding?.why ?? "");
  return (
    <>
      {t("announce", { verdict: t(decision.verdict), detail })}
      {binding && decision.verdict !== "allow" ? (
        <Arithmetic check={binding} currencies={{ policy: currency, decision: decision.currency }} />
      ) : null}
    </>
  );
}

interface VerdictHeadProps {
  decision: DecisionView;
  currency: string;
  values: readonly CompanyValue[];
  onUse: (amount: number) => void;
}

/** The verdict itself, why, and the largest amount that would pass. */
export function VerdictHead({ decision, currency, values, onUse }: VerdictHeadProps) {
  const t = useTranslations("desk.verdict");
  const { verdict, explanation } = decision;
  const currencies = { policy: currency, decision: decision.currency };
  const binding = bindingOf(explanation);
  return (
    <>
      <div className="flex gap-2.5">
        <VerdictIcon verdict={verdict} className={cn("mt-0.5 size-5 shrink-0", VERDICT_INK[verdict])} />
        <div className="flex min-w-0 flex-col gap-1">
          <p className={cn("font-semibold text-base", VERDICT_INK[verdict])}>{t(verdict)}</p>
          <RateUsed explanation={explanation} amount={decision.amount} currencies={currencies} />
          <Reason decision={decision} currencies={currencies} />
          {binding ? <ServedValue check={binding} values={values} /> : null}
          {binding ? (
            <Why
              check={binding}
              currencies={currencies}
              values={values}
              policyVersion={decision.policyVersion}
            />
          ) : null}
          <LargestAmount decision={decision} onUse={onUse} />
        </div>
      </div>
      {binding ? <Words say={binding.say} /> : null}
    </>
  );
}

/** Everything that was looked at; closed while it passes, because then nobody asks. */
export function Checked({ decision, currency, values }: Omit<VerdictHeadProps, "onUse">) {
  const t = useTranslations("common.explanation");
  return (
    <details className="text-sm" open={decision.verdict !== "allow"}>
      <summary className="w-fit rounded-inner text-ink-2 hover:text-ink pointer-coarse:py-3">
        {t("checked")}
      </summary>
      <ExplanationList
        explanation={decision.explanation}
        currencies={{ policy: currency, decision: decision.currency }}
        values={values}
        className="mt-3"
      />
    </details>
  );
}

/** The arithmetic of what decided; where it passes, what would be left. */
function Reason({ decision, currencies }: { decision: DecisionView; currencies: Currencies }) {
  const t = useTranslations("desk.verdict");
  const binding = bindingOf(decision.explanation);
  if (decision.verdict === "allow") {
    if (!binding || binding.left === null) return <p className="text-ink-2">{t("allowFree")}</p>;
    return (
      <p className="figures text-ink-2">
        {t("allowLeft", { limit: binding.id, left: figure(binding, binding.left, currencies) })}
      </p>
    );
  }
  if (!binding) return null;
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <CheckName check={binding} />
        <Arithmetic check={binding} currencies={currencies} />
      </p>
      <p className="text-ink-2">{binding.why}</p>
    </>
  );
}

function LargestAmount({ decision, onUse }: { decision: DecisionView; onUse: (amount: number) => void }) {
  const t = useTranslations("desk.verdict");
  const { maxAmount } = decision.explanation;
  if (maxAmount === null || maxAmount === decision.amount) return null;
  if (maxAmount === 0) return <p className="text-ink-2">{t("noneLargest")}</p>;
  const amount = formatAmount(maxAmount, decision.currency);
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="figures text-ink-2">{t("largest", { amount })}</span>
      {/* Where the amount passes already, nobody is led to give more. */}
      {maxAmount < decision.amount ? (
        <Button size="sm" onClick={() => onUse(maxAmount)}>
          {t("use", { amount })}
        </Button>
      ) : null}
    </p>
  );
}

interface NoVerdictProps {
  refused: Refused;
  onSignIn: () => void;
  onAgain: () => void;
}

function NoVerdict({ refused, onSignIn, onAgain }: NoVerdictProps) {
  const t = useTranslations("desk.verdict");
  if (refused.reason === "signed_out") {
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
  }
  if (refused.reason === "problem") {
    const details = refused.problem.errors.map((error) => error.message);
    return (
      <ErrorNote title={t("failed")}>
        {details.length > 0 ? details.join(" ") : refused.problem.detail || refused.problem.title}
      </ErrorNote>
    );
  }
  return (
    <ErrorNote
      title={t("offline")}
      action={
        <Button size="sm" onClick={onAgain}>
          {t("again")}
        </Button>
      }
    />
  );
}
