"use client";

import { useTranslations } from "next-intl";
import { SignInForm } from "@/components/auth/sign-in-form";
import { ErrorNote } from "@/components/ui/error-note";

interface SettleRefusedProps {
  answer: { ok: boolean; code?: string; errors?: readonly { message: string }[] } | null;
  failed: boolean;
  onSignedIn: () => void;
}

/** Why nothing was written down. What was typed is still there. */
export function SettleRefused({ answer, failed, onSignedIn }: SettleRefusedProps) {
  const t = useTranslations("execution.refused");
  if (failed) return <ErrorNote title={t("unexpected")} />;
  const code = answer?.ok === false ? answer.code : null;
  switch (code) {
    case "gone":
      return <ErrorNote title={t("gone")} />;
    case "changed":
    case "unable":
      return <ErrorNote title={t(code)} />;
    case "not_allowed":
      return <ErrorNote title={t("notAllowed")} />;
    case "invalid":
      return <ErrorNote title={answer?.errors?.[0]?.message ?? t("unexpected")} />;
    case "signed_out":
      return (
        <div className="flex flex-col gap-3">
          <ErrorNote title={t("signedOut")} />
          <SignInForm to={null} onSignedIn={onSignedIn} />
        </div>
      );
    default:
      return null;
  }
}
