"use client";

import { Check, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, type Ref, useId, useState } from "react";
import { REMEDY_ORDER, RemedyIcon } from "@/components/decision/remedy-icon";
import { Button } from "@/components/ui/button";
import { RadioCards } from "@/components/ui/choice";
import { cn } from "@/components/ui/cn";
import { Field, FieldGroup, Input, Textarea } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Suggest } from "@/components/ui/suggest";
import type { CustomerOrder, UsualAmount } from "@/lib/customers/types";
import type { Remedy } from "@/lib/discretion/schema";
import { formatAmount, formatCount, formatMoney } from "@/lib/format/money";
import { CHANNELS, type Draft, type DraftField, isAtCost, type LongField, NOTE_MIN, TEXT_MAX } from "./draft";

export interface DraftFieldsProps {
  draft: Draft;
  errors: Partial<Record<DraftField, string>>;
  onChange: (change: Partial<Draft>) => void;
}

interface StepProps {
  /** Which of the five it is. */
  number: number;
  title: string;
  /** Something was said to it. */
  done: boolean;
  className?: string;
  children: ReactNode;
}

/** One of the five steps, all of which stand on one page and can be taken in any order: a mark that fills as one speaks. */
export function Step({ number, title, done, className, children }: StepProps) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be as wide as its widest child.
    <div role="group" aria-labelledby={id} className={cn("flex min-w-0 flex-col gap-2", className)}>
      <p id={id} className="flex items-center gap-2 text-ink-3 text-xs">
        <span
          aria-hidden
          className={cn(
            "figures flex size-5 items-center justify-center rounded-full border border-line-strong transition-colors",
            done && "border-accent bg-accent text-accent-ink",
          )}
        >
          {done ? <Check className="size-3" /> : number}
        </span>
        {title}
      </p>
      {children}
    </div>
  );
}

/** What is wrong with a text that is too long, as soon as it is; what was pasted stays whole. */
function useTooLong(draft: Draft) {
  const t = useTranslations("desk.form");
  return (field: LongField): string | undefined => {
    const over = draft[field].trim().length - TEXT_MAX[field];
    if (over <= 0) return undefined;
    return t("tooLong", { max: formatCount(TEXT_MAX[field]), over: formatCount(over) });
  };
}

/** Listen: what happened, and by what channel it came. */
export function ListenFields({
  firstRef,
  ...fields
}: DraftFieldsProps & { firstRef: Ref<HTMLTextAreaElement> }) {
  return (
    <div className="grid gap-4 sm:grid-cols-[minmax(0,7fr)_minmax(0,2fr)]">
      <HappenedField {...fields} controlRef={firstRef} />
      <ChannelField {...fields} />
    </div>
  );
}

interface HappenedFieldProps extends DraftFieldsProps {
  controlRef?: Ref<HTMLTextAreaElement>;
  /** In little room: a line that grows as it is typed. */
  short?: boolean;
}

export function HappenedField({ draft, errors, onChange, controlRef, short = false }: HappenedFieldProps) {
  const t = useTranslations("desk.form");
  const tooLong = useTooLong(draft);
  return (
    <Field label={t("happened")} error={tooLong("happened") ?? errors.happened}>
      <Textarea
        ref={controlRef}
        name="happened"
        dir="auto"
        rows={short ? 1 : undefined}
        value={draft.happened}
        onChange={(event) => onChange({ happened: event.target.value })}
        className="max-h-80"
      />
    </Field>
  );
}

export function ChannelField({ draft, errors, onChange }: DraftFieldsProps) {
  const t = useTranslations("desk.form");
  const common = useTranslations("common");
  return (
    <Field label={t("channel")} error={errors.channel}>
      <Select
        name="channel"
        value={draft.channel}
        onChange={(event) => onChange({ channel: event.target.value })}
      >
        {CHANNELS.map((channel) => (
          <option key={channel} value={channel}>
            {common(`channel.${channel}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What the customer needs, which is not always what they ask for. */
export function NeedField({ draft, errors, onChange }: DraftFieldsProps) {
  const t = useTranslations("desk.form");
  const common = useTranslations("common");
  const tooLong = useTooLong(draft);
  return (
    <Field label={t("need")} aside={common("optional")} error={tooLong("need") ?? errors.need}>
      <Input
        name="need"
        dir="auto"
        value={draft.need}
        autoComplete="off"
        onChange={(event) => onChange({ need: event.target.value })}
      />
    </Field>
  );
}

/** Why it went wrong: one of the catalogue, or in words of one's own. */
export function CauseField({
  draft,
  errors,
  onChange,
  causes,
  noteAsked,
}: DraftFieldsProps & { causes: readonly string[]; noteAsked: boolean }) {
  const t = useTranslations("desk.form");
  return (
    <Field label={t("cause")} hint={noteAsked ? t("causeNote") : undefined} error={errors.cause}>
      <Suggest
        name="cause"
        value={draft.cause}
        onChange={(cause) => onChange({ cause })}
        items={causes}
        maxLength={80}
      />
    </Field>
  );
}

interface RemedyFieldsProps
  extends DraftFieldsProps,
    AmountFieldProps,
    Omit<OrderFieldProps, "error">,
    NoteAsked {
  usual: Partial<Record<Remedy, UsualAmount>>;
}

const MONEY: readonly Remedy[] = REMEDY_ORDER.filter((remedy) => !isAtCost(remedy));
const GESTURES: readonly Remedy[] = REMEDY_ORDER.filter(isAtCost);

/** What is given: the remedy, how much, and from which order. */
export function RemedyFields(props: RemedyFieldsProps) {
  const { draft, errors, onChange, currency, usual, orderId } = props;
  const t = useTranslations("desk.form");
  const remedy = useTranslations("common.remedy");
  const showOrder = draft.remedy === "refund" || orderId !== null;
  const cards = (remedies: readonly Remedy[]) => (
    <RadioCards
      name="remedy"
      value={draft.remedy}
      onChange={(next) => onChange({ remedy: next })}
      options={remedies.map((each) => ({
        value: each,
        label: remedy(each),
        icon: <RemedyIcon remedy={each} />,
        detail: <UsualWords usual={usual[each]} currency={currency} isAtCost={isAtCost(each)} />,
      }))}
    />
  );
  return (
    <>
      <FieldGroup label={t("remedy")} error={errors.remedy}>
        <div className="flex flex-col gap-2">
          {cards(MONEY)}
          <p className="text-ink-3 text-xs">{t("gestures")}</p>
          {cards(GESTURES)}
        </div>
      </FieldGroup>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <AmountField {...props} />
        {showOrder ? <OrderField {...props} error={errors.order} /> : null}
        <NoteField {...props} className={showOrder ? "sm:col-span-2" : undefined} />
      </div>
    </>
  );
}

interface AmountFieldProps {
  amountRef: Ref<HTMLInputElement>;
  currency: string;
  /** What others give for it and what one may give oneself, in one sentence. */
  custom?: string | undefined;
}

/** How much is given; of a gesture without money, what that costs. */
export function AmountField(props: DraftFieldsProps & AmountFieldProps) {
  const { draft, errors, onChange, amountRef, currency, custom } = props;
  const t = useTranslations("desk.form");
  return (
    <Field
      label={isAtCost(draft.remedy) ? t("cost") : t("amount")}
      hint={isAtCost(draft.remedy) ? t("costHint") : custom}
      error={errors.amount}
    >
      <span className="relative block">
        <Input
          ref={amountRef}
          name="amount"
          inputMode="decimal"
          autoComplete="off"
          enterKeyHint="done"
          value={draft.amount}
          maxLength={40}
          onChange={(event) => onChange({ amount: event.target.value })}
          className="figures pr-14 text-base"
        />
        <span className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-ink-3 text-sm">
          {currency}
        </span>
      </span>
    </Field>
  );
}

interface UsualWordsProps {
  usual: UsualAmount | undefined;
  currency: string;
  isAtCost: boolean;
}

/** What is usual for a remedy; where that isn't known, what it costs. */
function UsualWords({ usual, currency, isAtCost: atCost }: UsualWordsProps) {
  const t = useTranslations("desk.form");
  if (!usual) return t(atCost ? "costsItsCost" : "costsAmount");
  const from = formatAmount(usual.from, currency);
  if (usual.from === usual.to) return t("usualOne", { amount: from });
  return t("usual", { from, to: formatAmount(usual.to, currency) });
}

interface OrderFieldProps {
  orders: readonly CustomerOrder[];
  orderId: string | null;
  error: string | undefined;
  onOrder: (id: string | null) => void;
}

export function OrderField({ orders, orderId, error, onOrder }: OrderFieldProps) {
  const t = useTranslations("desk.form");
  return (
    <Field label={t("order")} error={error}>
      <Select name="order" value={orderId ?? ""} onChange={(event) => onOrder(event.target.value || null)}>
        <option value="">{t("noOrder")}</option>
        {orders.map((order) => (
          <option key={order.id} value={order.id}>
            {t("orderOption", {
              ref: order.externalRef,
              amount: formatMoney(order.refundable, order.currency),
            })}
          </option>
        ))}
      </Select>
    </Field>
  );
}

interface NoteAsked {
  /** The verdict stands only with a written reason. */
  noteNeeded: boolean;
  /** The cause asks for a word, whatever the verdict. */
  noteAsked: boolean;
}

/** Free for anyone who wants to leave a word, and needed where a guideline is bent or the cause asks for it. */
export function NoteField(props: DraftFieldsProps & NoteAsked & { className?: string | undefined }) {
  const { draft, errors, onChange, noteNeeded, noteAsked, className } = props;
  const t = useTranslations("desk.form");
  const common = useTranslations("common");
  const tooLong = useTooLong(draft);
  const needed = noteNeeded || noteAsked;
  const missing = Math.max(0, NOTE_MIN - draft.note.trim().length);
  const aside = needed ? (missing > 0 ? t("noteLeft", { count: missing }) : null) : common("optional");
  const hint = needed ? t(noteNeeded ? "noteBend" : "noteCause", { min: NOTE_MIN }) : undefined;
  return (
    <Field
      label={t("note")}
      aside={aside}
      hint={hint}
      error={tooLong("note") ?? errors.note}
      className={className}
    >
      <Textarea
        name="note"
        dir="auto"
        rows={1}
        value={draft.note}
        onChange={(event) => onChange({ note: event.target.value })}
        className="max-h-80"
      />
    </Field>
  );
}

interface FollowUpFieldsProps extends DraftFieldsProps {
  /** The organization's local day, ISO date. */
  today: string;
  tomorrow: string;
}

/** What is promised for later, and by when; it stands in the person's day until it is ticked. */
export function FollowUpFields({ draft, errors, onChange, today, tomorrow }: FollowUpFieldsProps) {
  const t = useTranslations("desk.form");
  const common = useTranslations("common");
  const tooLong = useTooLong(draft);
  const open = draft.promise !== "" || draft.dueOn !== "";
  // Whoever asked for the field is in it.
  const [asked, setAsked] = useState(false);
  if (!open) {
    return (
      <Button
        size="sm"
        variant="quiet"
        className="-mx-3 w-fit pointer-coarse:h-11"
        onClick={() => {
          setAsked(true);
          onChange({ dueOn: tomorrow });
        }}
      >
        <Plus aria-hidden />
        {t("promiseOpen")}
      </Button>
    );
  }
  return (
    <div className="grid gap-4 sm:grid-cols-[minmax(0,5fr)_minmax(0,2fr)]">
      <Field label={t("promise")} aside={common("optional")} error={tooLong("promise") ?? errors.promise}>
        <Input
          name="promise"
          dir="auto"
          autoFocus={asked}
          autoComplete="off"
          value={draft.promise}
          onChange={(event) => onChange({ promise: event.target.value })}
        />
      </Field>
      <Field label={t("dueOn")} error={errors.dueOn}>
        <Input
          name="dueOn"
          type="date"
          min={today}
          value={draft.dueOn}
          onChange={(event) => onChange({ dueOn: event.target.value })}
        />
      </Field>
    </div>
  );
}
