import { randomUUID } from "node:crypto";
import type { EmployeeActor } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { tenantDb } from "@/lib/db/prisma";
import { decide } from "@/lib/decisions/decide";
import { answerHandover } from "@/lib/handovers/mutations";
import { keepUnsent } from "@/lib/unsent/mutations";
import type { Person } from "./people";
import type { DemoAnswer, DemoRequest } from "./requests";
import { type DemoSurvey, demoSurvey } from "./surveys";
import type { DemoLeft, DemoUnsent } from "./unsent";

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

/** What the past is told from, in order of time: what was asked for, and what was left without being sent. */
export type DemoMoment = DemoRequest | DemoLeft;

/** One thing that happens: its moment, whom it concerns, and the doing of it. */
interface Happening {
  at: number;
  concerns: readonly string[];
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
export function createHistory(place: Place, looks: DemoUnsent["looks"]) {
  /** What comes of handovers: an answer, or none before the deadline. The earliest first. */
  const due: Happening[] = [];
  /** What customers say of it afterwards. */
  const surveys: DemoSurvey[] = [];
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
    const look = looks.get(request.key);
    if (look && id !== null) {
      const { customerRef, orderRef, remedy, employee } = request;
      const { cause, channel } = request.case;
      const looked = { customerRef, remedy, employee, cause, channel, ...look };
      await keep({ ...looked, orderRef, sent: id, now: request.at + 1000 });
    }
    if (id === null) return;
    const said = demoSurvey(request, verdict);
    if (said && said.at <= place.now) surveys.push({ ...said, decisionId: id, reference: request.key });
    if (verdict !== "handover") return;
    const { employee, customerRef, answer: reply } = request;
    const answered = request.at + (reply?.minutes ?? 0) * 60_000;
    if (reply && answered <= place.now) {
      const concerns = [employee, customerRef, reply.by];
      due.push({ at: answered, concerns, happen: () => give(id, reply, new Date(answered)) });
    } else if (request.at + patience <= place.now) {
      const at = request.at + patience;
      due.push({ at, concerns: [employee, customerRef], happen: () => expire(id, new Date(at)) });
    }
    due.sort((a, b) => a.at - b.at);
  }

  async function give(decisionId: string, { by, amount, note }: DemoAnswer, now: Date): Promise<void> {
    const handover = await tenantDb(place.organizationId).handover.findFirstOrThrow({
      where: { organizationId: place.organizationId, decisionId },
      select: { id: true },
    });
    const answer = await answerHandover({
      actor: actorOf(place, by),
      handoverId: handover.id,
      input: { answer: amount === null ? "decline" : "adjust", amount: amount ?? undefined, note },
      now,
    });
    // A seed that goes on where it stopped meets its own answers.
    if (!answer.ok && answer.code !== "handover_answered") {
      throw new Error(`The answer to ${decisionId} was refused: ${JSON.stringify(answer)}`);
    }
  }

  /** As the desk does, a moment after it was left or something lower was sent. */
  async function keep(
    looked: DemoLeft & { orderRef?: string | null; sent?: string; now: number },
  ): Promise<void> {
    const { intent, remedy, amount, cause, channel, sent, orderRef } = looked;
    await keepUnsent({
      actor: actorOf(place, looked.employee),
      input: {
        intent,
        began: new Date(looked.at).toISOString(),
        customer: idIn(place.customers, looked.customerRef),
        order: orderRef ? idIn(place.orders, orderRef) : null,
        remedy,
        amount,
        currency: place.currency,
        cause,
        channel,
        sent,
      },
      now: new Date(looked.now),
    });
  }

  async function expire(decisionId: string, moment: Date): Promise<void> {
    await pool().query("select expire_handover($1, $2, $3, $4)", [
      place.organizationId,
      decisionId,
      moment,
      newId(moment),
    ]);
  }

  /** Lets the moments happen, and what falls due up to `until` (epoch milliseconds). */
  async function tell(moments: readonly DemoMoment[], until: number, progress: () => void): Promise<void> {
    let told = 0;
    const next = (): Happening | undefined => {
      const moment = moments[told];
      const [first] = due;
      if (first && first.at <= (moment?.at ?? until)) return first;
      if (!moment) return undefined;
      return {
        at: moment.at,
        concerns: [moment.employee, moment.customerRef],
        happen: async () => {
          if ("intent" in moment) return keep({ ...moment, now: moment.at });
          await ask(moment);
          progress();
        },
      };
    };
    const takeNext = () => {
      const [first] = due;
      if (first && first.at <= (moments[told]?.at ?? until)) due.shift();
      else told += 1;
    };
    for (;;) {
      const wave: Happening[] = [];
      const busy = new Set<string>();
      for (let happening = next(); happening && wave.length < WAVE; happening = next()) {
        // The deadline of a handover of this wave comes only after it; an answer concerns nobody who comes later in it.
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

  return { tell, surveys };
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
