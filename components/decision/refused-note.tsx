"use client";

import { useTranslations } from "next-intl";
import { SignInForm } from "@/components/auth/sign-in-form";
import type { Refused } from "@/components/shell/rest";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";

interface RefusedNoteProps {
  refused: Refused;
  /** What is not certain after an answer was lost, in one sentence. */
  unsure: string;
  /** Asks for the same once more. */
  onAgain: () => void;
}

/** Why something was not done, or is not known to be, and what to do: it can't be done twice. */
export function RefusedNote({ refused, unsure, onAgain }: RefusedNoteProps) {
  const t = useTranslations("common.refused");
  switch (refused.reason) {
    case "network":
    case "unavailable":
    case "rate_limited":
      return (
        <ErrorNote
          title={
            refused.reason === "rate_limited"
              ? t("wait", { seconds: refused.seconds })
              : refused.reason === "network"
                ? unsure
                : t("busy")
          }
          action={
            <Button size="sm" className="pointer-coarse:h-11" onClick={onAgain}>
              {t("again")}
            </Button>
          }
        />
      );
    case "signed_out":
      return (
        <div className="flex max-w-md flex-col gap-3">
          <ErrorNote title={t("signedOut")} />
          <SignInForm to={null} onSignedIn={onAgain} />
        </div>
      );
    case "problem":
      return <ErrorNote title={refused.problem.title || t("title")}>{refused.problem.detail}</ErrorNote>;
    default:
      return refused satisfies never;
  }
}
