import { describe, expect, it } from "vitest";
import type { EmployeeActor } from "@/lib/auth/types";
import { pool } from "@/lib/db/pool";
import { eraseEmployee } from "@/lib/personal-data/mutations";
import { findFirstView, listViews } from "@/lib/saved-views/data";
import { chooseFirstView, removeView, saveView } from "@/lib/saved-views/mutations";
import { type SaveViewInput, VIEWS_EACH } from "@/lib/saved-views/schema";
import { createCustomer } from "../factories/customers";
import { testDatabase } from "../setup/database";
import { scenario } from "../setup/scenario";

const keeper = (actor: EmployeeActor) => ({
  organizationId: actor.organizationId,
  employeeId: actor.employeeId,
  role: actor.role,
  writer: { kind: "employee", id: actor.employeeId } as const,
  at: new Date(),
});

const INPUT: SaveViewInput = {
  id: null,
  name: "Bends",
  shared: false,
  first: false,
  query: { verdict: "bend" },
};

const save = (actor: EmployeeActor, input: Partial<SaveViewInput> = {}) =>
  saveView({ ...keeper(actor), input: { ...INPUT, ...input } });

async function saved(actor: EmployeeActor, input: Partial<SaveViewInput> = {}): Promise<string> {
  const answer = await save(actor, input);
  if (!answer.ok) throw new Error(answer.code);
  return answer.id;
}

const names = async (actor: EmployeeActor) =>
  (await listViews(actor.organizationId, actor.employeeId)).map(({ name }) => name);

async function house() {
  const s = await scenario();
  return {
    ...s,
    other: await s.employee("manager"),
    auditor: await s.employee("auditor"),
    admin: await s.employee("admin"),
  };
}

// Risk: what somebody put together for themselves stands before everybody, or is changed by another.
describe("a view", () => {
  it("is its owner's alone, until they share it", async () => {
    const { manager, other } = await house();
    const id = await saved(manager);
    expect(await listViews(manager.organizationId, manager.employeeId)).toEqual([
      {
        id,
        name: "Bends",
        query: { verdict: "bend" },
        shared: false,
        owner: "An manager",
        own: true,
        first: false,
      },
    ]);
    expect(await names(other)).toEqual([]);
    await saved(manager, { id, shared: true });
    expect(await listViews(other.organizationId, other.employeeId)).toMatchObject([
      { id, own: false, first: false },
    ]);
  });

  it("is kept anew by its owner and by nobody else", async () => {
    const { manager, other } = await house();
    const id = await saved(manager, { shared: true });
    await saved(manager, {
      id,
      name: "Bends of gifts",
      query: { verdict: "bend", remedy: "gift" },
      shared: true,
    });
    expect(await names(manager)).toEqual(["Bends of gifts"]);
    expect(await save(other, { id })).toEqual({ ok: false, code: "missing" });
    expect(await removeView({ ...keeper(other), id })).toEqual({ ok: false, code: "not_allowed" });
    expect(await names(manager)).toEqual(["Bends of gifts"]);
  });

  it("can be shared by those who lead, kept for themselves by an auditor, and tidied by an admin", async () => {
    const { manager, auditor, admin } = await house();
    expect(await save(auditor, { shared: true })).toEqual({ ok: false, code: "not_allowed" });
    await saved(auditor);
    const id = await saved(manager, { shared: true });
    expect(await removeView({ ...keeper(admin), id })).toEqual({ ok: true });
    expect(await names(manager)).toEqual([]);
    const hidden = await saved(manager);
    expect(await removeView({ ...keeper(admin), id: hidden })).toEqual({ ok: false, code: "missing" });
  });

  it("has a name that its owner uses once, also when two are saved at once; others may use it too", async () => {
    const { manager, other } = await house();
    const answers = await Promise.all(Array.from({ length: 6 }, () => save(manager)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.code === "name_taken")).toHaveLength(5);
    await saved(other);
    expect(await names(manager)).toEqual(["Bends"]);
  });

  it("is one of no more than somebody finds anything in", async () => {
    const { manager } = await house();
    for (let turn = 0; turn < VIEWS_EACH; turn++) await saved(manager, { name: `View ${turn}` });
    expect(await save(manager, { name: "One more" })).toEqual({ ok: false, code: "too_many" });
  });

  // Risk: an address that was typed with somebody's mail keeps it after they are erased.
  it("names people and customers by id, whatever the address named them by", async () => {
    const { manager, agent, organizationId } = await house();
    const customer = await createCustomer({ organizationId }, { ref: "secret-ref" });
    await saved(manager, { query: { employee: agent.email, customer: "secret-ref" } });
    const [view] = await listViews(organizationId, manager.employeeId);
    expect(view?.query).toEqual({ employee: agent.employeeId, customer: customer.id });
  });

  it("is what somebody begins with, until it is gone, shared no longer, or they want every action", async () => {
    const { manager, other } = await house();
    const mine = await saved(other, { first: true });
    const shared = await saved(manager, { shared: true });
    const first = () => findFirstView(other.organizationId, other.employeeId);
    expect(await first()).toEqual({ id: mine, query: { verdict: "bend" } });
    expect(await chooseFirstView({ ...keeper(other), id: shared })).toEqual({ ok: true });
    expect((await first())?.id).toBe(shared);
    await saved(manager, { id: shared, shared: false });
    expect(await first()).toBeNull();
    await saved(manager, { id: shared, shared: true });
    expect((await first())?.id).toBe(shared);
    await removeView({ ...keeper(manager), id: shared });
    expect(await first()).toBeNull();
    await chooseFirstView({ ...keeper(other), id: mine });
    await chooseFirstView({ ...keeper(other), id: null });
    expect(await first()).toBeNull();
    const hidden = await saved(manager);
    expect(await chooseFirstView({ ...keeper(other), id: hidden })).toEqual({ ok: false, code: "missing" });
  });

  it("of another organization is not there", async () => {
    const one = await house();
    const stranger = await house();
    const id = await saved(one.manager, { shared: true });
    expect(await names(stranger.manager)).toEqual([]);
    expect(await removeView({ ...keeper(stranger.admin), id })).toEqual({ ok: false, code: "missing" });
    expect(await chooseFirstView({ ...keeper(stranger.manager), id })).toEqual({
      ok: false,
      code: "missing",
    });
    const { rowCount } = await pool().query("select 1 from saved_views limit 1");
    expect(rowCount).toBe(0);
  });

  it("that is shared, or taken away, is written down; one's own is nobody's business", async () => {
    const { manager } = await house();
    const id = await saved(manager, { shared: true });
    await saved(manager, { name: "Mine" });
    await removeView({ ...keeper(manager), id });
    const { rows } = await testDatabase().pool.query(
      "select action from audit_events where organization_id = $1 and subject_kind = 'view' order by id",
      [manager.organizationId],
    );
    expect(rows.map(({ action }) => action)).toEqual(["view.shared", "view.removed"]);
  });

  it("stays for the house when its owner is erased, under no name of theirs", async () => {
    const { manager, other } = await house();
    await saved(manager, { shared: true });
    await eraseEmployee({
      organizationId: manager.organizationId,
      employeeId: manager.employeeId,
      reason: "request",
      writer: { kind: "system", id: null },
      at: new Date(),
    });
    expect(await listViews(other.organizationId, other.employeeId)).toMatchObject([
      { name: "Bends", owner: "Former employee" },
    ]);
  });
});
