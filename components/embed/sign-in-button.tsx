"use client";

import { LogIn } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import type { UsedPass } from "./use-pass";

interface SignInButtonProps extends Pick<UsedPass, "waiting" | "trouble" | "signIn"> {
  /** Somebody was here already. */
  again?: boolean;
  onSignedIn?: (() => void) | undefined;
}

/** Opens the pop-up, and says what became of it. */
export function SignInButton({ waiting, trouble, signIn, again = false, onSignedIn }: SignInButtonProps) {
  const t = useTranslations("embed.frame.signIn");
  return (
    <div className="flex flex-col items-start gap-3">
      <Button variant="primary" className="h-11" onClick={() => signIn(onSignedIn)}>
        <LogIn aria-hidden />
        {t(again ? "again" : "submit")}
      </Button>
      <p role="status" className="text-ink-2 text-sm empty:hidden">
        {waiting ? t("waiting") : null}
      </p>
      {trouble ? <ErrorNote title={t(trouble)} className="w-full" /> : null}
    </div>
  );
}
