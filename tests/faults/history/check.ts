import type { Limit } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";
import type { Explanation } from "@/lib/discretion/types";
import type { Committed } from "./committed";
import type { Lived } from "./live";
import {
  answerAt,
  answerGiven,
  Illegal,
  type Known,
  type PersonOfModel,
  rowFor,
  rowOf,
  type State,
  step,
  usedAt,
} from "./model";

const SEVERITY = ["allow", "bend", "handover", "deny"];

/** The clock of a commit and that of a caller are the same one, read at somewhat different moments. */
const SLACK_MS = 25;
/** So long a statement may take at most. */
const GOES_ON_MS = 4_000;
/** A commit waits for its disk after it has taken its moment, and shows only then: those at once may show in any order. */
const AT_ONCE_MS = 150;
const MOST_AT_ONCE = 9;

export interface Found {
  place: number;
  what: string;
}

/**
 * Replays what was committed, one after the other, and names everything that could not have come of doing one thing at a
 * time: an illegal step, a verdict that passes a limit, an explanation that no moment of its request could have given.
 */
export function replay(
  beginning: State,
  committed: readonly Committed[],
  lived: readonly Lived[],
  known: Known,
): { found: Found[]; last: State } {
  const states: State[] = [beginning];
  const found: Found[] = [];
  const wishes = wishesBySubject(lived, known);
  for (const [place, event] of committed.entries()) {
    const state = states[place] as State;
    const note = (what: string) => found.push({ place, what: `${event.action} ${event.subject}: ${what}` });
    try {
      states.push(step(state, event, known));
    } catch (error) {
      if (!(error instanceof Illegal)) throw error;
      note(error.message);
      return { found, last: state };
    }
    const history = { states, committed, place };
    const wish = [...(wishes.get(nameOf(event)) ?? []), ...(wishes.get(`${event.action} ?`) ?? [])].find(
      (one) => isWithin(one, event),
    );
    if (!wish) note("nobody wished for it at that time");
    const from = wish?.from ?? event.committedAt;
    if (event.action === "decision.recorded") checkDecision(history, event, known, from, note);
    if (event.action === "handover.approved" || event.action === "handover.adjusted") {
      checkGrant(history, event, known, from, note);
    }
  }
  return { found, last: states.at(-1) as State };
}

function isWithin({ from, to, outcome }: Lived, { committedAt }: Committed): boolean {
  // A server that was cut off from who asked goes on with what it was asked for.
  const until = outcome.is === "unknown" ? to + GOES_ON_MS : to + SLACK_MS;
  return committedAt >= from - SLACK_MS && committedAt <= until;
}

/** Who may have brought an event about: by the action, and what it is about. */
function wishesBySubject(lived: readonly Lived[], known: Known): Map<string, Lived[]> {
  const byKey = new Map([...known.decisions.values()].map(({ key, id }) => [key, id]));
  const wishes = new Map<string, Lived[]>();
  for (const one of lived) {
    for (const name of namesOf(one, byKey)) wishes.set(name, [...(wishes.get(name) ?? []), one]);
  }
  return wishes;
}

/** What an event is about, as a wish can know it. */
function nameOf({ action, subject, data }: Committed): string {
  return `${action} ${action === "customer.unmerged" ? data.mergeId : subject}`;
}

function namesOf({ wish, chosen, outcome }: Lived, byKey: ReadonlyMap<string, string>): string[] {
  if (outcome.is !== "done" && outcome.is !== "unknown") return [];
  const made = outcome.is === "done" ? outcome.id : "?";
  switch (wish.kind) {
    case "decide":
      return [`decision.recorded ${byKey.get(wish.key)}`];
    case "answer":
      return wish.answer === "decline"
        ? [`handover.declined ${chosen}`]
        : [`handover.approved ${chosen}`, `handover.adjusted ${chosen}`];
    case "withdraw":
      return [`handover.withdrawn ${chosen}`];
    case "expire":
      return [`handover.expired ${chosen}`];
    case "reverse":
      return [wish.undo ? `decision.undone ${chosen}` : `decision.reversed ${chosen}`];
    case "merge":
      return [`customer.merged ${chosen}`];
    case "unmerge":
      return [`customer.unmerged ${chosen}`];
    case "publish":
      return [`policy.published ${made}`];
    case "split":
      return [`counter.split ${made}`];
    default:
      return [];
  }
}

interface History {
  states: readonly State[];
  committed: readonly Committed[];
  /** Of the event that is looked at: `states[place]` is what was before it. */
  place: number;
}

function checkDecision(
  history: History,
  event: Committed,
  known: Known,
  from: number,
  note: (what: string) => void,
): void {
  const decision = known.decisions.get(event.subject);
  const person = known.people.get(decision?.employee ?? "");
  const state = history.states[history.place];
  if (!decision || !person || !state) return;
  const row = rowOf(decision, person);
  expectNotPassed(answerAt(state, row), decision.verdict, note);
  expectSeen(history, { row, from, without: null, explanation: decision.explanation }, note);
  expectFollows(known, decision.version, row, decision.explanation, decision.verdict, note);
}

/** What was recorded must be as strict as what holds at that place: a counter's guard sees to that. */
function expectNotPassed(
  holds: { verdict: string; binding: string | null },
  verdict: string,
  note: (what: string) => void,
): void {
  if (SEVERITY.indexOf(holds.verdict) > SEVERITY.indexOf(verdict)) {
    note(`is ${verdict}, though at that place in the order it is ${holds.verdict} by ${holds.binding}`);
  }
}

function checkGrant(
  history: History,
  event: Committed,
  known: Known,
  from: number,
  note: (what: string) => void,
): void {
  const handover = known.handovers.get(event.subject);
  const decision = known.decisions.get(event.subject);
  const state = history.states[history.place];
  const asker = known.people.get(decision?.employee ?? "");
  const person = known.people.get(handover?.answeredBy ?? "");
  if (!handover?.explanation || !decision || !state || !asker || !person || handover.granted === null) {
    note("is incomplete");
    return;
  }
  if (handover.version !== state.version) note(`answered under ${handover.version}, not ${state.version}`);
  const row = (one: PersonOfModel) => rowFor(state, rowOf(decision, asker), one, handover.granted ?? 0);
  expectNotPassed(answerAt(state, row(person), decision.id), "bend", note);
  expectNotPassed(answerAt(state, row(asker), decision.id), "handover", note);
  const { explanation } = handover;
  expectSeen(history, { row: row(person), from, without: decision.id, explanation }, note);
  const version = handover.version ?? state.version;
  const verdicts = ["allow", "bend"];
  const said = answerFrom(known, version, row(person), explanation);
  if (!verdicts.includes(said.verdict)) note(`granted on what is ${said.verdict}`);
}

/** Each check must have seen what was there at some moment between the request and its commit. */
function expectSeen(
  history: History,
  asked: { row: SimulationRow; from: number; without: string | null; explanation: Explanation },
  note: (what: string) => void,
): void {
  const { states, place } = history;
  for (const check of asked.explanation.checks) {
    if (check.used === null || check.reserved === null) continue;
    const of = (state: State) => {
      const limit: Limit | undefined = state.policy.limits.find(({ id }) => id === check.id);
      if (check.id !== "order-refundable" && !limit) return null;
      const row = { ...asked.row, customer: rowFor(state, asked.row, personIn(asked.row), 0).customer };
      return usedAt(state, row, limit ? { limit } : "order-refundable", asked.without);
    };
    if (!wasSeen(history, asked.from, of, [check.used, check.reserved])) {
      const now = of(states[place] as State);
      note(`${check.id} saw ${check.used} used, ${check.reserved} held; at its place it is ${now}`);
    }
  }
}

function personIn(row: SimulationRow): PersonOfModel {
  return { id: row.employee, role: row.role === "manager" ? "manager" : "agent", team: row.team ?? null };
}

type Pair = readonly [number, number];

/** Whether a pair of sums was to be seen, as states follow each other, or with some of those at once not showing yet. */
function wasSeen(
  { states, committed, place }: History,
  from: number,
  of: (state: State) => Pair | null,
  seen: Pair,
): boolean {
  const timeOf = (at: number) => committed[at]?.committedAt ?? Number.NEGATIVE_INFINITY;
  /** Each state's sums, the latest first, and when what led to it was committed. */
  const sums: { pair: Pair; at: number }[] = [];
  for (let at = place; at >= 0; at--) {
    const pair = of(states[at] as State);
    if (!pair) break;
    if (pair[0] === seen[0] && pair[1] === seen[1]) return true;
    sums.push({ pair, at: timeOf(at - 1) });
    if (timeOf(at - 1) < from - SLACK_MS - AT_ONCE_MS) break;
  }
  return sums.some(({ pair, at }, index) => {
    const changes: Pair[] = [];
    for (let one = index; one + 1 < sums.length && changes.length < MOST_AT_ONCE; one++) {
      const [after, before] = [sums[one], sums[one + 1]];
      if (!after || !before || after.at < at - AT_ONCE_MS) break;
      const change: Pair = [after.pair[0] - before.pair[0], after.pair[1] - before.pair[1]];
      if (change[0] !== 0 || change[1] !== 0) changes.push(change);
    }
    return missing(changes, [pair[0] - seen[0], pair[1] - seen[1]]);
  });
}

/** Whether some of the changes together come to what is missing. */
function missing(changes: readonly Pair[], rest: Pair): boolean {
  if (rest[0] === 0 && rest[1] === 0) return true;
  const [first, ...others] = changes;
  if (!first) return false;
  return missing(others, rest) || missing(others, [rest[0] - first[0], rest[1] - first[1]]);
}

function answerFrom(known: Known, version: number, row: SimulationRow, explanation: Explanation) {
  const policy = known.policies.get(version);
  if (!policy) throw new Error(`There is no version ${version}.`);
  const seen = new Map<string, { used: number; reserved: number }>();
  for (const { id, used, reserved } of explanation.checks) {
    if (used !== null && reserved !== null) seen.set(id, { used, reserved });
  }
  return answerGiven(policy, row, seen);
}

/** From what its checks saw, the verdict and all that the explanation says must follow. */
function expectFollows(
  known: Known,
  version: number,
  row: SimulationRow,
  explanation: Explanation,
  verdict: string,
  note: (what: string) => void,
): void {
  const said = answerFrom(known, version, row, explanation);
  const checks = (some: readonly { id: string; effect: string; left?: number | null }[]) =>
    JSON.stringify(some.map(({ id, effect, left }) => [id, effect, left ?? null]));
  if (said.verdict !== verdict || said.binding !== explanation.binding) {
    note(`is ${verdict} by ${explanation.binding}, and should be ${said.verdict} by ${said.binding}`);
  } else if (checks(said.checks) !== checks(explanation.checks)) {
    note(`says ${checks(explanation.checks)}, and should say ${checks(said.checks)}`);
  }
}
