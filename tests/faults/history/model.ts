import type { Limit, Policy } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";
import {
  answer,
  calendar,
  isBefore,
  isHeld,
  type OracleAnswer,
  type Past,
  refundsOf,
  seenBy,
  together,
} from "../../properties/oracle";
import type { Committed, RecordedDecision, RecordedHandover } from "./committed";
import type { Person } from "./live";
import { ORDER_PAID } from "./world";

/**
 * The world as one who does one thing at a time sees it: slow, with nothing kept but what was decided and what became of
 * it. A state never changes; each step makes another one.
 */
export interface State {
  version: number;
  policy: Policy;
  decisions: ReadonlyMap<string, Held>;
  /** The record that another one was merged into. */
  mergedInto: ReadonlyMap<string, string>;
  merges: ReadonlyMap<string, string>;
}

/** A decision, and what counts of it. */
export interface Held {
  id: string;
  /** As it was asked for. */
  row: SimulationRow;
  status: string;
  /** What is granted, or asked while nothing is. */
  amount: number;
  /** For whom it counts: who asked and, once it was granted, who granted it. */
  faces: readonly Face[];
  /** Until when it can be undone. */
  undoUntil: number;
}

interface Face {
  person: PersonOfModel;
  /** What it counts on, by what a limit counts and not by its name or maximum. */
  counted: ReadonlySet<string>;
}

export type PersonOfModel = Pick<Person, "role" | "team"> & { id: string };

/** Where the model needs to know what the database knows of people, versions and decisions. */
export interface Known {
  people: ReadonlyMap<string, PersonOfModel>;
  policies: ReadonlyMap<number, Policy>;
  decisions: ReadonlyMap<string, RecordedDecision>;
  handovers: ReadonlyMap<string, RecordedHandover>;
  undoSeconds: number;
}

/** What tells the counters of two limits apart. */
export function countsWhat({ scope, window, when }: Limit): string {
  return JSON.stringify([[...scope].sort(), window, Object.entries(when ?? {}).sort()]);
}

export function standing(state: State, customer: string): string {
  let id = customer;
  for (let next = state.mergedInto.get(id); next; next = state.mergedInto.get(id)) id = next;
  return id;
}

/** A request as the slow engine takes it, for one person and at one place in the history. */
export function rowFor(
  state: State,
  row: SimulationRow,
  person: PersonOfModel,
  amount: number,
): SimulationRow {
  return {
    ...row,
    amount,
    employee: person.id,
    role: person.role,
    team: person.team,
    customer: standing(state, row.customer),
  };
}

export function rowOf(decision: RecordedDecision, person: PersonOfModel): SimulationRow {
  return {
    id: decision.id,
    at: decision.at,
    employee: person.id,
    role: person.role,
    team: person.team,
    customer: decision.customer,
    remedy: decision.remedy,
    amount: decision.amount,
    order: decision.order,
    orderPaid: decision.order ? ORDER_PAID : null,
    hasOpenDispute: false,
  };
}

const pasts = new WeakMap<State, Past[]>();

/** What counts in a state: a row for whoever it counts for, and none twice where two would meet at one counter. */
function pastsOf(state: State): Past[] {
  const known = pasts.get(state);
  if (known) return known;
  const made: Past[] = [];
  for (const held of state.decisions.values()) {
    if (held.status !== "posted" && held.status !== "reserved") continue;
    for (const [index, face] of held.faces.entries()) {
      const row = rowFor(state, held.row, face.person, held.amount);
      const first = held.faces[0];
      const counted = state.policy.limits.filter(
        (limit) =>
          face.counted.has(countsWhat(limit)) &&
          !(index > 0 && first?.counted.has(countsWhat(limit)) && meet(limit, first.person, face.person)),
      );
      made.push({
        // An order's refunds are counted once.
        row: index === 0 ? row : { ...row, remedy: "credit" },
        verdict: held.status,
        counted: counted.map(({ id }) => id),
        worth: held.amount,
      });
    }
  }
  pasts.set(state, made);
  return made;
}

/** Whether what a limit counts for the one and for the other is the same. */
function meet({ scope }: Limit, one: PersonOfModel, other: PersonOfModel): boolean {
  return !scope.includes("employee") && (!scope.includes("team") || one.team === other.team);
}

function pastsWithout(state: State, decision: string | null): Past[] {
  const all = pastsOf(state);
  return decision === null ? all : all.filter(({ row }) => row.id !== decision);
}

/** What the policy in force says to a request at this place in the history, leaving out what a decision holds itself. */
export function answerAt(state: State, row: SimulationRow, without: string | null = null): OracleAnswer {
  return answer(state.policy, row, pastsWithout(state, without));
}

/** What one check would have seen: used, and the held part of it. */
export function usedAt(
  state: State,
  row: SimulationRow,
  check: { limit: Limit } | "order-refundable",
  without: string | null,
): [used: number, reserved: number] {
  const past = pastsWithout(state, without);
  if (check === "order-refundable") {
    const [refunded, held] = refundsOf(past, row);
    return [refunded + held, held];
  }
  const { limit } = check;
  const before = past.filter((one) => isBefore(limit, state.policy, one, row));
  const sum = (some: readonly Past[]) =>
    limit.measure === "count" ? some.length : some.reduce((total, { worth }) => total + worth, 0);
  return [sum(before), sum(before.filter(isHeld))];
}

/** What the policy says when its checks saw what is given, by check. */
export function answerGiven(
  policy: Policy,
  row: SimulationRow,
  seen: ReadonlyMap<string, { used: number; reserved: number }>,
): OracleAnswer {
  const past: Past[] = [];
  const add = (
    counted: string[],
    amount: number,
    verdict: "posted" | "reserved",
    remedy: "refund" | "credit",
  ) => {
    past.push({ row: { ...row, amount, remedy, order: row.order }, verdict, counted, worth: amount });
  };
  for (const [id, { used, reserved }] of seen) {
    const parts = [
      ["posted", used - reserved],
      ["reserved", reserved],
    ] as const;
    const limit = policy.limits.find((one) => one.id === id);
    for (const [verdict, part] of parts) {
      if (limit?.measure === "count") for (let one = 0; one < part; one++) add([id], 0, verdict, "credit");
      else if (part > 0) add(limit ? [id] : [], part, verdict, limit ? "credit" : "refund");
    }
  }
  return answer(policy, row, past);
}

function applying(policy: Policy, row: SimulationRow): Set<string> {
  const ids = new Set(answer(policy, row, []).applying);
  return new Set(policy.limits.filter(({ id }) => ids.has(id)).map(countsWhat));
}

/** A step that the machine of a decision does not have, or that its rules forbid. */
export class Illegal extends Error {}

/** The state after what was committed. Throws `Illegal` where that could not follow. */
export function step(state: State, event: Committed, known: Known): State {
  switch (event.action) {
    case "decision.recorded":
      return recorded(state, event, known);
    case "handover.approved":
    case "handover.adjusted":
      return granted(state, event, known);
    case "handover.declined":
      return moved(state, event, "reserved", "declined", notTheAskers(known, event));
    case "handover.withdrawn":
      return moved(state, event, "reserved", "released", () => {
        if (known.handovers.get(event.subject)?.askedBy !== event.by)
          throw new Illegal("Withdrawn by another.");
      });
    case "handover.expired":
      return moved(state, event, "reserved", "expired", () => {
        if ((known.handovers.get(event.subject)?.deadlineAt ?? 0) > event.at)
          throw new Illegal("Expired before its deadline.");
      });
    case "decision.reversed":
      return moved(state, event, "posted", "reversed", (held) => expectMayReverse(held, event, known));
    case "decision.undone":
      return moved(state, event, "posted", "reversed", (held) => {
        expectMayReverse(held, event, known);
        if (event.at >= held.undoUntil) throw new Illegal("Undone too late.");
      });
    case "customer.merged":
      return merged(state, event);
    case "customer.unmerged": {
      const mergedInto = new Map(state.mergedInto);
      if (!mergedInto.delete(event.subject)) throw new Illegal("Taken back what was not merged.");
      return { ...state, mergedInto };
    }
    case "policy.published":
      return published(state, event, known);
    case "counter.split":
      // Changes how it is counted, and nothing of what.
      return state;
    default:
      throw new Illegal(`Nobody wished for ${event.action}.`);
  }
}

function recorded(state: State, event: Committed, known: Known): State {
  const decision = known.decisions.get(event.subject);
  const person = known.people.get(decision?.employee ?? "");
  if (!decision || !person) throw new Illegal("Recorded what is not there.");
  if (decision.version !== state.version) {
    throw new Illegal(`Decided under version ${decision.version} while ${state.version} is in force.`);
  }
  if (state.mergedInto.has(decision.customer)) throw new Illegal("Decided for a record that was merged.");
  const row = rowOf(decision, person);
  const status = { allow: "posted", bend: "posted", handover: "reserved" }[decision.verdict] ?? "refused";
  const counted = status === "refused" ? new Set<string>() : applying(state.policy, row);
  const held: Held = {
    id: decision.id,
    row,
    status,
    amount: decision.amount,
    faces: [{ person, counted }],
    undoUntil: event.at + known.undoSeconds * 1000,
  };
  return withDecision(state, held);
}

function withDecision(state: State, held: Held): State {
  return { ...state, decisions: new Map(state.decisions).set(held.id, held) };
}

function moved(
  state: State,
  event: Committed,
  from: string,
  to: string,
  expectAllowed: (held: Held) => void,
): State {
  const held = state.decisions.get(event.subject);
  if (held?.status !== from) throw new Illegal(`${event.action} of a decision that is ${held?.status}.`);
  expectAllowed(held);
  return withDecision(state, { ...held, status: to });
}

function notTheAskers(known: Known, event: Committed) {
  return () => {
    const handover = known.handovers.get(event.subject);
    if (handover?.askedBy === event.by) throw new Illegal("Answered by who asked.");
    if ((handover?.deadlineAt ?? 0) <= event.at) throw new Illegal("Answered after its deadline.");
  };
}

function granted(state: State, event: Committed, known: Known): State {
  const handover = known.handovers.get(event.subject);
  const person = known.people.get(handover?.answeredBy ?? "");
  const after = moved(state, event, "reserved", "posted", notTheAskers(known, event));
  const held = after.decisions.get(event.subject);
  const asker = held?.faces[0];
  if (!held || !asker || !person || !handover || handover.granted === null)
    throw new Illegal("Granted by nobody.");
  const amount = handover.granted;
  const forAsker = rowFor(state, held.row, asker.person, amount);
  // What was asked for stays counted where only another amount would be; another amount may count on more.
  const counted =
    amount === held.row.amount
      ? asker.counted
      : new Set([...asker.counted, ...applying(state.policy, forAsker)]);
  const answerer = { person, counted: applying(state.policy, rowFor(state, held.row, person, amount)) };
  return withDecision(after, {
    ...held,
    amount,
    faces: [{ ...asker, counted }, answerer],
    undoUntil: event.at + known.undoSeconds * 1000,
  });
}

function expectMayReverse(held: Held, event: Committed, known: Known): void {
  const by = known.people.get(event.by ?? "");
  if (by?.role !== "agent") return;
  const own = by.id === held.row.employee;
  if (
    !own ||
    !together({ scope: [], window: "day" } as never, ZONE, held.row, { ...held.row, at: event.at })
  ) {
    throw new Illegal("Reversed by an agent whose it was not, or not of the same day.");
  }
}

const ZONE = { timeZone: "America/New_York" } as Policy;

function merged(state: State, event: Committed): State {
  const { into } = event.data;
  if (!into || into === event.subject || state.mergedInto.has(event.subject) || state.mergedInto.has(into)) {
    throw new Illegal("Merged what does not stand for itself.");
  }
  return { ...state, mergedInto: new Map(state.mergedInto).set(event.subject, into) };
}

/** A limit that is new counts what stands, from the beginning of the widest window of those that are new. */
function published(state: State, event: Committed, known: Known): State {
  const version = Number(event.subject);
  const policy = known.policies.get(version);
  if (!policy || version <= state.version)
    throw new Illegal(`Published version ${version} after ${state.version}.`);
  const before = new Set(state.policy.limits.map(countsWhat));
  const fresh = policy.limits.filter(
    (limit) => limit.window !== "decision" && !before.has(countsWhat(limit)),
  );
  const decisions = new Map(state.decisions);
  const next: State = { ...state, version, policy, decisions };
  for (const held of state.decisions.values()) {
    const [asker, ...others] = held.faces;
    if (!asker || (held.status !== "posted" && held.status !== "reserved")) continue;
    const now = { ...held.row, at: event.at };
    const isRecent = fresh.some(({ window }) =>
      seenBy({ scope: [], window } as never, policy, held.row, now),
    );
    if (!isRecent) continue;
    const counts = applying(policy, rowFor(next, held.row, asker.person, held.amount));
    const added = fresh
      .map(countsWhat)
      .filter((what) => counts.has(what) && !held.faces.some((face) => face.counted.has(what)));
    if (added.length === 0) continue;
    const counted = new Set([...asker.counted, ...added]);
    decisions.set(held.id, { ...held, faces: [{ ...asker, counted }, ...others] });
  }
  return next;
}

/** What every counter has to come to, by what it counts, for whom, and in which bucket. */
export function countersOf(
  state: State,
  limits: readonly Limit[],
  nameOf: (limit: Limit) => string,
): Map<string, number[]> {
  const counters = new Map<string, number[]>();
  const add = (name: string, held: Held) => {
    const sums = counters.get(name) ?? [0, 0, 0, 0];
    const first = held.status === "posted" ? 0 : 1;
    counters.set(
      name,
      sums.map((sum, index) => sum + (index === first ? held.amount : index === first + 2 ? 1 : 0)),
    );
  };
  const kinds = new Map(
    limits.filter(({ window }) => window !== "decision").map((one) => [countsWhat(one), one]),
  );
  for (const held of state.decisions.values()) {
    if (held.status !== "posted" && held.status !== "reserved") continue;
    const names = new Set<string>();
    for (const face of held.faces) {
      const row = rowFor(state, held.row, face.person, held.amount);
      for (const what of face.counted) {
        const limit = kinds.get(what);
        if (limit) names.add(`${nameOf(limit)} ${scopeOf(limit, row)} ${bucketOf(limit, row.at)}`);
      }
    }
    const { order, remedy } = held.row;
    if (order && remedy === "refund") names.add(`order-refundable order:${order} 0001-01-01`);
    for (const name of names) add(name, held);
  }
  return counters;
}

function scopeOf({ scope }: Limit, row: SimulationRow): string {
  const parts = (["employee", "customer", "team", "order"] as const)
    .filter((member) => scope.includes(member))
    .map((member) => `${member}:${row[member]}`);
  return parts.join("/") || "organization";
}

function bucketOf({ window }: Limit, at: number): string {
  const { year, month, day } = calendar(at, ZONE.timeZone);
  const iso = (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10);
  if (typeof window === "object" || window === "day") return iso(day);
  // Day 4 was a Monday.
  if (window === "week") return iso(Math.floor((day + 3) / 7) * 7 - 3);
  if (window === "month") return iso(Date.UTC(year, month - 1, 1) / 86_400_000);
  return "0001-01-01";
}
