"use client";

import type { ReactNode } from "react";
import type { DecidedView } from "@/lib/decisions/types";
import type { CompanyValue } from "@/lib/discretion/schema";
import { type Intent, nextPart } from "./intent";
import { PromiseKept } from "./promise-kept";
import { Receipt } from "./receipt";
import { Review } from "./review";
import { SeveralReceipt } from "./several-receipt";
import type { Case, DeskFacts } from "./use-case";

const NO_VALUES: readonly CompanyValue[] = [];

interface CaseStepsProps {
  facts: DeskFacts;
  theCase: Case;
  /** What is filled in, as there is room for it. */
  form: ReactNode;
  /** The form's own button said what will happen: what it asks for is sent without being confirmed once more. */
  atOnce?: boolean;
  onRecorded?: (decision: DecidedView) => void;
  /** The server answers, and what it tells of the customer may be another thing by now. */
  onReachable: () => void;
  /** Goes on to somebody else; without it the page's search does. */
  onNext?: () => void;
  /** Asks to sign in and then goes on; null where that is asked for in place. */
  onSignIn: ((go: () => void) => void) | null;
}

/** A case from its form to its receipt, wherever it is done. */
export function CaseSteps(props: CaseStepsProps) {
  const { facts, theCase, form, atOnce = false, onRecorded, onReachable, onNext, onSignIn } = props;
  const { step, place, unkept } = theCase;

  function recorded(intent: Intent) {
    for (const part of intent.parts) if (part.recorded) onRecorded?.(part.recorded.decision);
    theCase.recorded(intent);
  }

  return (
    <>
      {unkept && step.at !== "receipt" ? (
        <PromiseKept decisionId={unkept.decisionId} promise={unkept} place={place} />
      ) : null}
      {step.at === "form" ? form : null}
      {step.at === "review" ? (
        <Review
          key={step.intent.parts[0]?.idempotencyKey}
          intent={step.intent}
          interrupted={step.interrupted}
          atOnce={atOnce}
          place={place}
          customer={facts.customer}
          currency={facts.currency}
          orderRefs={theCase.orderRefs}
          causes={facts.causes}
          policy={facts.policy}
          onAnew={(previews) => theCase.reviewAnew(step.intent, previews)}
          onBack={theCase.back}
          onProgress={theCase.progress}
          onDone={recorded}
          onSignIn={onSignIn}
        />
      ) : null}
      {step.at === "receipt" ? (
        <Recorded
          intent={step.intent}
          customer={facts.customer}
          currency={facts.currency}
          values={facts.policy?.values ?? NO_VALUES}
          place={place}
          onReachable={onReachable}
          onMore={theCase.begin}
          onNext={onNext}
          onRest={theCase.takeUpRest}
        />
      ) : null}
    </>
  );
}

interface RecordedProps extends Omit<Parameters<typeof SeveralReceipt>[0], "promise" | "intent" | "onRest"> {
  intent: Intent;
  onRest: (intent: Intent) => void;
}

function Recorded({ intent, onRest, ...rest }: RecordedProps) {
  const [only, ...others] = intent.parts;
  const { promise } = intent;
  if (only?.recorded && others.length === 0) {
    return <Receipt {...rest} recorded={only.recorded} promise={promise} />;
  }
  // What could not be recorded takes its promise along.
  const kept = nextPart(intent) === null || intent.parts[0]?.recorded ? promise : null;
  return <SeveralReceipt {...rest} intent={intent} promise={kept} onRest={() => onRest(intent)} />;
}
