import { type AmountFault, parseMajor } from "@/lib/discretion/money";
import type {
  CompanyValue,
  Effect,
  Limit,
  Measure,
  Policy,
  Range,
  Remedy,
  Role,
  Rule,
  Scope,
  When,
  Window,
} from "@/lib/discretion/schema";
import { formatAmount, formatCount } from "@/lib/format/money";

/** A condition on a number while it is being typed; amounts in major units. */
export interface RangeDraft {
  over: string;
  under: string;
}

/** Conditions while they are being edited; null where there is none of that kind. */
export interface WhenDraft {
  roles: Role[] | null;
  teams: string[] | null;
  tiers: string[] | null;
  remedies: Remedy[] | null;
  causes: string[] | null;
  channels: string[] | null;
  amount: RangeDraft | null;
  orderAgeDays: RangeDraft | null;
  tenureDays: RangeDraft | null;
  hasOrder: boolean | null;
  hasOpenDispute: boolean | null;
}

export type ConditionName = keyof WhenDraft;

interface PartDraft {
  id: string;
  /** It stands in a version already, so that decisions name it: its id stays. */
  known: boolean;
  /** Its id was typed, and is no longer suggested. */
  named: boolean;
  /** Taken out, until it is saved or put back. */
  removed: boolean;
}

interface CheckDraft extends PartDraft {
  when: WhenDraft;
  why: string;
  say: string;
  /** The id of a value; empty for none. */
  value: string;
}

export type WindowKind = Extract<Window, string> | "rolling";

export interface LimitDraft extends CheckDraft {
  scope: Scope[];
  window: { kind: WindowKind; rollingDays: string };
  measure: Measure;
  /** In major units of the currency, or a number of decisions. */
  max: string;
  over: Effect;
}

export interface RuleDraft extends CheckDraft {
  effect: Effect;
}

export interface ValueDraft extends PartDraft {
  text: string;
}

/** A policy while it is being edited: everything that is typed is text. */
export interface PolicyDraft {
  currency: string;
  timeZone: string;
  values: ValueDraft[];
  limits: LimitDraft[];
  rules: RuleDraft[];
  note: string;
}

/** No condition at all: it always holds. */
export const NO_CONDITION: WhenDraft = {
  roles: null,
  teams: null,
  tiers: null,
  remedies: null,
  causes: null,
  channels: null,
  amount: null,
  orderAgeDays: null,
  tenureDays: null,
  hasOrder: null,
  hasOpenDispute: null,
};

const RANGES = ["amount", "orderAgeDays", "tenureDays"] as const;

/** A policy as its form begins with it. */
export function toDraft(policy: Policy): PolicyDraft {
  const part = (id: string) => ({ id, known: true, named: true, removed: false });
  const check = (each: Limit | Rule) => ({
    ...part(each.id),
    when: toWhenDraft(each.when, policy.currency),
    why: each.why,
    say: each.say,
    value: each.value ?? "",
  });
  return {
    currency: policy.currency,
    timeZone: policy.timeZone,
    values: policy.values.map((value) => ({ ...part(value.id), text: value.text })),
    limits: policy.limits.map((limit) => ({
      ...check(limit),
      scope: [...limit.scope],
      window:
        typeof limit.window === "object"
          ? { kind: "rolling" as const, rollingDays: String(limit.window.rollingDays) }
          : { kind: limit.window, rollingDays: "" },
      measure: limit.measure,
      max: limit.measure === "amount" ? formatAmount(limit.max, policy.currency) : formatCount(limit.max),
      over: limit.over,
    })),
    rules: policy.rules.map((rule) => ({ ...check(rule), effect: rule.effect })),
    note: "",
  };
}

function toWhenDraft(when: When | undefined, currency: string): WhenDraft {
  const draft: WhenDraft = { ...NO_CONDITION, ...copyOf(when) };
  for (const name of RANGES) {
    const range = when?.[name];
    if (!range) continue;
    const write = (bound: number | undefined) => {
      if (bound === undefined) return "";
      return name === "amount" ? formatAmount(bound, currency) : String(bound);
    };
    draft[name] = { over: write(range.over), under: write(range.under) };
  }
  return draft;
}

/** The lists and flags of a condition, copied: a draft is changed in place, a version never. */
function copyOf(when: When | undefined): Partial<WhenDraft> {
  const copied: Record<string, unknown> = {};
  for (const [name, wanted] of Object.entries(when ?? {})) {
    if (wanted !== undefined && !RANGES.some((range) => range === name)) {
      copied[name] = Array.isArray(wanted) ? [...wanted] : wanted;
    }
  }
  return copied;
}

/** Why a number could not be read, and where in the draft it stands. */
export interface DraftFault {
  path: string;
  reason: Exclude<AmountFault, "empty"> | "not_whole" | "id_taken" | "value_gone";
}

export interface ReadDraft {
  /** A policy, as far as it could be read; what could not is NaN, and the schema refuses it. */
  document: Policy;
  faults: DraftFault[];
  /** The place in the draft of each part of the document, because what was taken out is skipped. */
  places: Record<"values" | "limits" | "rules", number[]>;
}

/** The document that a draft stands for, with what only the draft knows to be wrong. Every fault at once. */
export function readDraft(draft: PolicyDraft): ReadDraft {
  const faults: DraftFault[] = [];
  const places: ReadDraft["places"] = { values: [], limits: [], rules: [] };
  const kept = <Part extends PartDraft, Read>(
    list: keyof ReadDraft["places"],
    parts: readonly Part[],
    read: (part: Part, path: string) => Read,
  ): Read[] =>
    parts.flatMap((part, index) => {
      if (part.removed) return [];
      places[list].push(index);
      return [read(part, `${list}.${index}`)];
    });
  const document: Policy = {
    currency: draft.currency,
    timeZone: draft.timeZone,
    values: kept("values", draft.values, ({ id, text }): CompanyValue => ({ id, text })),
    limits: kept("limits", draft.limits, (limit, path) => readLimit(limit, draft.currency, path, faults)),
    rules: kept("rules", draft.rules, (rule, path) => ({
      ...readCheck(rule, draft.currency, path, faults),
      effect: rule.effect,
    })),
  };
  faults.push(...repeatedIds(draft), ...lostValues(draft));
  return { document, faults, places };
}

function readLimit(limit: LimitDraft, currency: string, path: string, faults: DraftFault[]): Limit {
  const max =
    limit.measure === "amount"
      ? readAmount(limit.max, currency, `${path}.max`, faults)
      : readCount(limit.max, `${path}.max`, faults);
  return {
    ...readCheck(limit, currency, path, faults),
    scope: [...limit.scope],
    window:
      limit.window.kind === "rolling"
        ? { rollingDays: readCount(limit.window.rollingDays, `${path}.window.rollingDays`, faults) }
        : limit.window.kind,
    measure: limit.measure,
    max,
    over: limit.over,
  };
}

function readCheck(check: CheckDraft, currency: string, path: string, faults: DraftFault[]) {
  const when = readWhen(check.when, currency, `${path}.when`, faults);
  return {
    id: check.id,
    ...(when ? { when } : {}),
    why: check.why,
    say: check.say,
    ...(check.value === "" ? {} : { value: check.value }),
  };
}

function readWhen(draft: WhenDraft, currency: string, path: string, faults: DraftFault[]): When | undefined {
  const when: Record<string, unknown> = {};
  for (const [name, wanted] of Object.entries(draft)) {
    if (wanted === null) continue;
    const range = RANGES.find((each) => each === name);
    if (!range) {
      when[name] = Array.isArray(wanted) ? [...wanted] : wanted;
      continue;
    }
    const bounds: Range = {};
    for (const bound of ["over", "under"] as const) {
      const text = (wanted as RangeDraft)[bound];
      if (text.trim() === "") continue;
      const at = `${path}.${name}.${bound}`;
      bounds[bound] =
        name === "amount" ? readAmount(text, currency, at, faults) : readCount(text, at, faults);
    }
    when[name] = bounds;
  }
  return Object.keys(when).length > 0 ? (when as When) : undefined;
}

/** NaN where there is none; the schema then says what belongs there, or the fault does. */
function readAmount(text: string, currency: string, path: string, faults: DraftFault[]): number {
  const amount = parseMajor(text, currency);
  if (amount.ok) return amount.minor;
  if (amount.reason !== "empty") faults.push({ path, reason: amount.reason });
  return Number.NaN;
}

function readCount(text: string, path: string, faults: DraftFault[]): number {
  const plain = text.trim().replace(/,(?=\d{3}(,|$))/g, "");
  if (/^\d{1,15}$/.test(plain)) return Number(plain);
  if (plain !== "") faults.push({ path, reason: "not_whole" });
  return Number.NaN;
}

/** Two of one name, among those that stay. Said at the later one, in the order of the page. */
function repeatedIds(draft: PolicyDraft): DraftFault[] {
  const among = (parts: readonly (readonly [string, PartDraft])[]) => {
    const seen = new Set<string>();
    return parts.flatMap(([path, { id, removed }]): DraftFault[] => {
      if (removed || id === "") return [];
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      return [{ path: `${path}.id`, reason: "id_taken" }];
    });
  };
  const placed = (list: "values" | "limits" | "rules") =>
    draft[list].map((part, index) => [`${list}.${index}`, part] as const);
  return [...among(placed("values")), ...among([...placed("limits"), ...placed("rules")])];
}

/** A value that was taken out while something still serves it. */
function lostValues(draft: PolicyDraft): DraftFault[] {
  const values = new Set(draft.values.filter((value) => !value.removed).map((value) => value.id));
  return (["limits", "rules"] as const).flatMap((list) =>
    draft[list].flatMap((part, index): DraftFault[] =>
      part.removed || part.value === "" || values.has(part.value)
        ? []
        : [{ path: `${list}.${index}.value`, reason: "value_gone" }],
    ),
  );
}

/** "Make it right!" is "make-it-right": what the schema takes as an id. Empty where nothing is left. */
export function slug(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
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

function free(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    const numbered = `${wanted}-${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}

/** A limit to be filled in: the kind that most policies begin with. */
export function newLimit(): LimitDraft {
  return {
    id: "",
    known: false,
    named: false,
    removed: false,
    when: { ...NO_CONDITION, roles: ["agent"] },
    why: "",
    say: "",
    value: "",
    scope: ["employee", "customer"],
    window: { kind: "day", rollingDays: "30" },
    measure: "amount",
    max: "",
    over: "handover",
  };
}

export function newRule(): RuleDraft {
  return {
    id: "",
    known: false,
    named: false,
    removed: false,
    when: { ...NO_CONDITION, remedies: ["refund"] },
    why: "",
    say: "",
    value: "",
    effect: "handover",
  };
}

export function newValue(): ValueDraft {
  return { id: "", known: false, named: false, removed: false, text: "" };
}
