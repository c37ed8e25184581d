"use client";

import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useActionState, useEffect, useRef } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";

interface State {
  ok?: true;
  errors?: Record<string, string>;
}

interface PasswordFormProps {
  /** For password managers, which store a password under an address. */
  email: string;
  change: (state: State, form: FormData) => Promise<State>;
}

const FIELDS = ["current", "password", "repeat"] as const;

export function PasswordForm({ email, change }: PasswordFormProps) {
  const t = useTranslations("auth.password");
  const [state, action, busy] = useActionState(change, {});
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    const faulty = FIELDS.find((field) => state.errors?.[field]);
    if (faulty) form.current?.querySelector<HTMLInputElement>(`[name=${faulty}]`)?.focus();
  }, [state]);

  if (state.ok) {
    return (
      <div role="status" className="arrive flex flex-col items-start gap-4">
        <p className="flex items-center gap-2 font-medium text-allow text-base">
          <CircleCheck aria-hidden className="size-5" />
          {t("done")}
        </p>
        <ButtonLink href="/" variant="primary" autoFocus>
          {t("go")}
        </ButtonLink>
      </div>
    );
  }
  return (
    <form ref={form} noValidate action={action} className="flex flex-col gap-4">
      <input type="text" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
      <Field label={t("current")} error={state.errors?.current}>
        <Input name="current" type="password" autoComplete="current-password" autoFocus />
      </Field>
      <Field label={t("new")} hint={t("newHint")} error={state.errors?.password}>
        <Input name="password" type="password" autoComplete="new-password" />
      </Field>
      <Field label={t("repeat")} error={state.errors?.repeat}>
        <Input name="repeat" type="password" autoComplete="new-password" />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy} className="mt-1">
        {busy ? t("busy") : t("submit")}
      </Button>
    </form>
  );
}
