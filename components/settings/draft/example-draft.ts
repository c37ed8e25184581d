import { isEqual } from "@/lib/discretion/difference";
import type { Example, ExampleHistory, Remedy, Role, Verdict } from "@/lib/discretion/schema";
import { formatAmount } from "@/lib/format/money";
import type { PartDraft } from "./policy-draft";
import { type DraftFault, readAmount, readCount } from "./read-numbers";

/** Something that was given before, while it is being typed: amounts in major units, days as text. */
export interface HistoryDraft {
  /** Empty: earlier the same day. */
  daysAgo: string;
  remedy: Remedy;
  amount: string;
  currency: string;
  /** Looked at only where the currency is another one than the policy's. */
  rate: string;
  by: "same" | "other";
  for: "same" | "other";
  sameOrder: boolean;
  sameCase: boolean;
  cause: string;
  channel: string;
}

export type DisputeDraft = "none" | "open" | "unknown";

/** What is known when an example's request is made. `null`: nothing is said of it. */
export interface GivenDraft {
  employee: {
    role: Role;
    /** Empty: without a team. */
    team: string;
    tenureDays: string | null;
  };
  customer: {
    /** Empty: without a tier. */
    tier: string;
  };
  order: { paid: string; refunded: string; ageDays: string } | null;
  hasOpenDispute: DisputeDraft;
  /** An instant, ISO 8601 with its offset. */
  at: string | null;
  history: HistoryDraft[];
}

export interface AskedDraft {
  remedy: Remedy;
  amount: string;
  currency: string;
  rate: string;
  cause: string | null;
  channel: string | null;
  note: string | null;
}

/** `binding` is a check's id, or one of these. */
export const ANY_CHECK = "";
export const NO_CHECK = "(none)";

/** An example while it is being edited, built as the document is, so that a fault's path is the same in both. */
export interface ExampleDraft extends PartDraft {
  says: string;
  given: GivenDraft;
  when: AskedDraft;
  then: { verdict: Verdict; binding: string };
  /** As it was written, which says more than the form where it spells out what goes without saying. */
  source: Example | null;
}

export function toExampleDraft(example: Example, policyCurrency: string): ExampleDraft {
  const { given, when } = example;
  const currency = when.currency ?? policyCurrency;
  return {
    id: example.id,
    known: false,
    named: example.id !== "",
    removed: false,
    gone: false,
    says: example.says ?? "",
    given: {
      employee: {
        role: given.employee.role,
        team: given.employee.team ?? "",
        tenureDays: writeDays(given.employee.tenureDays, null),
      },
      customer: { tier: given.customer?.tier ?? "" },
      order: given.order
        ? {
            paid: writeAmount(given.order.paid, currency),
            refunded: given.order.refunded === undefined ? "" : writeAmount(given.order.refunded, currency),
            ageDays: writeDays(given.order.ageDays, ""),
          }
        : null,
      hasOpenDispute: given.hasOpenDispute === null ? "unknown" : given.hasOpenDispute ? "open" : "none",
      at: given.at ?? null,
      history: (given.history ?? []).map((past) => toHistoryDraft(past, policyCurrency)),
    },
    when: {
      remedy: when.remedy,
      amount: writeAmount(when.amount, currency),
      currency,
      rate: when.rate ?? "",
      cause: when.cause ?? null,
      channel: when.channel ?? null,
      note: when.note ?? null,
    },
    then: {
      verdict: example.then.verdict,
      binding: example.then.binding === null ? NO_CHECK : (example.then.binding ?? ANY_CHECK),
    },
    source: structuredClone(example),
  };
}

function toHistoryDraft(past: ExampleHistory, policyCurrency: string): HistoryDraft {
  const currency = past.currency ?? policyCurrency;
  return {
    daysAgo: writeDays(past.daysAgo === 0 ? undefined : past.daysAgo, ""),
    remedy: past.remedy,
    amount: writeAmount(past.amount, currency),
    currency,
    rate: past.rate ?? "",
    by: past.by ?? "same",
    for: past.for ?? "same",
    sameOrder: past.sameOrder ?? false,
    sameCase: past.sameCase ?? false,
    cause: past.cause ?? "",
    channel: past.channel ?? "",
  };
}

function writeAmount(minor: number, currency: string): string {
  return Number.isNaN(minor) ? "" : formatAmount(minor, currency);
}

function writeDays<Missing>(days: number | undefined, missing: Missing): string | Missing {
  if (days === undefined) return missing;
  return Number.isNaN(days) ? ("" as Missing) : String(days);
}

/**
 * The example that a draft stands for, as far as it can be read; what can't be is `NaN` and among the faults. One that
 * nobody touched is written as it was, also where it spells out what goes without saying.
 */
export function readExample(
  draft: ExampleDraft,
  policyCurrency: string,
  path: string,
  faults: DraftFault[],
): Example {
  const read = readWritten(draft, policyCurrency, path, faults);
  if (draft.source === null) return read;
  const untouched = readWritten(toExampleDraft(draft.source, policyCurrency), policyCurrency, path, []);
  return isEqual(read, untouched) ? draft.source : read;
}

function readWritten(
  { id, says, given, when, then }: ExampleDraft,
  policyCurrency: string,
  path: string,
  faults: DraftFault[],
): Example {
  return {
    id,
    ...(says.trim() === "" ? {} : { says }),
    given: readGiven(given, when.currency, policyCurrency, `${path}.given`, faults),
    when: {
      remedy: when.remedy,
      amount: readAmount(when.amount, when.currency, `${path}.when.amount`, faults),
      ...readCurrency(when, policyCurrency),
      ...(when.cause === null ? {} : { cause: when.cause }),
      ...(when.channel === null ? {} : { channel: when.channel }),
      ...(when.note === null ? {} : { note: when.note }),
    },
    then: {
      verdict: then.verdict,
      ...(then.binding === ANY_CHECK ? {} : { binding: then.binding === NO_CHECK ? null : then.binding }),
    },
  };
}

function readGiven(
  { employee, customer, order, hasOpenDispute, at, history }: GivenDraft,
  currency: string,
  policyCurrency: string,
  path: string,
  faults: DraftFault[],
): Example["given"] {
  const { role, team, tenureDays } = employee;
  return {
    employee: {
      role,
      ...(team === "" ? {} : { team }),
      ...(tenureDays === null
        ? {}
        : { tenureDays: readCount(tenureDays, `${path}.employee.tenureDays`, faults) }),
    },
    ...(customer.tier === "" ? {} : { customer: { tier: customer.tier } }),
    ...(order === null ? {} : { order: readOrder(order, currency, `${path}.order`, faults) }),
    ...(hasOpenDispute === "none" ? {} : { hasOpenDispute: hasOpenDispute === "open" ? true : null }),
    ...(at === null ? {} : { at }),
    ...(history.length === 0
      ? {}
      : {
          history: history.map((past, index) =>
            readHistory(past, policyCurrency, `${path}.history.${index}`, faults),
          ),
        }),
  };
}

function readOrder(
  { paid, refunded, ageDays }: NonNullable<GivenDraft["order"]>,
  currency: string,
  path: string,
  faults: DraftFault[],
) {
  return {
    paid: readAmount(paid, currency, `${path}.paid`, faults),
    ...(refunded.trim() === ""
      ? {}
      : { refunded: readAmount(refunded, currency, `${path}.refunded`, faults) }),
    ...(ageDays.trim() === "" ? {} : { ageDays: readCount(ageDays, `${path}.ageDays`, faults) }),
  };
}

function readHistory(
  past: HistoryDraft,
  policyCurrency: string,
  path: string,
  faults: DraftFault[],
): ExampleHistory {
  const daysAgo = past.daysAgo.trim() === "" ? 0 : readCount(past.daysAgo, `${path}.daysAgo`, faults);
  return {
    ...(daysAgo === 0 ? {} : { daysAgo }),
    remedy: past.remedy,
    amount: readAmount(past.amount, past.currency, `${path}.amount`, faults),
    ...readCurrency(past, policyCurrency),
    ...(past.by === "other" ? { by: "other" as const } : {}),
    ...(past.for === "other" ? { for: "other" as const } : {}),
    ...(past.sameOrder ? { sameOrder: true } : {}),
    ...(past.sameCase ? { sameCase: true } : {}),
    ...(past.cause.trim() === "" ? {} : { cause: past.cause }),
    ...(past.channel.trim() === "" ? {} : { channel: past.channel }),
  };
}

/** The policy's own currency goes without saying, and needs no rate. */
function readCurrency({ currency, rate }: { currency: string; rate: string }, policyCurrency: string) {
  if (currency === policyCurrency) return {};
  return { currency, ...(rate.trim() === "" ? {} : { rate: rate.trim() }) };
}

/** An example to be filled in: the plainest question there is. */
export function newExample(currency: string): ExampleDraft {
  return {
    id: "",
    known: false,
    named: false,
    removed: false,
    gone: false,
    says: "",
    given: {
      employee: { role: "agent", team: "", tenureDays: null },
      customer: { tier: "" },
      order: null,
      hasOpenDispute: "none",
      at: null,
      history: [],
    },
    when: { remedy: "credit", amount: "", currency, rate: "", cause: null, channel: null, note: null },
    then: { verdict: "allow", binding: ANY_CHECK },
    source: null,
  };
}

/** One more gesture of before: earlier today, of the same kind, by and for the same people. */
export function newHistory({ remedy, currency, rate }: AskedDraft): HistoryDraft {
  return {
    daysAgo: "",
    remedy,
    amount: "",
    currency,
    rate,
    by: "same",
    for: "same",
    sameOrder: false,
    sameCase: false,
    cause: "",
    channel: "",
  };
}

/** The same example once more, to be changed; its id is suggested anew. */
export function copyOfExample(example: ExampleDraft): ExampleDraft {
  return { ...structuredClone(example), id: "", named: false, source: null };
}
