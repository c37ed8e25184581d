"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { amountForInput, exampleAmount, formatMoney, parseAmount } from "@/lib/format/money";
import { setReviewRule } from "@/lib/reviews/actions";
import type { ReviewRule } from "@/lib/reviews/schema";
import { RefusedNote } from "./refused-note";
import { useWriting } from "./use-writing";

interface RuleProps {
  rule: ReviewRule;
  currency: string;
}

/** What the rule chooses, as one would say it. */
export function RuleWords({ rule, currency }: RuleProps) {
  const t = useTranslations("reviews.rule.said");
  const parts = [
    rule.sharePercent > 0 ? t("share", { percent: rule.sharePercent }) : null,
    rule.bends ? t("bends") : null,
    rule.fromAmount === null ? null : t("amount", { amount: formatMoney(rule.fromAmount, currency) }),
    rule.newDays === null ? null : t("new", { days: rule.newDays }),
  ].filter((part) => part !== null);
  return parts.length === 0 ? t("none") : parts.join(", ");
}

/** Says by what rule decisions are put before those who review. */
export function RuleDialog(props: RuleProps) {
  const t = useTranslations("reviews.rule");
  const common = useTranslations("common");
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={t("title")}
      description={t("text")}
      closeLabel={common("close")}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" className="pointer-coarse:h-11">
          {t("open")}
        </Button>
      }
    >
      <RuleForm {...props} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

const NUMBER = /^\d{1,3}$/;

function RuleForm({ rule, currency, onDone }: RuleProps & { onDone: () => void }) {
  const t = useTranslations("reviews.rule");
  const router = useRouter();
  const form = useId();
  const [share, setShare] = useState(String(rule.sharePercent));
  const [bends, setBends] = useState(rule.bends);
  const [amount, setAmount] = useState(
    rule.fromAmount === null ? "" : amountForInput(rule.fromAmount, currency),
  );
  const [days, setDays] = useState(rule.newDays === null ? "" : String(rule.newDays));
  const [errors, setErrors] = useState<{ share?: string; amount?: string; days?: string }>({});
  const { busy, refusal, send, clear } = useWriting();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const parsed = amount.trim() === "" ? null : parseAmount(amount, currency);
    const found: typeof errors = {};
    if (!NUMBER.test(share.trim()) || Number(share) > 100) found.share = t("whole");
    if (parsed && (!parsed.ok || parsed.minor === 0)) {
      found.amount = t("amountFault", { example: exampleAmount(currency) });
    }
    const newDays = days.trim() === "" ? null : Number(days);
    if (newDays !== null && (!NUMBER.test(days.trim()) || newDays < 1 || newDays > 366))
      found.days = t("days");
    setErrors(found);
    if (found.share || found.amount || found.days) return;
    const done = await send(() =>
      setReviewRule({
        sharePercent: Number(share),
        bends,
        fromAmount: parsed?.ok ? parsed.minor : null,
        newDays,
      }),
    );
    if (!done) return;
    onDone();
    router.refresh();
  }

  return (
    <>
      <form id={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("share")} error={errors.share}>
          <Input
            inputMode="numeric"
            value={share}
            onChange={(event) => setShare(event.target.value)}
            className="figures max-w-28"
          />
        </Field>
        <Checkbox label={t("bends")} checked={bends} onChange={(event) => setBends(event.target.checked)} />
        <Field label={t("amount")} aside={currency} hint={t("amountHint")} error={errors.amount}>
          <Input
            inputMode="decimal"
            autoComplete="off"
            value={amount}
            onChange={(event) => setAmount(event.target.value)}
            className="figures max-w-40"
          />
        </Field>
        <Field label={t("newDays")} hint={t("newHint")} error={errors.days}>
          <Input
            inputMode="numeric"
            value={days}
            onChange={(event) => setDays(event.target.value)}
            className="figures max-w-28"
          />
        </Field>
      </form>
      {refusal ? <RefusedNote refusal={refusal} onSignedIn={clear} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button type="submit" form={form} variant="primary" busy={busy}>
          {busy ? t("busy") : t("submit")}
        </Button>
      </div>
    </>
  );
}
