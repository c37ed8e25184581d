"use client";

import { CornerDownLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { AnotherRemedy } from "@/components/desk/decision-form";
import { isAtCost } from "@/components/desk/draft";
import {
  AmountField,
  CauseField,
  ChannelField,
  type DraftFieldsProps,
  FollowUpFields,
  HappenedField,
  NoteField,
  OrderField,
} from "@/components/desk/draft-fields";
import { LineList } from "@/components/desk/line-list";
import { Precedents } from "@/components/desk/precedents";
import type { DecisionBody } from "@/components/desk/requests";
import type { Case, DeskFacts } from "@/components/desk/use-case";
import { useDecisionForm } from "@/components/desk/use-decision-form";
import { Announcement, Checked, VerdictHead } from "@/components/desk/verdict-panel";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { PreviewView } from "@/lib/decisions/types";
import type { CompanyValue, Remedy } from "@/lib/discretion/schema";
import { formatAmount } from "@/lib/format/money";

interface CompactFormProps {
  facts: DeskFacts;
  theCase: Case;
  /** What the page around the form tells is another thing by now: the policy, or which record stays. */
  onChanged: () => void;
}

const NO_VALUES: readonly CompanyValue[] = [];

/** What is given, in little room, with the verdict while it is typed, and the one button that says what will happen. */
export function CompactForm({ facts, theCase, onChanged }: CompactFormProps) {
  const t = useTranslations("embed.desk");
  const words = useTranslations("desk.form");
  const verdict = useTranslations("desk.verdict");
  const form = useDecisionForm(facts, theCase, { onOtherPolicy: onChanged, atOnce: true });
  const { fields, live, seen, similar } = form;
  const { draft } = theCase;
  const values = facts.policy?.values ?? NO_VALUES;
  const noteNeeded = seen !== null && (seen.noteRequired || seen.verdict === "bend");
  useMoved(form.standing, facts.customer.id, onChanged);
  return (
    <form {...form.props} aria-label={words("title")} className="flex flex-col gap-4">
      {form.refusal ? <ErrorNote title={words("error.unplaced")}>{form.refusal}</ErrorNote> : null}
      <LineList {...form.lines} />
      <div className="grid grid-cols-2 items-start gap-3">
        <RemedyField {...fields} />
        <AmountField {...fields} amountRef={form.amount} currency={form.currency} />
      </div>
      {/* Under both: half of a narrow frame is too little for a sentence. */}
      {form.custom && !isAtCost(draft.remedy) ? (
        <p className="-mt-2 text-ink-3 text-xs">{form.custom}</p>
      ) : null}
      {facts.orders.length > 0 ? (
        <OrderField
          orders={facts.orders}
          orderId={theCase.order?.id ?? null}
          error={fields.errors.order}
          onOrder={theCase.chooseOrder}
        />
      ) : null}
      <HappenedField {...fields} short />
      <div className="grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)] items-start gap-3">
        <CauseField {...fields} causes={facts.causeWords} noteAsked={form.noteAsked} />
        <ChannelField {...fields} />
      </div>
      {noteNeeded || form.noteAsked || draft.note !== "" || fields.errors.note ? (
        <NoteField {...fields} noteNeeded={noteNeeded} noteAsked={form.noteAsked} />
      ) : null}
      <div className="flex flex-col gap-3">
        <AnotherRemedy onPress={form.addAnother} />
        <FollowUpFields {...fields} {...form.days} />
      </div>
      <div
        className="flex flex-col gap-3 border-line border-t pt-4"
        aria-busy={live.answer !== null && !live.fresh}
      >
        {live.answer === null ? <p className="text-ink-3">{verdict("waiting")}</p> : null}
        {seen ? (
          <VerdictHead decision={seen} currency={facts.currency} values={values} onUse={form.useAmount} />
        ) : null}
        {live.answer && !live.answer.ok ? (
          <RefusedNote refused={live.answer} unsure={t("offline")} onAgain={live.again} />
        ) : null}
        {form.isDenied ? null : (
          <SendButton bodies={form.bodies} verdicts={form.verdicts} busy={form.checking} />
        )}
        {seen ? <Checked decision={seen} currency={facts.currency} values={values} /> : null}
      </div>
      <Precedents precedents={similar?.precedents ?? []} taught={similar?.taught ?? []} />
      <p role="status" className="sr-only">
        {seen && live.fresh ? <Announcement decision={seen} currency={facts.currency} /> : null}
      </p>
    </form>
  );
}

/** Calls once a verdict came for another record than the one at hand: this one was merged into it meanwhile. */
function useMoved(standing: string | null, customerId: string, onMoved: () => void) {
  useEffect(() => {
    if (standing !== null && standing !== customerId) onMoved();
  }, [standing, customerId, onMoved]);
}

/** In little room the remedies are a list, not cards. */
function RemedyField({ draft, errors, onChange }: DraftFieldsProps) {
  const t = useTranslations("desk.form");
  const remedy = useTranslations("common.remedy");
  return (
    <Field label={t("remedy")} error={errors.remedy}>
      <Select
        name="remedy"
        value={draft.remedy}
        onChange={(event) => onChange({ remedy: event.target.value as Remedy })}
      >
        {REMEDY_ORDER.map((each) => (
          <option key={each} value={each}>
            {remedy(each)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

interface SendButtonProps {
  bodies: readonly DecisionBody[];
  /** On each of them, where it is known. */
  verdicts: readonly PreviewView[];
  busy: boolean;
}

function SendButton({ bodies, verdicts, busy }: SendButtonProps) {
  const t = useTranslations("embed.desk");
  const words = useTranslations("desk.review");
  const [seen] = verdicts;
  // What is not decided on yet can't be said.
  const label =
    !seen || bodies.length === 0
      ? t("bare")
      : bodies.length > 1
        ? words("giveSeveral", { count: bodies.length })
        : words(seen.verdict === "handover" ? "handover" : "give", {
            amount: formatAmount(seen.amount, seen.currency),
          });
  return (
    <Button
      type="submit"
      variant="primary"
      size="lg"
      className="w-full"
      busy={busy}
      // A key that is held down has been in the field before.
      onKeyDown={(event) => {
        if (event.repeat) event.preventDefault();
      }}
    >
      {label}
      <CornerDownLeft aria-hidden />
    </Button>
  );
}
