import { useTranslations } from "next-intl";
import { type Counted, countedOf, type Whom, whomOf } from "@/lib/discretion/difference";
import {
  type Effect,
  type Limit,
  type Range,
  ROLES,
  type Role,
  type Rule,
  type Scope,
  type When,
  type Window,
} from "@/lib/discretion/schema";
import { formatAmount, formatCount } from "@/lib/format/money";

const ABOUT_EMPLOYEES: Record<Counted, readonly Scope[]> = {
  each: ["employee"],
  eachInTeam: ["employee", "team"],
  team: ["team"],
  all: [],
};
const ABOUT_CUSTOMERS: Record<Whom, readonly Scope[]> = {
  customer: ["customer"],
  order: ["order"],
  customerOrder: ["customer", "order"],
  all: [],
};

/** The scope that says both; `before` keeps its own order, so that choosing what held already changes nothing. */
export function scopeOf(counted: Counted, whom: Whom, before: readonly Scope[]): Scope[] {
  const members: Scope[] = [...ABOUT_EMPLOYEES[counted], ...ABOUT_CUSTOMERS[whom]];
  if (members.length === 0) return ["organization"];
  const kept = before.filter((member) => members.includes(member));
  return [...kept, ...members.filter((member) => !kept.includes(member))];
}

const either = new Intl.ListFormat("en", { type: "disjunction" });
const all = new Intl.ListFormat("en", { type: "conjunction" });

/** "an agent" begins a sentence as "An agent". */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

export type PolicyWords = ReturnType<typeof policyWords>;

export interface PolicyCopy {
  policy: ReturnType<typeof useTranslations<"settings.policy">>;
  windows: ReturnType<typeof useTranslations<"common.window">>;
}

export function usePolicyWords(currency: string): PolicyWords {
  const policy = useTranslations("settings.policy");
  const windows = useTranslations("common.window");
  return policyWords({ policy, windows }, currency);
}

/** How limits and rules are said, in pieces, so that the same sentence can be read, edited and compared. */
export function policyWords({ policy: t, windows }: PolicyCopy, currency: string) {
  const amount = (minor: number) =>
    Number.isNaN(minor)
      ? t("unreadable")
      : t("limit.money", { amount: formatAmount(minor, currency), currency });
  const count = (value: number) => (Number.isNaN(value) ? t("unreadable") : formatCount(value));

  function roles(named: readonly Role[] | undefined, form: "one" | "many"): string {
    if (!named || named.length === 0) return t(`who.${form}.any`);
    const inOrder = ROLES.filter((role) => named.includes(role)).map((role) => t(`who.${form}.${role}`));
    return form === "one" ? either.format(inOrder) : all.format(inOrder);
  }

  function range(name: "amount" | "orderAgeDays" | "tenureDays", { over, under }: Range): string {
    const say = name === "amount" ? amount : count;
    const words = { over: over === undefined ? "" : say(over), under: under === undefined ? "" : say(under) };
    if (over !== undefined && under !== undefined) return t(`condition.${name}.both`, words);
    return t(`condition.${name}.${under === undefined ? "over" : "under"}`, words);
  }

  function names(values: readonly string[]): string {
    return either.format(values);
  }

  /** One reader for each condition: a condition that nobody says does not compile. */
  const CONDITIONS: { [Name in keyof Required<When>]: (wanted: NonNullable<When[Name]>) => string } = {
    roles: (wanted) => t("condition.roles", { list: roles(wanted, "one") }),
    teams: (wanted) => t("condition.teams", { list: names(wanted) }),
    tiers: (wanted) => t("condition.tiers", { list: names(wanted) }),
    remedies: (wanted) => t("condition.remedies", { list: names(wanted.map((each) => t(`remedy.${each}`))) }),
    causes: (wanted) => t("condition.causes", { list: names(wanted) }),
    channels: (wanted) => t("condition.channels", { list: names(wanted.map(channel)) }),
    amount: (wanted) => range("amount", wanted),
    orderAgeDays: (wanted) => range("orderAgeDays", wanted),
    tenureDays: (wanted) => range("tenureDays", wanted),
    hasOrder: (wanted) => t(`condition.hasOrder.${wanted ? "true" : "false"}`),
    hasOpenDispute: (wanted) => t(`condition.hasOpenDispute.${wanted ? "true" : "false"}`),
  };

  function channel(name: string): string {
    const known = CHANNELS.find((each) => each === name);
    return known ? t(`channel.${known}`) : name;
  }

  /** Every condition, joined by "and"; empty where there is none. `besides` leaves some to be said elsewhere. */
  function conditions(when: When | undefined, besides: readonly (keyof When)[] = []): string {
    const said = (Object.keys(CONDITIONS) as (keyof When)[]).flatMap((name) => {
      const wanted = when?.[name];
      if (wanted === undefined || besides.includes(name)) return [];
      return [(CONDITIONS[name] as (wanted: unknown) => string)(wanted)];
    });
    return all.format(said);
  }

  const words = {
    amount,
    count,
    conditions,
    channel,
    roles,
    who(scope: readonly Scope[], named: readonly Role[] | undefined): string {
      const counted = countedOf(scope);
      const form = counted === "each" || counted === "eachInTeam" ? "one" : "many";
      return capital(t(`who.${counted}`, { who: roles(named, form) }));
    },
    whom: (scope: readonly Scope[]): string => t(`whom.${whomOf(scope)}`),
    max: ({ measure, max }: Pick<Limit, "measure" | "max">): string => {
      if (measure === "amount") return amount(max);
      return Number.isNaN(max) ? count(max) : t("limit.times", { count: max });
    },
    window(window: Window): string {
      if (typeof window !== "object") return windows(window);
      return Number.isNaN(window.rollingDays)
        ? t("unreadable")
        : windows("rolling", { days: window.rollingDays });
    },
    effect: (effect: Effect): string => t(`effect.${effect}`),
    /** "An agent may give one customer 200.00 USD a day; above it, hand over. Counts only when …". */
    limit(limit: Limit): string {
      const only = conditions(limit.when, ["roles"]);
      const sentence = t.markup(`limit.${limit.measure}`, {
        who: () => words.who(limit.scope, limit.when?.roles),
        whom: () => words.whom(limit.scope),
        max: () => words.max(limit),
        window: () => words.window(limit.window),
        over: () => words.effect(limit.over),
      });
      return only ? `${sentence} ${t("limit.only", { conditions: only })}` : sentence;
    },
    /** "When it is a refund and there is no order, ask for a written reason.". */
    rule(rule: Rule): string {
      const holds = conditions(rule.when);
      const effect = () => words.effect(rule.effect);
      return holds
        ? t.markup("rule.when", { conditions: holds, effect })
        : t.markup("rule.always", { effect });
    },
  };
  return words;
}

/** The channels that the desk offers; a policy may name others. */
export const CHANNELS = ["phone", "email", "chat", "in_person", "social", "other"] as const;
