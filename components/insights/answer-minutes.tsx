"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState, useTransition } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { setAnswerMinutes } from "@/lib/asking/actions";
import { ANSWER_MINUTES_MAX, answerMinutesSchema } from "@/lib/asking/schema";

/** How long an answer takes, for an admin to say. */
export function AnswerMinutes({ minutes }: { minutes: number }) {
  const t = useTranslations("insights.asking.minutes");
  const [text, setText] = useState(String(minutes));
  const [error, setError] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();

  function save(event: FormEvent) {
    event.preventDefault();
    const parsed = answerMinutesSchema.safeParse({ minutes: text.trim() === "" ? Number.NaN : Number(text) });
    if (!parsed.success) return setError(t("fault", { max: ANSWER_MINUTES_MAX }));
    setError(null);
    startTransition(async () => {
      const answer = await setAnswerMinutes(parsed.data).catch(() => null);
      if (answer?.ok) toast.success(t("saved", { minutes: parsed.data.minutes }));
      else setError(t(answer?.code === "signed_out" ? "signedOut" : answer ? "refused" : "unexpected"));
    });
  }

  return (
    <form onSubmit={save} noValidate className="flex flex-wrap items-end gap-2 print:hidden">
      <Field label={t("label")} error={error} className="w-56">
        <Input
          value={text}
          inputMode="numeric"
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
          className="figures"
        />
      </Field>
      <Button type="submit" busy={pending}>
        {pending ? t("saving") : t("save")}
      </Button>
    </form>
  );
}
