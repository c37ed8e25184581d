"use client";

import { useTranslations } from "next-intl";
import { Refused } from "@/components/settings/refused";
import { ErrorNote } from "@/components/ui/error-note";
import type { SaveCauseAnswer } from "@/lib/causes/types";

interface CauseRefusedProps {
  answer: SaveCauseAnswer | null;
  failed: boolean;
  onSignedIn: () => void;
}

/** Why the catalogue is as it was, and what to do about it. */
export function CauseRefused({ answer, failed, onSignedIn }: CauseRefusedProps) {
  const t = useTranslations("causes");
  if (failed || !answer || answer.ok) {
    return <Refused answer={answer} failed={failed} onSignedIn={onSignedIn} />;
  }
  switch (answer.code) {
    case "name_taken": {
      const { name, key } = answer.by;
      const isSame = name.toLowerCase() === key.toLowerCase();
      return <ErrorNote title={isSame ? t("taken", { name }) : t("takenRecord", { name, key })} />;
    }
    case "moved":
      return <ErrorNote title={t("moved")} />;
    case "cause_not_found":
      return <ErrorNote title={t("gone")} />;
    case "invalid":
      return <ErrorNote title={answer.errors.map(({ message }) => message).join(" ")} />;
    default:
      return <Refused answer={answer} failed={failed} onSignedIn={onSignedIn} />;
  }
}
