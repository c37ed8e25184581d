import type { ExampleDraft } from "./example-draft";
import type { LimitDraft, RuleDraft } from "./policy-draft";

const ID_LENGTH = 40;

/** "Make it right!" is "make-it-right": what the schema takes as an id. Empty where nothing is left. */
export function slug(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, ID_LENGTH)
    .replace(/-+$/, "");
}

/** The id that a limit's sentence suggests: "agent-customer-day", "gift-employee-week". */
export function suggestLimitId(limit: LimitDraft, taken: ReadonlySet<string>): string {
  const who = limit.when.remedies?.length === 1 ? limit.when.remedies : (limit.when.roles ?? []);
  const window = limit.window.kind === "rolling" ? limit.window.rollingDays : limit.window.kind;
  const scope = limit.scope.filter((member) => member !== "employee" || limit.scope.length === 1);
  return free(slug([...who.slice(0, 2), ...scope, window].join(" ")) || "limit", taken);
}

/** The id that a rule's sentence suggests: "deny-refund-no-order". */
export function suggestRuleId(rule: RuleDraft, taken: ReadonlySet<string>): string {
  const { when, effect } = rule;
  const about = [
    ...(when.remedies ?? []).slice(0, 2),
    when.hasOrder === null ? "" : when.hasOrder ? "order" : "no order",
    when.hasOpenDispute === null ? "" : when.hasOpenDispute ? "dispute" : "no dispute",
    when.orderAgeDays ? "old order" : "",
    when.tenureDays ? "tenure" : "",
    when.amount ? "amount" : "",
    ...[when.causes, when.channels, when.tiers, when.teams].flatMap((names) => (names ?? []).slice(0, 1)),
  ];
  return free(slug([effect, ...about].join(" ")) || "rule", taken);
}

/** The id that a value's words suggest. */
export function suggestValueId(text: string, taken: ReadonlySet<string>): string {
  return free(slug(text.split(/\s+/).slice(0, 3).join(" ")) || "value", taken);
}

/** The id that an example's own words suggest, or else what is asked and what comes of it: "agent-credit-25-00-allow". */
export function suggestExampleId(example: ExampleDraft, taken: ReadonlySet<string>): string {
  const said = slug(example.says.split(/\s+/).slice(0, 5).join(" "));
  const { given, when, then } = example;
  const asked = slug(
    [given.employee.role, given.customer.tier, when.remedy, when.amount, then.verdict].join(" "),
  );
  return free(said || asked || "example", taken);
}

function free(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    const numbered = `${wanted}-${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}
