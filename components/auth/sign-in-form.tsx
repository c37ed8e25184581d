"use client";

import { Eye, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, use, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { type SignInOutcome, signIn } from "./requests";
import { SignInElsewhere } from "./sign-in-elsewhere";

interface SignInFormProps {
  /** Where to go afterwards; null to stay on this address, which then shows what it withheld. */
  to: string | null;
  /** Instead of going anywhere, for a form that stands beside unfinished work. */
  onSignedIn?: () => void;
}

type Faults = { email?: string; password?: string; form?: string };

/** Email and password, or whatever stands for them where nobody signs in by a form. */
export function SignInForm(props: SignInFormProps) {
  const elsewhere = use(SignInElsewhere);
  return elsewhere ? elsewhere(props.onSignedIn) : <PasswordSignIn {...props} />;
}

/** Email and password. What was typed stays until it worked. */
function PasswordSignIn({ to, onSignedIn }: SignInFormProps) {
  const t = useTranslations("auth.signIn");
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;
    const address = email.current?.value.trim() ?? "";
    const secret = password.current?.value ?? "";
    const found = check(address, secret);
    setFaults(found);
    if (found.email) return email.current?.focus();
    if (found.password) return password.current?.focus();

    setBusy(true);
    const outcome = await signIn(address, secret);
    if (!outcome.ok) {
      setBusy(false);
      setFaults({ form: sayOutcome(outcome) });
      password.current?.focus();
      password.current?.select();
      return;
    }
    if (onSignedIn) onSignedIn();
    else if (to === null) window.location.reload();
    else window.location.assign(to);
  }

  function check(address: string, secret: string): Faults {
    const found: Faults = {};
    if (address === "") found.email = t("error.emailMissing");
    else if (!/^\S+@\S+$/.test(address)) found.email = t("error.emailMalformed");
    if (secret === "") found.password = t("error.passwordMissing");
    return found;
  }

  function sayOutcome(outcome: Exclude<SignInOutcome, { ok: true }>): string {
    switch (outcome.reason) {
      case "wrong":
      case "away":
      case "unexpected":
      case "network":
        return t(`error.${outcome.reason}`);
      case "too_many":
        return outcome.seconds > 90
          ? t("error.tooManyMinutes", { minutes: Math.ceil(outcome.seconds / 60) })
          : t("error.tooMany", { seconds: outcome.seconds });
    }
  }

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("email")} error={faults.email}>
        <Input
          ref={email}
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username"
          autoFocus
          spellCheck={false}
        />
      </Field>
      <Field label={t("password")} error={faults.password}>
        <PasswordInput ref={password} shown={shown} onToggle={() => setShown(!shown)} />
      </Field>
      {faults.form ? <ErrorNote title={faults.form} /> : null}
      <Button type="submit" variant="primary" size="lg" busy={busy} className="mt-1">
        {busy ? t("busy") : t("submit")}
      </Button>
    </form>
  );
}

interface PasswordInputProps {
  ref: React.Ref<HTMLInputElement>;
  shown: boolean;
  onToggle: () => void;
}

function PasswordInput({ ref, shown, onToggle }: PasswordInputProps) {
  const t = useTranslations("auth.signIn");
  return (
    <span className="relative block">
      <Input
        ref={ref}
        name="password"
        type={shown ? "text" : "password"}
        autoComplete="current-password"
        autoCapitalize="none"
        spellCheck={false}
        className="pr-11"
      />
      <Button
        variant="quiet"
        size="icon"
        aria-label={shown ? t("hide") : t("show")}
        onClick={onToggle}
        className="absolute top-1/2 right-1 -translate-y-1/2"
      >
        {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
      </Button>
    </span>
  );
}
