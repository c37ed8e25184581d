import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { auditActor } from "@/lib/audit/mutations";
import type { EmployeeActor } from "@/lib/auth/types";
import { inTenant } from "@/lib/db/prisma";
import { findDecision } from "@/lib/decisions/data";
import { listByHand, listExecutions, listOwned } from "@/lib/execution/data";
import { beginExecution } from "@/lib/execution/mutations";
import { setOwner, settleByHand, settleUnknown } from "@/lib/execution/settle";
import { byTest, serve } from "../setup/executions";
import { decided, scenario } from "../setup/scenario";

type House = Awaited<ReturnType<typeof house>>;

const DAY_MS = 86_400_000;

async function house() {
  const s = await scenario();
  const customer = await s.customer();
  return { s, customer, other: await s.employee("manager") };
}

/** Something that is on the list of what people carry out. */
async function toDo({ s, customer }: House, remedy: "gift" | "upgrade" = "gift"): Promise<string> {
  const id = decided(await s.ask({ customer, remedy, amount: 1200 })).id ?? "";
  await beginExecution(s.organizationId, id, new Date(Date.now() + 31_000));
  return id;
}

/** After everything that a worker did before. */
function by(actor: EmployeeActor) {
  const now = new Date(Date.now() + 2 * DAY_MS);
  return { organizationId: actor.organizationId, actor: auditActor(actor), now };
}

/** As whoever leads, or as somebody who may only speak of what is theirs. */
const settler = (actor: EmployeeActor, mustOwn: boolean) => ({
  ...by(actor),
  employeeId: actor.employeeId,
  mustOwn,
});

const ownerOf = async ({ s }: House, id: string) => {
  const filter = { owner: "anyone", due: "any" } as const;
  const list = await listByHand(s.organizationId, {
    ...filter,
    ...{ employeeId: s.manager.employeeId, limit: 50, now: new Date() },
  });
  const item = list.find(({ decisionId }) => decisionId === id);
  return { owner: item?.owner?.name ?? null, due: item?.dueAt ?? null };
};

describe("something to do by hand", () => {
  it("is given to somebody with the time by which it is due, stands in their list, and its history tells it", async () => {
    const at = await house();
    const { s } = at;
    const id = await toDo(at);
    const dueAt = new Date(Date.now() + 3 * DAY_MS);
    const { employeeId } = s.agent;
    const given = { decisionId: id, ownerId: employeeId, dueAt, from: null };
    expect(await setOwner({ ...by(s.manager), ...given })).toEqual({ ok: true });
    expect(await ownerOf(at, id)).toEqual({ owner: s.agent.name, due: dueAt.toISOString() });
    const own = await listOwned(s.organizationId, employeeId, { limit: 5, now: new Date() });
    expect(own.map(({ decisionId }) => decisionId)).toEqual([id]);
    const found = await findDecision(s.organizationId, id);
    expect(found?.timeline.at(-1)).toMatchObject({
      ...{ action: "execution.owned", actor: s.manager.name, goesTo: s.agent.name },
      dueAt: dueAt.toISOString(),
    });
    // The same again is no step.
    expect(await setOwner({ ...by(s.manager), ...given })).toEqual({ ok: true });
    expect((await findDecision(s.organizationId, id))?.timeline).toHaveLength(found?.timeline.length ?? 0);
  });

  // Risk: two managers give it away at the same moment, and one of the two people is told of what is not theirs.
  it("is given to one of two by whoever comes first: who comes second is told that it has changed", async () => {
    const at = await house();
    const { s, other } = at;
    const id = await toDo(at);
    const give = (actor: EmployeeActor, to: EmployeeActor) =>
      setOwner({ ...by(actor), decisionId: id, ownerId: to.employeeId, dueAt: null, from: null });
    const answers = await Promise.all([give(s.manager, s.agent), give(other, other)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers).toContainEqual({ ok: false, code: "changed" });
    const first = answers[0]?.ok ? s.agent.name : other.name;
    expect((await ownerOf(at, id)).owner).toBe(first);
  });

  it("goes to nobody who only reads, left, or works elsewhere, and to nobody once it is done", async () => {
    const at = await house();
    const { s } = at;
    const id = await toDo(at);
    const auditor = await s.employee("auditor");
    const gone = await s.employee("agent");
    await inTenant(s.organizationId, (tx) =>
      tx.employee.updateMany({ where: { id: gone.employeeId }, data: { status: "suspended" } }),
    );
    const stranger = (await scenario()).agent;
    const give = (ownerId: string) =>
      setOwner({ ...by(s.manager), decisionId: id, ownerId, dueAt: null, from: null });
    for (const each of [auditor, gone, stranger]) {
      expect(await give(each.employeeId)).toEqual({ ok: false, code: "unable" });
    }
    expect(await give(randomUUID())).toEqual({ ok: false, code: "unable" });
    expect((await ownerOf(at, id)).owner).toBeNull();
    const done = { decisionId: id, of: "execution", outcome: "done", reference: "Parcel 7" } as const;
    expect(await settleByHand(done, settler(s.manager, false))).toEqual({ ok: true });
    expect(await give(s.agent.employeeId)).toEqual({ ok: false, code: "gone" });
  });

  // Risk: an agent ticks off what was given to somebody else, or to nobody.
  it("is ticked off by whoever it was given to, and by nobody else who doesn't lead", async () => {
    const at = await house();
    const { s } = at;
    const id = await toDo(at);
    const done = { decisionId: id, of: "execution", outcome: "done", reference: "Parcel 7" } as const;
    expect(await settleByHand(done, settler(s.agent, true))).toEqual({ ok: false, code: "gone" });
    await setOwner({
      ...by(s.manager),
      ...{ decisionId: id, ownerId: s.agent.employeeId, dueAt: null, from: null },
    });
    const colleague = await s.employee("agent");
    expect(await settleByHand(done, settler(colleague, true))).toEqual({ ok: false, code: "gone" });
    expect(await settleByHand(done, settler(s.agent, true))).toEqual({ ok: true });
    const found = await findDecision(s.organizationId, id);
    expect(found?.execution).toMatchObject({ status: "succeeded", reference: "Parcel 7" });
    expect(found?.timeline.at(-1)).toMatchObject({ action: "execution.succeeded", actor: s.agent.name });
  });
});

// Risk: somebody says that money moved, and nobody can read why they thought so.
describe("what a person said came of an execution of which nobody knew", () => {
  it("is listed with who said so and how they know, and told in the decision's history", async () => {
    const { s, customer } = await house();
    await serve(s, "credit", "stripe");
    const say = { reference: null, of: "execution" } as const;
    const ids: string[] = [];
    for (const moved of [true, false]) {
      const id = decided(await s.ask({ customer, amount: 2500 })).id ?? "";
      const worker = byTest(s, id);
      await worker.begin();
      await worker.note({ outcome: "unknown", detail: "It took too long to answer." });
      const reference = moved ? "re_44" : null;
      const input = { ...say, decisionId: id, moved, reference, reason: `Their dashboard says ${moved}.` };
      expect(await settleUnknown(input, settler(s.manager, false))).toEqual({ ok: true });
      ids.push(id);
    }
    const [moved, not] = ids.map((id) => findDecision(s.organizationId, id));
    expect((await moved)?.execution).toMatchObject({ status: "succeeded", reference: "re_44" });
    expect((await moved)?.timeline.at(-1)).toMatchObject({
      ...{ action: "execution.succeeded", actor: s.manager.name },
      execution: { byPerson: true, reference: "re_44", reason: "Their dashboard says true." },
    });
    expect(await not).toMatchObject({ status: "reversed", execution: { status: "failed" } });
    expect((await not)?.timeline.find(({ action }) => action === "execution.failed")).toMatchObject({
      execution: { byPerson: true, reason: "Their dashboard says false." },
    });
    const list = await listExecutions(s.organizationId, { show: "settled", limit: 5, now: new Date() });
    expect(list.map(({ decisionId, settled }) => [decisionId, settled?.by, settled?.reason])).toEqual([
      [ids[1], s.manager.name, "Their dashboard says false."],
      [ids[0], s.manager.name, "Their dashboard says true."],
    ]);
  });
});
