"use client";

import { useTranslations } from "next-intl";
import type { Ref } from "react";
import { REMEDY_ORDER, RemedyIcon } from "@/components/decision/remedy-icon";
import { RadioCards } from "@/components/ui/choice";
import { Field, FieldGroup, Input, Textarea } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Suggest } from "@/components/ui/suggest";
import type { CustomerOrder, UsualAmount } from "@/lib/customers/types";
import { formatAmount, formatMoney } from "@/lib/format/money";
import { CHANNELS, type Draft, type DraftField, isAtCost, NOTE_MIN } from "./draft";

export interface DraftFieldsProps {
  draft: Draft;
  errors: Partial<Record<DraftField, string>>;
  onChange: (change: Partial<Draft>) => void;
  firstRef: Ref<HTMLTextAreaElement>;
}

/** What went wrong: what happened, its cause, the need, and by what channel it came. */
export function CaseFields({
  draft,
  errors,
  onChange,
  firstRef,
  causes,
}: DraftFieldsProps & { causes: string[] }) {
  const t = useTranslations("desk.form");
  const common = useTranslations("common");
  return (
    <>
      <Field label={t("happened")} error={errors.happened}>
        <Textarea
          ref={firstRef}
          name="happened"
          value={draft.happened}
          maxLength={2000}
          onChange={(event) => onChange({ happened: event.target.value })}
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-[minmax(0,3fr)_minmax(0,4fr)_minmax(0,2fr)]">
        <Field label={t("cause")} error={errors.cause}>
          <Suggest
            name="cause"
            value={draft.cause}
            onChange={(cause) => onChange({ cause })}
            items={causes}
            maxLength={80}
          />
        </Field>
        <Field label={t("need")} aside={common("optional")} error={errors.need}>
          <Input
            name="need"
            value={draft.need}
            maxLength={2000}
            autoComplete="off"
            onChange={(event) => onChange({ need: event.target.value })}
          />
        </Field>
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
      </div>
    </>
  );
}

interface RemedyFieldsProps extends Omit<DraftFieldsProps, "firstRef"> {
  amountRef: Ref<HTMLInputElement>;
  currency: string;
  usual: UsualAmount | undefined;
  orders: readonly CustomerOrder[];
  orderId: string | null;
  onOrder: (id: string | null) => void;
  /** The verdict stands only with a written reason. */
  noteNeeded: boolean;
}

/** What is given: the remedy, how much, and from which order. */
export function RemedyFields(props: RemedyFieldsProps) {
  const { draft, errors, onChange, amountRef, currency, usual, orders, orderId, onOrder } = props;
  const t = useTranslations("desk.form");
  const remedy = useTranslations("common.remedy");
  const showOrder = draft.remedy === "refund" || orderId !== null;
  return (
    <>
      <FieldGroup label={t("remedy")} error={errors.remedy}>
        <RadioCards
          name="remedy"
          value={draft.remedy}
          onChange={(next) => onChange({ remedy: next })}
          options={REMEDY_ORDER.map((each) => ({
            value: each,
            label: remedy(each),
            icon: <RemedyIcon remedy={each} />,
          }))}
        />
      </FieldGroup>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field
          label={isAtCost(draft.remedy) ? t("cost") : t("amount")}
          aside={<Usual usual={usual} currency={currency} />}
          error={errors.amount}
        >
          <span className="relative block">
            <Input
              ref={amountRef}
              name="amount"
              inputMode="decimal"
              autoComplete="off"
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
        {showOrder ? (
          <OrderField orders={orders} orderId={orderId} error={errors.order} onOrder={onOrder} />
        ) : null}
        <NoteField {...props} wide={showOrder} />
      </div>
    </>
  );
}

function Usual({ usual, currency }: { usual: UsualAmount | undefined; currency: string }) {
  const t = useTranslations("desk.form");
  if (!usual) return null;
  const from = formatAmount(usual.from, currency);
  if (usual.from === usual.to) return <span className="figures">{t("usualOne", { amount: from })}</span>;
  return <span className="figures">{t("usual", { from, to: formatAmount(usual.to, currency) })}</span>;
}

interface OrderFieldProps {
  orders: readonly CustomerOrder[];
  orderId: string | null;
  error: string | undefined;
  onOrder: (id: string | null) => void;
}

function OrderField({ orders, orderId, error, onOrder }: OrderFieldProps) {
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

/** Free for anyone who wants to leave a word, and needed where a guideline is bent. */
function NoteField({ draft, errors, onChange, noteNeeded, wide }: RemedyFieldsProps & { wide: boolean }) {
  const t = useTranslations("desk.form");
  const common = useTranslations("common");
  const missing = Math.max(0, NOTE_MIN - draft.note.trim().length);
  const aside = noteNeeded ? (missing > 0 ? t("noteLeft", { count: missing }) : null) : common("optional");
  return (
    <Field
      label={t("note")}
      aside={aside}
      hint={noteNeeded ? t("noteBend", { min: NOTE_MIN }) : undefined}
      error={errors.note}
      className={wide ? "sm:col-span-2" : undefined}
    >
      <Textarea
        name="note"
        rows={1}
        value={draft.note}
        maxLength={2000}
        onChange={(event) => onChange({ note: event.target.value })}
        className="min-h-10 pointer-coarse:min-h-11"
      />
    </Field>
  );
}
