"use client";

import { CornerDownLeft, Plus } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import type { DeskPolicy } from "@/lib/customers/types";
import type { DecisionView } from "@/lib/decisions/types";
import { formatAmount } from "@/lib/format/money";
import { CauseField, FollowUpFields, ListenFields, NeedField, RemedyFields, Step } from "./draft-fields";
import { LineList } from "./line-list";
import { Precedents } from "./precedents";
import { PRECEDENTS_PLACE } from "./precedents-place";
import type { DecisionBody } from "./requests";
import type { Case, DeskFacts } from "./use-case";
import { useDecisionForm } from "./use-decision-form";
import { VerdictPanel } from "./verdict-panel";

const NO_VALUES: DeskPolicy["values"] = [];

interface DecisionFormProps {
  facts: DeskFacts;
  theCase: Case;
  /** A verdict stood long enough to be read. */
  onLooked: (body: DecisionBody, shown: DecisionView) => void;
  /** A verdict came by another version than the page was made under. */
  onOtherPolicy: () => void;
  onSignIn: (go: () => void) => void;
}

/**
 * The five steps on one page: what happened, what is needed, why it went wrong, what is given for it, and what is promised
 * besides; with the verdict while it is typed.
 */
export function DecisionForm({ facts, theCase, onLooked, onOtherPolicy, onSignIn }: DecisionFormProps) {
  const t = useTranslations("desk.form");
  const step = useTranslations("desk.step");
  const form = useDecisionForm(facts, theCase, { onLooked, onOtherPolicy });
  const { fields, bodies, seen, similar, live } = form;
  const { draft } = theCase;
  const usual = form.currency === facts.currency ? { ...facts.usual, ...similar?.usual } : {};
  return (
    <form {...form.props} aria-label={t("title")} className="flex flex-col gap-5">
      {form.refusal ? <ErrorNote title={t("error.unplaced")}>{form.refusal}</ErrorNote> : null}
      <MergedAway customerId={facts.customer.id} standing={form.standing} />
      <Step number={1} title={step("listen")} done={draft.happened.trim() !== ""}>
        <ListenFields {...fields} firstRef={form.first} />
      </Step>
      <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
        <Step number={2} title={step("need")} done={draft.need.trim() !== ""}>
          <NeedField {...fields} />
        </Step>
        <Step number={3} title={step("cause")} done={draft.cause.trim() !== ""}>
          <CauseField {...fields} causes={facts.causeWords} noteAsked={form.noteAsked} />
        </Step>
      </div>
      <Step number={4} title={step("resolve")} done={bodies.length > 0} className="gap-4">
        <LineList {...form.lines} />
        <RemedyFields
          {...fields}
          amountRef={form.amount}
          currency={form.currency}
          usual={usual}
          custom={form.custom}
          orders={facts.orders}
          orderId={theCase.order?.id ?? null}
          onOrder={theCase.chooseOrder}
          noteNeeded={seen?.verdict === "bend"}
          noteAsked={form.noteAsked}
        />
        <AnotherRemedy onPress={form.addAnother} />
      </Step>
      <Step number={5} title={step("followUp")} done={draft.promise.trim() !== ""}>
        <FollowUpFields {...fields} {...form.days} />
      </Step>
      <VerdictPanel
        live={live}
        shown={seen}
        currency={facts.currency}
        values={facts.policy?.values ?? NO_VALUES}
        onUse={form.useAmount}
        onSignIn={() => onSignIn(live.again)}
      >
        {form.isDenied ? null : (
          <div className="max-sm:sticky max-sm:bottom-0 max-sm:z-10 max-sm:-mx-4 max-sm:border-line max-sm:border-t max-sm:bg-page max-sm:px-4 max-sm:py-3">
            <ReviewButton bodies={bodies} busy={form.checking} />
          </div>
        )}
      </VerdictPanel>
      {seen && seen.verdict !== "allow" ? <p className="text-ink-3 text-xs">{t("unsent")}</p> : null}
      <Beside>
        <Precedents precedents={similar?.precedents ?? []} taught={similar?.taught ?? []} />
      </Beside>
    </form>
  );
}

/** Makes room for another remedy of the same case, where there is something to set aside. */
export function AnotherRemedy({ onPress }: { onPress: (() => void) | null }) {
  const t = useTranslations("desk.form");
  if (onPress === null) return null;
  return (
    <Button size="sm" variant="quiet" className="-mx-3 w-fit pointer-coarse:h-11" onClick={onPress}>
      <Plus aria-hidden />
      {t("another")}
    </Button>
  );
}

/** Puts something beside the form, among what is told of the customer. */
function Beside({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => setPlace(document.getElementById(PRECEDENTS_PLACE)), []);
  return place ? createPortal(children, place) : null;
}

/** Said as soon as a verdict came for another record: this one was merged into it while the page was open. */
function MergedAway({ customerId, standing }: { customerId: string; standing: string | null }) {
  const t = useTranslations("desk.mergedAway");
  if (standing === null || standing === customerId) return null;
  return (
    <p role="status" className="rounded-md bg-sunken p-3 text-sm">
      {t("text")}{" "}
      <Link
        href={`/desk/${standing}?merged=${customerId}`}
        className="text-accent-text underline underline-offset-4"
      >
        {t("go")}
      </Link>
    </p>
  );
}

function ReviewButton({ bodies, busy }: { bodies: readonly DecisionBody[]; busy: boolean }) {
  const t = useTranslations("desk.form");
  const words = useTranslations("common.remedy");
  const [only] = bodies;
  const label =
    bodies.length > 1
      ? t("reviewSeveral", { count: bodies.length })
      : only
        ? t("review", {
            remedy: words(only.remedy).toLowerCase(),
            amount: formatAmount(only.amount, only.currency),
          })
        : t("reviewBare");
  return (
    <Button type="submit" variant="primary" size="lg" busy={busy} className="w-full sm:w-fit">
      {busy ? t("checking") : label}
      <CornerDownLeft aria-hidden />
    </Button>
  );
}
