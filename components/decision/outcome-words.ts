import { useTranslations } from "next-intl";
import { SATISFIED_FROM, SCORE_MOST } from "@/lib/surveys/types";

/** What a customer's score says: "Satisfied, 5 of 5". */
export function useOutcomeWords(): (score: number) => string {
  const t = useTranslations("common.outcome");
  return (score) => t(score >= SATISFIED_FROM ? "satisfied" : "unsatisfied", { score, most: SCORE_MOST });
}
