"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Dialog } from "@/components/ui/dialog";
import type { CustomerOrder, DeskPolicy, UsualAmount } from "@/lib/customers/types";
import type { DecisionView, PreviewView } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";
import { useChosenOrder } from "./chosen-order";
import { DecisionForm } from "./decision-form";
import { type Draft, type DraftField, EMPTY_DRAFT } from "./draft";
import { draftKey, readDraft, writeDraft } from "./draft-storage";
import { newKey } from "./intent-key";
import { Receipt } from "./receipt";
import type { DecisionBody } from "./requests";
import { Review } from "./review";
import { useUnsent } from "./use-unsent";

export interface DeskFacts {
  employeeId: string;
  customer: { id: string; name: string };
  orders: CustomerOrder[];
  /** The organization's, which the policy counts in. */
  currency: string;
  /** Null while there is none in force. */
  policy: DeskPolicy | null;
  causes: string[];
  usual: Partial<Record<Remedy, UsualAmount>>;
}

/** One intent is one key: minted when its review opens, and the same however often it has to be sent. */
interface Intent {
  body: DecisionBody;
  preview: DecisionView;
  idempotencyKey: string;
}

type Step =
  | { at: "form"; errors: Partial<Record<DraftField, string>>; refusal: string | null }
  | { at: "review"; intent: Intent }
  | { at: "receipt"; decision: DecisionView; replayed: boolean };

const FORM: Step = { at: "form", errors: {}, refusal: null };
const NO_VALUES: DeskPolicy["values"] = [];

/** From what happened to the receipt. What was typed is kept until the decision is recorded. */
export function DecisionDesk({ facts }: { facts: DeskFacts }) {
  const t = useTranslations("desk.review");
  const common = useTranslations("common");
  const router = useRouter();
  const [orderId, setOrderId] = useChosenOrder();
  const order = facts.orders.find((each) => each.id === orderId) ?? null;
  const place = draftKey(facts.employeeId, facts.customer.id);
  const [draft, setDraft] = useDraft(place, orderId);
  const { onLooked, onSent } = useUnsent(place);
  const [step, setStep] = useState<Step>(FORM);
  const [afterSignIn, setAfterSignIn] = useState<{ go: () => void } | null>(null);

  const askToSignIn = (go: () => void) => setAfterSignIn({ go });

  function recorded(decision: DecisionView, replayed: boolean) {
    setStep({ at: "receipt", decision, replayed });
    onSent(decision);
    setDraft(EMPTY_DRAFT);
    setOrderId(null);
  }

  // Allowance, orders and history are the server's to tell.
  const refresh = useCallback(() => router.refresh(), [router]);
  const values = facts.policy?.values ?? NO_VALUES;

  /** Another policy says something else to what is about to be confirmed. */
  function reviewAnew(intent: Intent, preview: PreviewView) {
    const stands = preview.verdict !== "deny" && !preview.noteRequired;
    setStep(stands ? { at: "review", intent: { ...intent, preview } } : FORM);
  }

  return (
    <>
      {step.at === "form" ? (
        <DecisionForm
          facts={facts}
          order={order}
          onOrder={setOrderId}
          draft={draft}
          onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
          given={{ errors: step.errors, refusal: step.refusal }}
          onReview={(body, preview) =>
            setStep({ at: "review", intent: { body, preview, idempotencyKey: newKey() } })
          }
          onLooked={onLooked}
          onOtherPolicy={refresh}
          onSignIn={askToSignIn}
        />
      ) : null}
      {step.at === "review" ? (
        <Review
          key={step.intent.idempotencyKey}
          {...step.intent}
          customer={facts.customer}
          currency={facts.currency}
          orderRef={order?.externalRef ?? null}
          policy={facts.policy}
          onAnew={(preview) => reviewAnew(step.intent, preview)}
          onBack={(errors = {}, refusal = null) => setStep({ at: "form", errors, refusal })}
          onDone={recorded}
          onSignIn={askToSignIn}
        />
      ) : null}
      {step.at === "receipt" ? (
        <Receipt
          {...step}
          customer={facts.customer}
          currency={facts.currency}
          values={values}
          onReachable={refresh}
          onMore={() => setStep(FORM)}
        />
      ) : null}
      <Dialog
        open={afterSignIn !== null}
        onOpenChange={(open) => {
          if (!open) setAfterSignIn(null);
        }}
        title={t("signInTitle")}
        description={t("signInText")}
        closeLabel={common("close")}
      >
        <SignInForm
          to={null}
          onSignedIn={() => {
            setAfterSignIn(null);
            afterSignIn?.go();
          }}
        />
      </Dialog>
    </>
  );
}

/** The draft; picking up an order makes a refund of it, which is what an order is mostly picked up for. */
function useDraft(key: string, orderId: string | null) {
  const [draft, setDraft] = useState<Draft>(orderId ? { ...EMPTY_DRAFT, remedy: "refund" } : EMPTY_DRAFT);
  const [lastOrder, setLastOrder] = useState(orderId);
  if (orderId !== lastOrder) {
    setLastOrder(orderId);
    if (orderId !== null) setDraft({ ...draft, remedy: "refund" });
  }

  const restored = useRef(false);
  useEffect(() => {
    const kept = restored.current ? null : readDraft(key);
    restored.current = true;
    if (kept) setDraft(kept);
    else writeDraft(key, draft);
  }, [key, draft]);
  return [draft, setDraft] as const;
}
