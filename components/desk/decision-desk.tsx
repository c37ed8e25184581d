"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { newKey } from "@/components/shell/intent-key";
import { useOnStartCase } from "@/components/shell/start-case";
import { Dialog } from "@/components/ui/dialog";
import type { OfferedCause } from "@/lib/causes/types";
import type { CustomerOrder, DeskPolicy, UsualAmount } from "@/lib/customers/types";
import type { PreviewView } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";
import { amountForInput } from "@/lib/format/money";
import { useChosenOrder } from "./chosen-order";
import { DecisionForm } from "./decision-form";
import { type Draft, type DraftField, type DraftLine, EMPTY_DRAFT } from "./draft";
import { draftKey, takeDraft, writeDraft } from "./draft-storage";
import { type Intent, nextPart, readIntent, writeIntent } from "./intent";
import { PromiseKept, readUnkept, type Unkept } from "./promise-kept";
import { Receipt } from "./receipt";
import type { DecisionBody } from "./requests";
import { Review } from "./review";
import { SeveralReceipt } from "./several-receipt";
import { useUnsent } from "./use-unsent";

export interface DeskFacts {
  employeeId: string;
  customer: { id: string; name: string };
  /** The record by whose address the person came, since it was merged into this one; null where they came by this one's. */
  cameById: string | null;
  orders: CustomerOrder[];
  /** The organization's, which the policy counts in. */
  currency: string;
  /** What the person may still give this customer; null where nothing bounds it, or it is not known. */
  available: number | null;
  /** Null while there is none in force. */
  policy: DeskPolicy | null;
  /** The catalogue of causes. */
  causes: OfferedCause[];
  /** What is offered while a cause is typed: the names of the catalogue; without one, what others wrote lately. */
  causeWords: string[];
  usual: Partial<Record<Remedy, UsualAmount>>;
  /** The organization's local day, ISO date. */
  today: string;
}

type Step =
  | { at: "form"; errors: Partial<Record<DraftField, string>>; refusal: string | null }
  | { at: "review"; intent: Intent; interrupted: boolean }
  | { at: "receipt"; intent: Intent };

const FORM: Step = { at: "form", errors: {}, refusal: null };
const NO_VALUES: DeskPolicy["values"] = [];

/** From what happened to the receipt. What was typed is kept until the decision is recorded. */
export function DecisionDesk({ facts }: { facts: DeskFacts }) {
  const router = useRouter();
  const [orderId, setOrderId] = useChosenOrder();
  const order = facts.orders.find((each) => each.id === orderId) ?? null;
  const orderRefs = useMemo(
    () => new Map(facts.orders.map(({ id, externalRef }) => [id, externalRef])),
    [facts.orders],
  );
  const place = draftKey(facts.employeeId, facts.customer.id);
  const mergedPlace = facts.cameById && draftKey(facts.employeeId, facts.cameById);
  // The order of a remedy that is taken up again: that one stays what it was.
  const [ownOrder, setOwnOrder] = useState<string | null>(null);
  const [draft, setDraft] = useDraft(place, mergedPlace, { orderId, ownOrder });
  const { onLooked, onSent } = useUnsent(place);
  const [step, setStep] = useState<Step>(FORM);
  const [unkept, setUnkept] = useState<Unkept | null>(null);
  const [afterSignIn, setAfterSignIn] = useState<{ go: () => void } | null>(null);
  const askToSignIn = (go: () => void) => setAfterSignIn({ go });

  // What was on its way when the page was left is still on its way: under the same keys.
  useEffect(() => {
    const interrupted = readIntent(place);
    if (interrupted) setStep({ at: "review", intent: interrupted, interrupted: true });
    setUnkept(readUnkept(place));
  }, [place]);

  // A case that is started by its key, while a receipt stands here, is another one for the same customer.
  useOnStartCase(() => {
    if (step.at === "receipt") setStep(FORM);
    else document.querySelector<HTMLElement>("[name=happened]")?.focus();
  });

  function review(asked: readonly { body: DecisionBody; preview: PreviewView }[]) {
    const promised = draft.promise.trim();
    const intent: Intent = {
      parts: asked.map((each) => ({ ...each, idempotencyKey: newKey(), recorded: null })),
      promise: promised === "" ? null : { text: promised, dueOn: draft.dueOn },
    };
    setStep({ at: "review", intent, interrupted: false });
  }

  function recorded(intent: Intent) {
    writeIntent(place, null);
    for (const part of intent.parts) if (part.recorded) onSent(part.recorded.decision);
    setDraft(EMPTY_DRAFT);
    setOrderId(null);
    setStep({ at: "receipt", intent });
  }

  /** Puts what was not recorded back into the form. */
  function takeUpRest(intent: Intent) {
    const [last, ...lines] = intent.parts
      .filter((part) => part.recorded === null)
      .map(({ body }) => lineOf(body))
      .reverse();
    const told = intent.parts[0]?.body.case;
    setDraft({
      ...EMPTY_DRAFT,
      happened: told?.happened ?? "",
      need: told?.need ?? "",
      cause: told?.cause ?? "",
      channel: told?.channel ?? EMPTY_DRAFT.channel,
      ...(last ? { remedy: last.remedy, amount: last.amount, note: last.note } : {}),
      lines: lines.reverse(),
    });
    chooseOwnOrder(last?.orderId ?? null);
    setStep(FORM);
  }

  function chooseOwnOrder(id: string | null) {
    setOwnOrder(id);
    setOrderId(id);
  }

  // Allowance, orders and history are the server's to tell.
  const refresh = useCallback(() => router.refresh(), [router]);
  const values = facts.policy?.values ?? NO_VALUES;

  /** Another policy says something else to what is about to be confirmed. */
  function reviewAnew(intent: Intent, previews: readonly PreviewView[]) {
    const stands = previews.every(({ verdict, noteRequired }) => verdict !== "deny" && !noteRequired);
    const parts = intent.parts.map((part, index) => ({ ...part, preview: previews[index] ?? part.preview }));
    setStep(stands ? { at: "review", intent: { ...intent, parts }, interrupted: false } : FORM);
  }

  const receipt = {
    customer: facts.customer,
    currency: facts.currency,
    values,
    place,
    onReachable: refresh,
    onMore: () => setStep(FORM),
  };
  return (
    <>
      {unkept && step.at !== "receipt" ? (
        <PromiseKept decisionId={unkept.decisionId} promise={unkept} place={place} />
      ) : null}
      {step.at === "form" ? (
        <DecisionForm
          facts={facts}
          order={order}
          onOrder={setOrderId}
          onOwnOrder={chooseOwnOrder}
          draft={draft}
          onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
          given={{ errors: step.errors, refusal: step.refusal }}
          onReview={review}
          onLooked={onLooked}
          onOtherPolicy={refresh}
          onSignIn={askToSignIn}
        />
      ) : null}
      {step.at === "review" ? (
        <Review
          key={step.intent.parts[0]?.idempotencyKey}
          intent={step.intent}
          interrupted={step.interrupted}
          place={place}
          customer={facts.customer}
          currency={facts.currency}
          orderRefs={orderRefs}
          causes={facts.causes}
          policy={facts.policy}
          onAnew={(previews) => reviewAnew(step.intent, previews)}
          onBack={(errors = {}, refusal = null) => {
            writeIntent(place, null);
            setStep({ at: "form", errors, refusal });
          }}
          onProgress={(intent) => setStep({ ...step, intent })}
          onDone={recorded}
          onSignIn={askToSignIn}
        />
      ) : null}
      {step.at === "receipt" ? <Recorded {...receipt} intent={step.intent} onRest={takeUpRest} /> : null}
      <SignInDialog after={afterSignIn} onClose={() => setAfterSignIn(null)} />
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

interface SignInDialogProps {
  after: { go: () => void } | null;
  onClose: () => void;
}

/** Whoever was signed out signs in over the page, and goes on where they were. */
function SignInDialog({ after, onClose }: SignInDialogProps) {
  const t = useTranslations("desk.review");
  const common = useTranslations("common");
  return (
    <Dialog
      open={after !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("signInTitle")}
      description={t("signInText")}
      closeLabel={common("close")}
    >
      <SignInForm
        to={null}
        onSignedIn={() => {
          onClose();
          after?.go();
        }}
      />
    </Dialog>
  );
}

function lineOf(body: DecisionBody): DraftLine {
  return {
    remedy: body.remedy,
    amount: amountForInput(body.amount, body.currency),
    note: body.note ?? "",
    orderId: body.order ?? null,
  };
}

/** The draft; picking up an order makes a refund of it, which is what an order is mostly picked up for. */
function useDraft(
  key: string,
  mergedKey: string | null,
  { orderId, ownOrder }: { orderId: string | null; ownOrder: string | null },
) {
  const [draft, setDraft] = useState<Draft>(orderId ? { ...EMPTY_DRAFT, remedy: "refund" } : EMPTY_DRAFT);
  const [lastOrder, setLastOrder] = useState(orderId);
  if (orderId !== lastOrder) {
    setLastOrder(orderId);
    if (orderId !== null && orderId !== ownOrder) setDraft({ ...draft, remedy: "refund" });
  }

  const restored = useRef(false);
  useEffect(() => {
    const kept = restored.current ? null : takeDraft(key, mergedKey);
    restored.current = true;
    if (kept) setDraft(kept);
    else writeDraft(key, draft);
  }, [key, mergedKey, draft]);
  return [draft, setDraft] as const;
}
