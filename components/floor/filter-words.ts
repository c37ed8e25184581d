import type { useTranslations } from "next-intl";
import { ANSWERS, LACKS, WAITS } from "@/lib/decisions/schema";
import { STATUSES } from "@/lib/decisions/types";
import { EXCHANGE_RATE, ORDER_REFUNDABLE, REMEDIES, VERDICTS } from "@/lib/discretion/schema";
import { formatDay, formatExact } from "@/lib/format/dates";
import { formatMoney } from "@/lib/format/money";
import { FILTERS, type FilterName } from "@/lib/insights/schema";
import type { FloorPage } from "@/lib/insights/types";
import { OUTCOMES } from "@/lib/surveys/types";

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
      return oneOf(VERDICTS, written, (verdict) => t(`common.verdict.${verdict}`), t);
    case "status":
      return oneOf(STATUSES, written, (status) => t(`common.status.${status}`), t);
    case "answer":
      return oneOf(ANSWERS, written, (answer) => t(`floor.filters.answer.${answer}`), t);
    case "without":
      return oneOf(LACKS, written, (lack) => t(`floor.filters.without.${lack}`), t);
    case "waited":
      return oneOf(
        WAITS.map((wait) => wait.name),
        written,
        (wait) => t(`floor.filters.waited.${wait}`),
        t,
      );
    case "finding":
      return known(["within_limit", "no_remedy"], written, (found) => t(`floor.filters.finding.${found}`));
    case "outcome":
      return oneOf(OUTCOMES, written, (outcome) => t(`floor.filters.outcome.${outcome}`), t);
    case "use":
      return known(["quarter", "last_quarter"], written, (use) => t(`floor.filters.use.${use}`));
    case "ids":
      return t("floor.filters.ids", { count: written.split(",").length });
    case "check":
      return known([ORDER_REFUNDABLE, EXCHANGE_RATE], written, (id) => t(`common.explanation.builtIn.${id}`));
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
      return names.cause ?? written;
    case "under":
    case "policyVersion":
      return written;
    default:
      return name satisfies never;
  }
}

/** Several words of an address, any of which may hold. */
function oneOf<Word extends string>(
  words: readonly Word[],
  written: string,
  say: (word: Word) => string,
  t: ReturnType<typeof useTranslations<never>>,
): string {
  return written
    .split(",")
    .map((word) => known(words, word, say))
    .reduce((first, last) => t("floor.filters.or", { first, last }));
}

function known<const Word extends string>(
  words: readonly Word[],
  written: string,
  say: (word: Word) => string,
): string {
  const word = words.find((each) => each === written);
  return word ? say(word) : written;
}
