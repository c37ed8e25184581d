import { setTimeout as sleep } from "node:timers/promises";
import type { EmployeeActor } from "@/lib/auth/types";
import { databaseTrouble } from "@/lib/db/health";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { workOn } from "@/lib/execution/work";
import { answerHandover, withdrawHandover } from "@/lib/handovers/mutations";
import { mergeCustomers, unmergeCustomers } from "@/lib/merges/mutations";
import { publishedVersion } from "@/lib/policies/data";
import { reverseDecision } from "@/lib/reversals/mutations";
import { sealHistory } from "@/lib/seals/sealer";
import { splitLimit } from "@/lib/slots/mutations";
import { testDatabase } from "../../setup/database";
import { faultsOfFile } from "../../setup/faults";
import { scenario } from "../../setup/scenario";
import {
  AGENTS,
  type Crash,
  CUSTOMERS,
  FIRST_POLICY,
  NOTE,
  ORDER_PAID,
  PEOPLE,
  type Phase,
  type Random,
  randomOf,
  teamOf,
  type Wish,
} from "./world";

export interface Person {
  actor: EmployeeActor;
  role: "agent" | "manager";
  team: string | null;
}

export interface Inhabited {
  s: Awaited<ReturnType<typeof scenario>>;
  people: Person[];
  customers: string[];
  /** One order of each customer. */
  orders: string[];
}

/** What became of a wish: done, refused with a code, nothing to do, or nobody knows. */
export type Outcome =
  | { is: "done"; id: string | null }
  | { is: "refused"; code: string }
  | { is: "idle" }
  | { is: "unknown" };

/** A wish that somebody had, from when to when it was under way (epoch milliseconds), and the world's time then. */
export interface Lived {
  wish: Wish;
  /** What it is about, once that is chosen: a decision, a merge, or the record to be merged. */
  chosen: string | null;
  at: Date;
  from: number;
  to: number;
  outcome: Outcome;
}

/** A Monday in New York, six days before its clocks are put forward. */
const BEGINNING = Date.parse("2026-03-02T15:00:00Z");
const MINUTE = 60_000;

export async function inhabit(): Promise<Inhabited> {
  const s = await scenario(FIRST_POLICY);
  const people: Person[] = [];
  for (let person = 0; person < PEOPLE; person++) {
    const role = person < AGENTS ? ("agent" as const) : ("manager" as const);
    const team = teamOf(person);
    people.push({ actor: await s.employee(role, { team }), role, team: team ?? null });
  }
  const customers: string[] = [];
  const orders: string[] = [];
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    const id = await s.customer();
    customers.push(id);
    orders.push(await s.order(id, ORDER_PAID));
  }
  return { s, people, customers, orders };
}

/** Lives through a history, and answers what was wished and what became of it. */
export async function live(world: Inhabited, seed: number, phases: readonly Phase[]): Promise<Lived[]> {
  const lived: Lived[] = [];
  let time = BEGINNING;
  for (const [index, phase] of phases.entries()) {
    time += phase.minutesLater * MINUTE;
    await livePhase(world, phase, new Date(time), lived, randomOf(seed * 1_000 + index));
  }
  return lived;
}

async function livePhase(world: Inhabited, phase: Phase, at: Date, lived: Lived[], random: Random) {
  let done = 0;
  let crashing: Promise<void> | undefined;
  const mine: Lived[] = [];
  const actors = await Promise.allSettled(
    phase.actors.map(async (wishes) => {
      for (const wish of wishes) {
        const one: Lived = { wish, chosen: null, at, from: Date.now(), to: 0, outcome: { is: "unknown" } };
        mine.push(one);
        await tryTo(world, one);
        done++;
        if (phase.crash && !crashing && done > phase.crash.after) crashing = crash(phase.crash.what, random);
        if (one.outcome.is === "unknown") await sleep(15);
      }
    }),
  );
  await crashing;
  const { proxy, server } = faultsOfFile();
  proxy.heal();
  await server.back();
  for (const actor of actors) if (actor.status === "rejected") throw actor.reason;
  // What has a key is asked for again under it, until an answer comes.
  const inDoubt = mine.filter(
    ({ wish, outcome }) => outcome.is === "unknown" && (wish.kind === "decide" || wish.kind === "reverse"),
  );
  for (const one of inDoubt) {
    for (const until = Date.now() + 30_000; one.outcome.is === "unknown" && Date.now() < until; ) {
      await tryTo(world, one);
    }
    if (one.outcome.is === "unknown") throw new Error(`Nobody answers ${JSON.stringify(one.wish)}.`);
  }
  lived.push(...mine);
}

async function crash(what: Crash, random: Random): Promise<void> {
  const { proxy, server } = faultsOfFile();
  switch (what) {
    case "kill the server":
      server.kill(random() < 0.5 ? "postmaster" : undefined);
      await server.back();
      break;
    case "kill its connections":
      await testDatabase().pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'leeway'",
      );
      break;
    case "cut the network":
      proxy.cut();
      break;
    case "cut calls at random":
      proxy.onCall = () =>
        random() < 0.1 ? { cut: random() < 0.5 ? ("before" as const) : ("after" as const) } : undefined;
      await sleep(150);
      proxy.onCall = undefined;
      break;
    case "lose answers":
      proxy.loseAnswers();
      await sleep(50);
      proxy.heal();
      break;
    case "stall":
      proxy.stall();
      await sleep(150);
      proxy.heal();
      break;
    default:
      throw new Error(`No such crash: ${what satisfies never}.`);
  }
}

/** Does what is wished, or finds that it can't be known whether it was done. Anything unforeseen is thrown. */
async function tryTo(world: Inhabited, one: Lived): Promise<void> {
  try {
    one.chosen ??= await choose(world, one.wish);
  } catch {
    // Nothing was asked of the app yet: whoever looks around finds the server gone.
    one.outcome = { is: one.wish.kind === "reverse" ? "unknown" : "idle" };
    one.to = Date.now();
    return;
  }
  try {
    one.outcome = await fulfil(world, one);
  } catch (error) {
    if (databaseTrouble(error) === null) throw error;
    one.outcome = { is: "unknown" };
  }
  one.to = Date.now();
}

/** What there is to choose from, the newest last: half of the time one of the last few. */
const CHOICES: Partial<Record<Wish["kind"], string>> = {
  answer:
    "select decision_id as id from handovers where organization_id = $1 and (status = 'waiting' or random() < 0.05)",
  withdraw: "select decision_id as id from handovers where organization_id = $1 and status = 'waiting'",
  expire: "select decision_id as id from handovers where organization_id = $1 and status = 'waiting'",
  execute: "select id from decisions where organization_id = $1 and status = 'posted'",
  reverse: "select id from decisions where organization_id = $1 and (status = 'posted' or random() < 0.02)",
  unmerge: "select id from customer_merges where organization_id = $1 and undone_at is null",
};

async function choose({ s, customers }: Inhabited, wish: Wish): Promise<string | null> {
  if (wish.kind === "merge") return customers[wish.from] ?? null;
  const query = CHOICES[wish.kind];
  if (!query || !("pick" in wish)) return null;
  const { rows } = await testDatabase().pool.query<{ id: string }>(`${query} order by 1`, [s.organizationId]);
  const from = wish.pick < 0.5 ? Math.max(0, rows.length - 12) : 0;
  const some = rows.slice(from);
  return some[Math.floor(((wish.pick * 2) % 1) * some.length)]?.id ?? null;
}

async function fulfil(world: Inhabited, { wish, chosen, at }: Lived): Promise<Outcome> {
  const { s, people, customers, orders } = world;
  const { organizationId } = s;
  const person = (index: number) => {
    const found = people[index];
    if (!found) throw new Error("Nobody.");
    return found.actor;
  };
  const manager = {
    actor: { kind: "employee" as const, id: s.manager.employeeId },
    employeeId: s.manager.employeeId,
  };
  if ("pick" in wish && chosen === null) return { is: "idle" };

  switch (wish.kind) {
    case "decide": {
      const answer = await s.ask(
        {
          customer: customers[wish.customer] ?? "",
          order: wish.ofOrder ? orders[wish.customer] : undefined,
          remedy: wish.remedy,
          amount: wish.amount,
          note: NOTE,
        },
        { actor: person(wish.person), key: wish.key, now: at },
      );
      return answer.ok ? { is: "done", id: answer.decision.id } : refused(answer.code);
    }
    case "answer": {
      const handoverId = await handoverOf(chosen);
      const answer = await answerHandover({
        actor: person(wish.person),
        handoverId,
        input: {
          answer: wish.answer,
          note: NOTE,
          ...(wish.answer === "adjust" ? { amount: wish.amount } : {}),
        },
        now: at,
      });
      return answer.ok ? { is: "done", id: chosen } : refused(answer.code);
    }
    case "withdraw": {
      const handoverId = await handoverOf(chosen);
      const { rows } = await testDatabase().pool.query("select asked_by from handovers where id = $1", [
        handoverId,
      ]);
      const employeeId = rows[0]?.asked_by;
      const actor = { kind: "employee" as const, id: employeeId };
      const answer = await withdrawHandover({ organizationId, handoverId, employeeId, actor, now: at });
      return answer.ok ? { is: "done", id: chosen } : refused(answer.code);
    }
    case "expire": {
      const text = "select expire_handover($1, $2, $3, $4) as done";
      const { rows } = await pool().query(text, [organizationId, chosen, at, newId(at)]);
      return rows[0]?.done ? { is: "done", id: chosen } : { is: "idle" };
    }
    case "execute": {
      // The worker hears of what is due, and of nothing before.
      const { rowCount } = await testDatabase().pool.query(
        "select from jobs where organization_id = $1 and decision_id = $2 and kind = 'execute' and run_at <= $3",
        [organizationId, chosen, at],
      );
      if (rowCount) await workOn({ organizationId, decisionId: chosen ?? "", clock: () => at });
      return { is: "idle" };
    }
    case "reverse": {
      const answer = await reverseDecision({
        actor: person(wish.person),
        decisionId: chosen ?? "",
        reason: wish.undo ? null : NOTE,
        idempotencyKey: wish.key,
        now: at,
      });
      return answer.ok ? { is: "done", id: chosen } : refused(answer.code);
    }
    case "merge": {
      const answer = await mergeCustomers({
        organizationId,
        duplicateId: chosen ?? "",
        customerId: customers[wish.into] ?? "",
        reason: NOTE,
        writer: manager,
        now: at,
      });
      return answer.ok ? { is: "done", id: chosen } : refused(answer.code);
    }
    case "unmerge": {
      const answer = await unmergeCustomers({
        organizationId,
        mergeId: chosen ?? "",
        writer: manager,
        now: at,
      });
      return answer.ok ? { is: "done", id: chosen } : refused(answer.code);
    }
    case "publish": {
      const base = await publishedVersion(organizationId);
      const answer = await s.publish(base, { limits: wish.limits }, at);
      return answer.ok ? { is: "done", id: String(answer.version) } : refused(answer.code);
    }
    case "split": {
      const answer = await splitLimit({ organizationId, limitId: wish.limit, slots: wish.slots, now: at });
      return answer.ok ? { is: "done", id: answer.definition } : refused(answer.code);
    }
    case "seal":
      await sealHistory({ organizationId, eventsPerSeal: 20, now: () => new Date() });
      return { is: "idle" };
    default:
      throw new Error(`Nobody can wish for ${JSON.stringify(wish satisfies never)}.`);
  }
}

function refused(code: string): Outcome {
  return { is: "refused", code };
}

async function handoverOf(decisionId: string | null): Promise<string> {
  const { rows } = await testDatabase().pool.query<{ id: string }>(
    "select id from handovers where decision_id = $1",
    [decisionId],
  );
  return rows[0]?.id ?? "";
}
