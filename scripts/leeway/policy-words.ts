import type { Policy } from "@/lib/discretion/schema";
import type { UnansweredSample } from "@/lib/discretion/unanswered";
import type { Warning } from "@/lib/discretion/warnings";
import { formatAmount } from "@/lib/format/money";

/** A warning as a sentence or two: what is so, and what to do about it. */
export function warningInWords(warning: Warning, { currency }: Policy): string {
  const it = `The ${warning.kind} ${warning.id}`;
  const money = (minor: number) => `${formatAmount(minor, currency)} ${currency}`;
  switch (warning.code) {
    case "never_holds":
      return `${it} never holds: ${NEVER[warning.reason]} Change its condition, or remove it.`;
    case "hidden_by_limit":
      return `${it} can never bind: whenever it is passed, the limit ${warning.by} is, and with no milder effect. Remove it, or make it tighter.`;
    case "hidden_by_rule":
      return `${it} changes nothing: whenever it fires, the rule ${warning.by} does, and with no milder effect. Remove it, or narrow the other one.`;
    case "never_exceeded":
      return `${it} is never passed: it is about amounts under ${money(warning.under)} and allows ${money(warning.max)}. Lower it, or widen its condition.`;
    case "count_never_fires":
      return `${it} is never passed: it counts each decision by itself, and allows ${warning.max}. Choose a longer window.`;
    case "count_always_fires":
      return `${it} is passed by every decision that it applies to. Say so with a rule: ${warning.effect}.`;
    case "unknown_name":
      return `${it} names "${warning.name}" among its ${warning.condition}, and there is none of that name. Check the spelling.`;
    case "no_value":
      return `${it} serves no value. Name the one that it is for.`;
    case "handover_unanswered":
      return `${it} hands over what nobody may answer, such as ${sampleInWords(warning.sample)}. Give somebody more discretion, or let it deny.`;
    default:
      return warning satisfies never;
  }
}

const NEVER: Record<Extract<Warning, { code: "never_holds" }>["reason"], string> = {
  order_and_none: "it asks for no order and for something that only an order has.",
  auditors_only: "it is about auditors alone, who decide nothing.",
  amount_below_zero: "no amount is below zero.",
};

function sampleInWords({ role, remedy, amount, currency, hasOrder }: UnansweredSample): string {
  const order = hasOrder ? "on an order" : "without an order";
  return `a ${remedy} of ${formatAmount(amount, currency)} ${currency} ${order}, asked for by an employee who is ${role}`;
}
