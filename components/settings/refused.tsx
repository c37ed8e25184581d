"use client";

import { useTranslations } from "next-intl";
import { SignInForm } from "@/components/auth/sign-in-form";
import { ErrorNote } from "@/components/ui/error-note";

export interface RefusedProps {
  answer: { ok: boolean; code?: string } | null;
  failed: boolean;
  onSignedIn: () => void;
  /** What is said to whoever may not; that it takes an admin, where it is left out. */
  notAllowed?: string;
}

/** Why nothing was done, where that has nothing to do with what was asked for. What was typed is still there. */
export function Refused({ answer, failed, onSignedIn, notAllowed }: RefusedProps) {
  const t = useTranslations("organization.refused");
  if (failed) return <ErrorNote title={t("unexpected")} />;
  if (answer?.code === "not_allowed") return <ErrorNote title={notAllowed ?? t("notAllowed")} />;
  if (answer?.code !== "signed_out") return null;
  return (
    <div className="flex flex-col gap-3">
      <ErrorNote title={t("signedOut")}>
        <p>{t("signedOutText")}</p>
      </ErrorNote>
      <SignInForm to={null} onSignedIn={onSignedIn} />
    </div>
  );
}
