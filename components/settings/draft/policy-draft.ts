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
import { type ExampleDraft, toExampleDraft } from "./example-draft";

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

/** What every part of a policy is while it is being edited. */
export interface PartDraft {
  id: string;
  /** It stands in a version that was in force, so that decisions name it: its id stays. */
  known: boolean;
  /** Its id was typed or saved, and is no longer suggested. */
  named: boolean;
  /** Taken out, until it is put back. */
  removed: boolean;
  /** Taken out and saved so: nothing of it is shown any more, but undoing finds it. */
  gone: boolean;
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
  mission: string;
  values: ValueDraft[];
  limits: LimitDraft[];
  rules: RuleDraft[];
  examples: ExampleDraft[];
  note: string;
}

export const PART_LISTS = ["limits", "rules", "values", "examples"] as const;
export type PartList = (typeof PART_LISTS)[number];

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

export const RANGES = ["amount", "orderAgeDays", "tenureDays"] as const;

/** The ids that decisions may name already. Limits and rules share theirs. */
export interface SettledIds {
  checks: ReadonlySet<string>;
  values: ReadonlySet<string>;
}

/** The ids of versions that were in force. */
export function settledIds(...policies: readonly (Policy | null | undefined)[]): SettledIds {
  const inForce = policies.flatMap((policy) => policy ?? []);
  const idsOf = (parts: readonly { id: string }[]) => parts.map(({ id }) => id);
  return {
    checks: new Set(inForce.flatMap(({ limits, rules }) => idsOf([...limits, ...rules]))),
    values: new Set(inForce.flatMap(({ values }) => idsOf(values))),
  };
}

/**
 * A policy as its form begins with it. Numbers that could not be read (`NaN`, as `readDraft` gives them) begin empty.
 *
 * @param settled the ids that must stay; by default all of the policy's own.
 */
export function toDraft(policy: Policy, settled: SettledIds = settledIds(policy), note = ""): PolicyDraft {
  const { currency } = policy;
  const check = (each: Limit | Rule) => ({
    ...toPart(each.id, settled.checks.has(each.id)),
    when: toWhenDraft(each.when, currency),
    why: each.why,
    say: each.say,
    value: each.value ?? "",
  });
  return {
    currency,
    timeZone: policy.timeZone,
    mission: policy.mission ?? "",
    values: policy.values.map((value: CompanyValue) => ({
      ...toPart(value.id, settled.values.has(value.id)),
      text: value.text,
    })),
    limits: policy.limits.map((limit) => ({
      ...check(limit),
      scope: [...limit.scope],
      window: toWindowDraft(limit.window),
      measure: limit.measure,
      max: limit.measure === "amount" ? writeAmount(limit.max, currency) : writeCount(limit.max),
      over: limit.over,
    })),
    rules: policy.rules.map((rule) => ({ ...check(rule), effect: rule.effect })),
    examples: (policy.examples ?? []).map((example) => toExampleDraft(example, currency)),
    note,
  };
}

/** A part that was saved before; one without an id is still to be named. */
function toPart(id: string, known: boolean): PartDraft {
  return { id, known, named: id !== "", removed: false, gone: false };
}

/** A part that is only now begun. */
export const NEW_PART: PartDraft = { id: "", known: false, named: false, removed: false, gone: false };

function toWindowDraft(window: Window): LimitDraft["window"] {
  if (typeof window === "string") return { kind: window, rollingDays: "" };
  return { kind: "rolling", rollingDays: writeCount(window.rollingDays) };
}

function toWhenDraft(when: When | undefined, currency: string): WhenDraft {
  const draft: WhenDraft = { ...NO_CONDITION, ...copyOf(when) };
  for (const name of RANGES) {
    const range = when?.[name];
    if (!range) continue;
    const write = (bound: Range[keyof Range]) => {
      if (bound === undefined) return "";
      return name === "amount" ? writeAmount(bound, currency) : writeCount(bound);
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

function writeAmount(minor: number, currency: string): string {
  return Number.isNaN(minor) ? "" : formatAmount(minor, currency);
}

function writeCount(count: number): string {
  return Number.isNaN(count) ? "" : formatCount(count);
}

/** A limit to be filled in: the kind that most policies begin with. */
export function newLimit(): LimitDraft {
  return {
    ...NEW_PART,
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
    ...NEW_PART,
    when: { ...NO_CONDITION, remedies: ["refund"] },
    why: "",
    say: "",
    value: "",
    effect: "handover",
  };
}

export function newValue(): ValueDraft {
  return { ...NEW_PART, text: "" };
}
