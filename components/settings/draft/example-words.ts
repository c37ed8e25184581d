import { useTranslations } from "next-intl";
import { isCurrency } from "@/lib/discretion/money";
import type { Example, ExampleHistory } from "@/lib/discretion/schema";
import { formatDay } from "@/lib/format/dates";
import { formatAmount } from "@/lib/format/money";
import type { PolicyWords } from "../policy-words";

export interface ExampleCopy {
  example: ReturnType<typeof useTranslations<"settings.example">>;
  policy: ReturnType<typeof useTranslations<"settings.policy">>;
}

export interface ExampleSpeaker {
  copy: ExampleCopy;
  words: PolicyWords;
  /** The policy's. */
  currency: string;
  /** How people call a team, by its key. */
  team: (key: string) => string;
}

export function useExampleSpeaker(
  words: PolicyWords,
  currency: string,
  teams: readonly { key: string; name: string }[],
): ExampleSpeaker {
  const example = useTranslations("settings.example");
  const policy = useTranslations("settings.policy");
  const team = (key: string) => teams.find((each) => each.key === key)?.name ?? key;
  return { copy: { example, policy }, words, currency, team };
}

const all = new Intl.ListFormat("en", { type: "conjunction" });
const yes = (holds: boolean) => (holds ? "yes" : "no");
/** Whether a number is told, and could be read. */
const told = (value: number | undefined): value is number => value !== undefined && !Number.isNaN(value);

/** "Given an agent and one gold customer …; when a credit of 25.00 USD is asked for; then it is allowed." */
export function exampleSentence(example: Example, speaker: ExampleSpeaker): string {
  const { copy, words } = speaker;
  const { example: t, policy } = copy;
  const { given, when, then } = example;
  const currency = when.currency ?? speaker.currency;
  return t("sentence", {
    employee: t("employee", {
      role: policy(`who.one.${given.employee.role}`),
      hasTeam: yes(given.employee.team !== undefined),
      team: speaker.team(given.employee.team ?? ""),
      hasTenure: yes(told(given.employee.tenureDays)),
      days: given.employee.tenureDays ?? 0,
    }),
    customer: t("customer", {
      hasTier: yes(given.customer?.tier !== undefined),
      tier: given.customer?.tier ?? "",
    }),
    given: historyWords(given.history ?? [], speaker),
    facts: factWords(example, currency, speaker),
    asked: t("asked", {
      remedy: policy(`remedy.${when.remedy}`),
      amount: money(when.amount, currency, copy),
      hasCause: yes(when.cause !== undefined),
      cause: when.cause ?? "",
      hasChannel: yes(when.channel !== undefined),
      channel: words.channel(when.channel ?? ""),
    }),
    verdict: t(`verdict.${then.verdict}`),
    by: bindingWords(then.binding, t),
  });
}

function bindingWords(binding: string | null | undefined, t: ExampleCopy["example"]): string {
  if (binding === undefined) return "";
  return binding === null ? t("byNone") : t("by", { binding });
}

/** What the same customer was given, then what others were. */
function historyWords(history: readonly ExampleHistory[], speaker: ExampleSpeaker): string {
  const { example: t } = speaker.copy;
  const said = (whom: "same" | "other") =>
    all.format(
      history.filter((past) => (past.for ?? "same") === whom).map((past) => pastWords(past, speaker)),
    );
  const [same, other] = [said("same"), said("other")];
  return (same ? t("history", { list: same }) : "") + (other ? t("historyOther", { list: other }) : "");
}

function pastWords(past: ExampleHistory, { copy, currency }: ExampleSpeaker): string {
  const { example: t, policy } = copy;
  return t("past", {
    remedy: policy(`remedy.${past.remedy}`),
    amount: money(past.amount, past.currency ?? currency, copy),
    when: past.daysAgo ? t("daysAgo", { days: past.daysAgo }) : t("today"),
    byOther: yes(past.by === "other"),
    sameOrder: yes(past.sameOrder === true),
    sameCase: yes(past.sameCase === true),
    hasCause: yes(past.cause !== undefined),
    cause: past.cause ?? "",
  });
}

function factWords({ given, when }: Example, currency: string, { copy }: ExampleSpeaker): string {
  const { example: t } = copy;
  const { order, hasOpenDispute, at } = given;
  const said = [
    order
      ? t("order", {
          paid: money(order.paid, currency, copy),
          hasAge: yes(told(order.ageDays)),
          age: order.ageDays ?? 0,
          hasRefunded: yes((order.refunded ?? 0) > 0),
          refunded: money(order.refunded ?? 0, currency, copy),
        })
      : // Only a refund needs one.
        when.remedy === "refund"
        ? t("noOrder")
        : "",
    hasOpenDispute === undefined || hasOpenDispute === false
      ? ""
      : t(`dispute.${hasOpenDispute === null ? "unknown" : "open"}`),
    at === undefined ? "" : t("day", { date: dayOf(at) }),
  ];
  return said.join("");
}

/** The local day of an instant with its offset, in words. */
function dayOf(at: string): string {
  return formatDay(new Date(`${at.slice(0, 10)}T00:00:00Z`), "UTC");
}

/** An amount with its currency; a sign for one that could not be read. */
function money(minor: number, currency: string, { example: t, policy }: ExampleCopy): string {
  if (!Number.isSafeInteger(minor) || !isCurrency(currency)) return policy("unreadable");
  return t("money", { amount: formatAmount(minor, currency), currency });
}
