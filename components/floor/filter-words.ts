import type { useTranslations } from "next-intl";
import { REMEDIES, VERDICTS } from "@/lib/discretion/schema";
import { formatDay, formatExact } from "@/lib/format/dates";
import { formatMoney } from "@/lib/format/money";
import { FILTERS, type FilterName } from "@/lib/insights/schema";
import type { FloorPage } from "@/lib/insights/types";

export interface FilterFacts {
  given: FloorPage["search"]["given"];
  names: FloorPage["names"];
  currency: string;
  timeZone: string;
}

export interface FilterWords {
  name: FilterName;
  text: string;
}

/** Each filter that holds, as one would say it. A preset of days is said by its own control. */
export function filterWords(facts: FilterFacts, t: ReturnType<typeof useTranslations<never>>): FilterWords[] {
  return FILTERS.flatMap((name) => {
    const written = facts.given[name];
    if (!written || name === "days") return [];
    return [{ name, text: t(`floor.filters.words.${name}`, { name: said(name, written, facts, t) }) }];
  });
}

function said(
  name: Exclude<FilterName, "days">,
  written: string,
  { names, currency, timeZone }: FilterFacts,
  t: ReturnType<typeof useTranslations<never>>,
): string {
  switch (name) {
    case "employee":
    case "team":
    case "customer":
      return names[name] ?? t("floor.filters.unknown");
    case "verdict":
      return known(VERDICTS, written, (verdict) => t(`common.verdict.${verdict}`));
    case "remedy":
      return known(REMEDIES, written, (remedy) => t(`common.remedy.${remedy}`));
    case "from":
    case "to":
      // A local day has no time zone any more; an instant is said in the organization's.
      return written.length === 10
        ? formatDay(new Date(`${written}T00:00:00Z`), "UTC")
        : formatExact(new Date(written), timeZone);
    case "minAmount":
      return formatMoney(Number(written), currency);
    case "cause":
    case "policyVersion":
      return written;
    default:
      return name satisfies never;
  }
}

function known<Word extends string>(
  words: readonly Word[],
  written: string,
  say: (word: Word) => string,
): string {
  const word = words.find((each) => each === written);
  return word ? say(word) : written;
}
