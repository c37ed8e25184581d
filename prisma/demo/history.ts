import { randomUUID } from "node:crypto";
import type { EmployeeActor } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { decide } from "@/lib/decisions/decide";
import type { Person } from "./people";
import type { DemoRequest } from "./requests";

/** What the history is written into. */
export interface Place {
  organizationId: string;
  organizationName: string;
  currency: string;
  timeZone: string;
  handoverMinutes: number;
  /** The last moment that is told of; epoch milliseconds. */
  now: number;
  people: ReadonlyMap<string, Person & { id: string }>;
  customers: ReadonlyMap<string, string>;
  orders: ReadonlyMap<string, string>;
}

/** A handover whose deadline passed unanswered. */
interface Expiry {
  at: number;
  decisionId: string;
  employee: string;
  customer: string;
}

/** One thing that happens: its moment, whom it concerns, and the doing of it. */
interface Happening {
  at: number;
  concerns: readonly [employee: string, customer: string];
  happen(): Promise<void>;
}

/** As many as a small pool serves at once. */
const WAVE = 8;

/**
 * Tells the past through the same function that decides in the present, in order of time.
 *
 * What concerns neither the same employee nor the same customer changes nothing for one another, so up to eight such
 * happenings go at once, and the outcome is that of doing them one by one.
 */
export function createHistory(place: Place) {
  const expiries: Expiry[] = [];
  const patience = place.handoverMinutes * 60_000;

  async function ask(request: DemoRequest): Promise<void> {
    const answer = await decide({
      actor: actorOf(place, request.employee),
      input: {
        customer: idIn(place.customers, request.customerRef),
        order: request.orderRef === null ? null : idIn(place.orders, request.orderRef),
        remedy: request.remedy,
        amount: request.amount,
        currency: place.currency,
        note: request.note,
        case: request.case,
      },
      idempotencyKey: request.key,
      now: new Date(request.at),
    });
    if (!answer.ok) throw new Error(`${request.key} was refused: ${JSON.stringify(answer)}`);
    const { id, verdict } = answer.decision;
    const deadline = request.at + patience;
    if (id === null || verdict !== "handover" || deadline > place.now) return;
    expiries.push({
      at: deadline,
      decisionId: id,
      employee: request.employee,
      customer: request.customerRef,
    });
    expiries.sort((a, b) => a.at - b.at);
  }

  async function expire({ at, decisionId }: Expiry): Promise<void> {
    const moment = new Date(at);
    await pool().query("select expire_handover($1, $2, $3, $4)", [
      place.organizationId,
      decisionId,
      moment,
      newId(moment),
    ]);
  }

  /** Lets the requests happen, and what falls due up to `until` (epoch milliseconds). */
  async function tell(requests: readonly DemoRequest[], until: number, progress: () => void): Promise<void> {
    let told = 0;
    const next = (): Happening | undefined => {
      const request = requests[told];
      const expiry = expiries[0];
      if (expiry && expiry.at <= (request?.at ?? until)) {
        return { at: expiry.at, concerns: [expiry.employee, expiry.customer], happen: () => expire(expiry) };
      }
      if (!request) return undefined;
      return {
        at: request.at,
        concerns: [request.employee, request.customerRef],
        happen: async () => {
          await ask(request);
          progress();
        },
      };
    };
    const takeNext = () => {
      const expiry = expiries[0];
      if (expiry && expiry.at <= (requests[told]?.at ?? until)) expiries.shift();
      else told += 1;
    };
    for (;;) {
      const wave: Happening[] = [];
      const busy = new Set<string>();
      for (let happening = next(); happening && wave.length < WAVE; happening = next()) {
        // A handover of this wave falls due only after it.
        const tooLate = happening.at - (wave[0]?.at ?? happening.at) >= patience;
        if (tooLate || happening.concerns.some((who) => busy.has(who))) break;
        for (const who of happening.concerns) busy.add(who);
        wave.push(happening);
        takeNext();
      }
      if (wave.length === 0) return;
      await Promise.all(wave.map(({ happen }) => happen()));
    }
  }

  return { tell };
}

function idIn(ids: ReadonlyMap<string, string>, ref: string): string {
  const id = ids.get(ref);
  if (id === undefined) throw new Error(`${ref} is missing.`);
  return id;
}

function actorOf(place: Place, email: string): EmployeeActor {
  const person = place.people.get(email);
  if (!person) throw new Error(`${email} is missing.`);
  return {
    kind: "employee",
    organizationId: place.organizationId,
    organizationName: place.organizationName,
    currency: place.currency,
    timeZone: place.timeZone,
    employeeId: person.id,
    name: person.name,
    email,
    role: person.role,
    team: person.team,
    sessionId: randomUUID(),
    passwordOneTime: false,
  };
}
