"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { OfferedCause } from "@/lib/causes/types";
import type { Remedy } from "@/lib/discretion/schema";
import { formatAmount } from "@/lib/format/money";
import type { Similar } from "@/lib/precedents/types";
import { causeOf } from "./draft";
import type { DecisionBody } from "./requests";
import { useSimilar } from "./use-similar";

/** What is typed, as far as others can have done the like. */
interface Typed {
  cause: string;
  remedy: Remedy;
}

/** For whom, and what is known of the house. */
interface Known {
  customer: { id: string };
  causes: readonly OfferedCause[];
  currency: string;
  /** What the person may still give; null where nothing bounds it. */
  available: number | null;
}

/** What others did for the same cause, of the remedy and near the amount that are at hand. */
export function useSimilarCases(
  typed: Typed,
  { customer, causes }: Pick<Known, "customer" | "causes">,
  { currency, body }: { currency: string; body: DecisionBody | null },
): Similar | null {
  const { remedy } = typed;
  const cause = causeOf(typed, causes);
  const minor = body?.amount ?? null;
  const query = useMemo(
    () => (cause === "" ? null : { customer: customer.id, cause, remedy, amount: minor, currency }),
    [cause, customer.id, remedy, minor, currency],
  );
  const similar = useSimilar(query);
  return similar?.cause === cause ? similar : null;
}

/** "For late delivery most give 15.00 to 25.00; you may give 1,640.00."; nothing where neither is known. */
export function useCustom(
  typed: Typed,
  known: Pick<Known, "currency" | "available">,
  { similar, currency }: { similar: Similar | null; currency: string },
): string | undefined {
  const t = useTranslations("desk.form");
  if (currency !== known.currency) return undefined;
  const most = known.available === null ? null : formatAmount(known.available, currency);
  const may = most === null ? t("mayAny") : t("may", { amount: most });
  const usual = similar?.usual[typed.remedy];
  if (!usual) return most === null ? undefined : t("mayOnly", { may });
  const from = formatAmount(usual.from, currency);
  const to = formatAmount(usual.to, currency);
  const cause = typed.cause.trim();
  return t(usual.from === usual.to ? "customOne" : "custom", { cause, from, to, may });
}
