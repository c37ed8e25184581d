"use client";

import { CircleCheck, Undo2, Wallet } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import { newKey } from "@/components/shell/intent-key";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import type { Refused } from "@/components/shell/rest";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { CreditBalance, CustomerCredit, Redemption } from "@/lib/credit/types";
import { formatDay } from "@/lib/format/dates";
import { formatAmount, parseAmount } from "@/lib/format/money";
import { redeemOnDesk, undoOnDesk } from "./requests";

interface CreditPanelProps {
  credit: CustomerCredit;
  timeZone: string;
}

/** What a customer may spend, and spending it. Nothing is shown where there never was any. */
export function CreditPanel({ credit, timeZone }: CreditPanelProps) {
  const t = useTranslations("execution.credit");
  const [done, setDone] = useState<Redemption | null>(null);
  const { customer, balances, movements } = credit;
  return (
    <section aria-labelledby="credit" data-testid="credit" className="flex flex-col gap-3 empty:hidden">
      <RefreshOnEvents kinds={["execution"]} />
      {balances.length + movements.length > 0 ? (
        <>
          <h2 id="credit" className="flex items-center gap-2 font-semibold text-base">
            <Wallet aria-hidden className="size-4 text-ink-3" />
            {t("title")}
          </h2>
          {balances.length === 0 ? <p className="text-ink-2">{t("none")}</p> : null}
          {balances.map((balance) => (
            <Balance
              key={balance.currency}
              customer={customer}
              balance={balance}
              timeZone={timeZone}
              onDone={setDone}
            />
          ))}
          {done ? <Done key={done.id} redemption={done} /> : null}
        </>
      ) : null}
    </section>
  );
}

interface BalanceProps {
  customer: string;
  balance: CreditBalance;
  timeZone: string;
  onDone: (redemption: Redemption) => void;
}

function Balance({ customer, balance, timeZone, onDone }: BalanceProps) {
  const t = useTranslations("execution.credit");
  const ready = useHydrated();
  const [open, setOpen] = useState(false);
  const { currency, expiring } = balance;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Money amount={balance.balance} currency={currency} className="font-semibold text-base" />
        {open ? null : (
          <Button size="sm" disabled={!ready} onClick={() => setOpen(true)}>
            {t("redeem")}
          </Button>
        )}
      </div>
      {expiring.slice(0, 3).map(({ amount, expiresAt }) => (
        <p key={`${expiresAt} ${amount}`} className="figures text-ink-3 text-xs">
          {t("expires", {
            amount: formatAmount(amount, currency),
            currency,
            at: formatDay(new Date(expiresAt), timeZone),
          })}
        </p>
      ))}
      {open ? (
        <RedeemForm
          customer={customer}
          balance={balance}
          onKeep={() => setOpen(false)}
          onDone={(redemption) => {
            setOpen(false);
            onDone(redemption);
          }}
        />
      ) : null}
    </div>
  );
}

type RedeemFormProps = Omit<BalanceProps, "timeZone"> & { onKeep: () => void };

function RedeemForm({ customer, balance: { balance, currency }, onKeep, onDone }: RedeemFormProps) {
  const t = useTranslations("execution.credit");
  const router = useRouter();
  const [amount, setAmount] = useState("");
  const [reference, setReference] = useState("");
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  // One for what is wanted: sent again, it is not done twice. Another amount is another wish.
  const intent = useRef<{ wish: string; key: string } | null>(null);
  const parsed = parseAmount(amount, currency);
  const minor = parsed.ok ? parsed.minor : null;

  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (busy) return;
    if (minor === null || minor <= 0 || minor > balance) return setWrong(true);
    const wish = JSON.stringify([minor, reference.trim()]);
    if (intent.current?.wish !== wish) intent.current = { wish, key: newKey() };
    setBusy(true);
    setRefused(null);
    const answer = await redeemOnDesk(
      { customer, amount: minor, currency, ...(reference.trim() ? { reference: reference.trim() } : {}) },
      intent.current.key,
    );
    setBusy(false);
    if (!answer.ok) {
      setRefused(answer);
      return;
    }
    onDone(answer.value);
    router.refresh();
  }

  const insufficient = refused?.reason === "problem" && refused.problem.code === "insufficient_credit";
  return (
    <form
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !busy) onKeep();
      }}
      className="flex max-w-sm flex-col gap-3"
    >
      <Field
        label={t("amount")}
        hint={t("amountHint", { most: formatAmount(balance, currency), currency })}
        error={wrong ? t("amountWrong", { most: formatAmount(balance, currency) }) : undefined}
      >
        <Input
          autoFocus
          inputMode="decimal"
          autoComplete="off"
          value={amount}
          onChange={(event) => {
            setWrong(false);
            setAmount(event.target.value);
          }}
        />
      </Field>
      <Field label={t("reference")} hint={t("referenceHint")}>
        <Input
          autoComplete="off"
          maxLength={200}
          value={reference}
          onChange={(event) => setReference(event.target.value)}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={busy}>
          {busy
            ? t("busy")
            : minor !== null && minor > 0
              ? t("submit", { amount: formatAmount(minor, currency), currency })
              : t("submitBare")}
        </Button>
        <Button variant="quiet" onClick={onKeep}>
          {t("keep")}
        </Button>
      </div>
      {insufficient ? <ErrorNote title={refused.problem.detail} /> : null}
      {refused && !insufficient ? (
        <RefusedNote refused={refused} unsure={t("failed")} onAgain={() => void submit()} />
      ) : null}
    </form>
  );
}

/** What was redeemed, and its undo, by whoever did it and soon. */
function Done({ redemption }: { redemption: Redemption }) {
  const t = useTranslations("execution.credit");
  const router = useRouter();
  const said = useRef<HTMLParagraphElement>(null);
  const [state, setState] = useState<"done" | "busy" | "undone" | "late">("done");
  const [refused, setRefused] = useState<Refused | null>(null);
  useEffect(() => said.current?.focus(), []);
  const { amount, currency, left } = redemption;
  const words = { amount: formatAmount(amount, currency), left: formatAmount(left, currency), currency };

  async function undo() {
    setState("busy");
    setRefused(null);
    const answer = await undoOnDesk(redemption.id);
    const isLate = !answer.ok && answer.reason === "problem";
    setState(answer.ok ? "undone" : isLate ? "late" : "done");
    if (!answer.ok && !isLate) setRefused(answer);
    router.refresh();
  }

  return (
    <div className="flex flex-col gap-2">
      <p ref={said} role="status" tabIndex={-1} className="flex w-fit items-start gap-1.5">
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-allow" />
        <span>{t(state === "undone" ? "undone" : "done", words)}</span>
      </p>
      {state === "done" || state === "busy" ? (
        <Button size="sm" className="w-fit" busy={state === "busy"} onClick={() => void undo()}>
          <Undo2 aria-hidden />
          {t("undo")}
        </Button>
      ) : null}
      {state === "late" ? <ErrorNote title={t("late")} /> : null}
      {refused ? <RefusedNote refused={refused} unsure={t("failed")} onAgain={() => void undo()} /> : null}
    </div>
  );
}
