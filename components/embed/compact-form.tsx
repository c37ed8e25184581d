"use client";

import { CornerDownLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { useAsking } from "@/components/decision/use-taking-back";
import { CHANNELS, isAtCost, NOTE_MIN } from "@/components/desk/draft";
import { Precedents } from "@/components/desk/precedents";
import { useCustom, useSimilarCases } from "@/components/desk/use-custom";
import { Checked, VerdictHead } from "@/components/desk/verdict-panel";
import { newKey } from "@/components/shell/intent-key";
import { callAgain, intentBody } from "@/components/shell/rest";
import { Button } from "@/components/ui/button";
import { Field, Input, Textarea } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Suggest } from "@/components/ui/suggest";
import type { DecidedView, PreviewView } from "@/lib/decisions/types";
import type { CompanyValue, Remedy } from "@/lib/discretion/schema";
import type { EmbeddedDesk } from "@/lib/embed/types";
import { amountForInput, decimalsOf, exampleAmount, formatAmount, formatMoney } from "@/lib/format/money";
import type { Recorded } from "./compact-desk";
import { useVerdict } from "./use-verdict";
import {
  bodyOf,
  currencyOf,
  EMPTY_WISH,
  faultsOf,
  type KeptWish,
  keepWish,
  readWish,
  type Wish,
  type WishContext,
  type WishFault,
} from "./wish";

interface CompactFormProps {
  desk: EmbeddedDesk;
  /** The order of the ticket: what it is picked up for is mostly a refund. */
  orderId: string | null;
  onDone: (recorded: Recorded) => void;
}

type Faults = Partial<Record<keyof Wish, string>>;
const NO_VALUES: readonly CompanyValue[] = [];

/** What is given, with the verdict while it is typed, and the one button that says what will happen. */
export function CompactForm({ desk, orderId, onDone }: CompactFormProps) {
  const t = useTranslations("embed.desk");
  const context = useMemo(
    () => ({
      customerId: desk.customer.id,
      currency: desk.currency,
      orders: desk.orders.items,
      causes: desk.causes,
    }),
    [desk],
  );
  const { wish, sent, change, hold, forget } = useWish(desk, orderId);
  const body = useMemo(() => bodyOf(wish, context), [wish, context]);
  const verdict = useVerdict(body);
  const seen = verdict.answer?.ok ? verdict.answer.value : null;
  const currency = currencyOf(wish, context);
  const similar = useSimilarCases(wish, desk, { currency, body });
  const available = desk.allowance?.available ?? null;
  const custom = useCustom(wish, { currency: desk.currency, available }, { similar, currency });
  const [faults, setFaults] = useState<Faults>({});
  const { asking, ask, clear } = useAsking<DecidedView>();
  const form = useRef<HTMLFormElement>(null);
  const amount = useRef<HTMLInputElement>(null);
  const say = useFaultWords(currency);

  function set(next: Partial<Wish>) {
    change(next);
    clear();
    setFaults((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !(field in next))));
  }

  function show(found: Faults) {
    setFaults(found);
    // Once the page shows them.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }

  async function send() {
    const found = Object.entries(faultsOf(wish, context)) as [keyof Wish, WishFault][];
    if (found.length > 0 || !body) {
      return show(Object.fromEntries(found.map(([field, fault]) => [field, say(fault)])));
    }
    // What nobody has seen the verdict on is not sent: the next press is.
    if (!verdict.fresh || !seen || seen.verdict === "deny") return;
    if (seen.noteRequired) return show({ note: t("error.note", { min: NOTE_MIN }) });
    const said = JSON.stringify(body);
    const key = sent?.said === said ? sent.key : newKey();
    hold({ said, key });
    const answer = await ask((onAgain) => callAgain("/api/v1/decisions", intentBody(body, key), onAgain));
    if (!answer?.ok) return;
    forget();
    onDone({ decision: answer.value, replayed: answer.replayed, answeredAt: answer.at });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (asking.step === null) void send();
  }

  const values = desk.policy?.values ?? NO_VALUES;
  return (
    <form
      ref={form}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) form.current?.requestSubmit();
      }}
      aria-label={t("title")}
      className="flex flex-col gap-4"
    >
      <GiftFields
        {...{ wish, context, faults, desk, custom }}
        onChange={set}
        amountRef={amount}
        noteNeeded={seen !== null && (seen.noteRequired || seen.verdict === "bend")}
      />
      <div
        className="flex flex-col gap-3 border-line border-t pt-4"
        aria-busy={verdict.answer !== null && !verdict.fresh}
      >
        {verdict.answer === null ? <p className="text-ink-3">{t("waiting")}</p> : null}
        {seen ? (
          <VerdictHead
            decision={seen}
            currency={desk.currency}
            values={values}
            onUse={(minor) => {
              set({ amount: amountForInput(minor, seen.currency) });
              amount.current?.focus();
            }}
          />
        ) : null}
        {verdict.answer && !verdict.answer.ok ? (
          <RefusedNote refused={verdict.answer} unsure={t("offline")} onAgain={verdict.again} />
        ) : null}
        {asking.refused ? <RefusedNote refused={asking.refused} unsure={t("unsure")} onAgain={send} /> : null}
        <SendButton seen={seen} fresh={verdict.fresh} step={asking.step} />
        {seen ? <Checked decision={seen} currency={desk.currency} values={values} /> : null}
      </div>
      <Precedents precedents={similar?.precedents ?? []} taught={similar?.taught ?? []} />
      <p role="status" className="sr-only">
        {seen && verdict.fresh ? <Announcement seen={seen} /> : null}
      </p>
    </form>
  );
}

/** What was typed, kept for as long as the tab is open; with what was sent of it and not answered. */
function useWish({ employeeId, customer, orders }: EmbeddedDesk, orderId: string | null) {
  const begun: Wish = orders.items.some(({ id }) => id === orderId)
    ? { ...EMPTY_WISH, orderId, remedy: "refund" }
    : EMPTY_WISH;
  const [kept, setKept] = useState<KeptWish>(() => takeUp(readWish(employeeId, customer.id), begun));
  const done = useRef(false);
  useEffect(() => {
    if (!done.current) keepWish(employeeId, customer.id, kept);
  }, [kept, employeeId, customer.id]);

  return {
    ...kept,
    change: (next: Partial<Wish>) => setKept((before) => ({ ...before, wish: { ...before.wish, ...next } })),
    hold: (sent: KeptWish["sent"]) => {
      // At once: the page may be taken away before the answer is there.
      keepWish(employeeId, customer.id, { ...kept, sent });
      setKept((before) => ({ ...before, sent }));
    },
    forget: () => {
      done.current = true;
      keepWish(employeeId, customer.id, null);
    },
  };
}

/** What was typed for another ticket of the same customer is taken along, but not that ticket's order. */
function takeUp(before: KeptWish | null, begun: Wish): KeptWish {
  if (!before) return { wish: begun, sent: null };
  // What was sent and not answered is sent again as it was.
  if (before.sent || begun.orderId === null) return before;
  const { orderId, remedy } = begun;
  return { wish: { ...before.wish, orderId, remedy }, sent: null };
}

function Announcement({ seen }: { seen: PreviewView }) {
  const t = useTranslations("desk.verdict");
  return t(seen.verdict);
}

interface SendButtonProps {
  seen: PreviewView | null;
  fresh: boolean;
  step: "sending" | "again" | null;
}

function SendButton({ seen, fresh, step }: SendButtonProps) {
  const t = useTranslations("embed.desk");
  if (seen?.verdict === "deny" && fresh) return null;
  const label = seen
    ? t(seen.verdict === "deny" ? "allow" : seen.verdict, {
        amount: formatAmount(seen.amount, seen.currency),
      })
    : t("bare");
  return (
    <Button
      type="submit"
      variant="primary"
      size="lg"
      className="w-full"
      busy={step !== null}
      // A key that is held down has been in the field before.
      onKeyDown={(event) => {
        if (event.repeat) event.preventDefault();
      }}
    >
      {step === null ? label : t(step === "again" ? "again" : "sending")}
      <CornerDownLeft aria-hidden />
    </Button>
  );
}

/** Each fault as a sentence that says what to do. */
function useFaultWords(currency: string): (fault: WishFault) => string {
  const t = useTranslations("embed.desk.error");
  return (fault) => t(fault, { currency, example: exampleAmount(currency), decimals: decimalsOf(currency) });
}

interface GiftFieldsProps {
  wish: Wish;
  context: WishContext;
  faults: Faults;
  desk: EmbeddedDesk;
  onChange: (change: Partial<Wish>) => void;
  amountRef: React.Ref<HTMLInputElement>;
  noteNeeded: boolean;
  /** What is usual for the cause, and what the person may give. */
  custom: string | undefined;
}

function GiftFields(props: GiftFieldsProps) {
  const { wish, faults, context, desk, custom, onChange, noteNeeded } = props;
  const t = useTranslations("embed.desk");
  const common = useTranslations("common");
  const currency = currencyOf(wish, context);
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("remedy")} error={faults.remedy}>
          <Select
            value={wish.remedy}
            onChange={(event) => onChange({ remedy: event.target.value as Remedy })}
          >
            {REMEDY_ORDER.map((remedy) => (
              <option key={remedy} value={remedy}>
                {common(`remedy.${remedy}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t(isAtCost(wish.remedy) ? "cost" : "amount")} error={faults.amount}>
          <span className="relative block">
            <Input
              ref={props.amountRef}
              inputMode="decimal"
              autoComplete="off"
              maxLength={40}
              value={wish.amount}
              onChange={(event) => onChange({ amount: event.target.value })}
              className="figures pr-12"
            />
            <span className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-ink-3 text-sm">
              {currency}
            </span>
          </span>
        </Field>
      </div>
      {/* Under both: half of a narrow frame is too little for a sentence. */}
      {custom && !isAtCost(wish.remedy) ? <p className="-mt-2 text-ink-3 text-xs">{custom}</p> : null}
      {desk.orders.items.length > 0 ? (
        <Field label={t("order")} error={faults.orderId}>
          <Select
            value={wish.orderId ?? ""}
            onChange={(event) => onChange({ orderId: event.target.value || null })}
          >
            <option value="">{t("noOrder")}</option>
            {desk.orders.items.map((order) => (
              <option key={order.id} value={order.id}>
                {`${order.externalRef} · ${formatMoney(order.refundable, order.currency)}`}
              </option>
            ))}
          </Select>
        </Field>
      ) : null}
      <CaseFields {...props} />
      {noteNeeded || wish.note !== "" ? (
        <Field
          label={t("note")}
          hint={noteNeeded ? t("noteHint", { min: NOTE_MIN }) : undefined}
          error={faults.note}
        >
          <Textarea
            maxLength={2000}
            value={wish.note}
            onChange={(event) => onChange({ note: event.target.value })}
          />
        </Field>
      ) : null}
    </>
  );
}

function CaseFields({ wish, faults, desk, onChange }: GiftFieldsProps) {
  const t = useTranslations("embed.desk");
  const common = useTranslations("common");
  return (
    <>
      <Field label={t("happened")} aside={common("optional")} error={faults.happened}>
        <Textarea
          rows={1}
          maxLength={2000}
          value={wish.happened}
          onChange={(event) => onChange({ happened: event.target.value })}
          className="min-h-10 pointer-coarse:min-h-11"
        />
      </Field>
      <div className="grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)] gap-3">
        <Field label={t("cause")} aside={common("optional")} error={faults.cause}>
          <Suggest
            value={wish.cause}
            onChange={(cause) => onChange({ cause })}
            items={desk.causeWords}
            maxLength={80}
          />
        </Field>
        <Field label={t("channel")}>
          <Select value={wish.channel} onChange={(event) => onChange({ channel: event.target.value })}>
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
