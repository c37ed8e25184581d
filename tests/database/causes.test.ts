import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { listFreeCauses, listOfferedCauses } from "@/lib/causes/data";
import { addCause, changeCause } from "@/lib/causes/mutations";
import { withTenant } from "@/lib/db/tenant";
import { decide, preview } from "@/lib/decisions/decide";
import { testDatabase } from "../setup/database";
import { decided, scenario } from "../setup/scenario";

const told = (cause: string) => ({ channel: "phone", happened: "It broke.", cause });

async function house() {
  const s = await scenario();
  const writer = { kind: "employee", id: s.manager.employeeId } as const;
  let turn = Date.now();
  // What is written down is in the order of time.
  const write = () => ({ organizationId: s.organizationId, writer, at: new Date(turn++) });
  return {
    ...s,
    add: (name: string, parts: { key?: string; needsNote?: boolean } = {}) =>
      addCause({ ...write(), name, needsNote: false, ...parts }),
    change: (
      cause: { key: string; name: string; needsNote: boolean; revision: number },
      parts: Partial<{ name: string; needsNote: boolean; retired: boolean }>,
    ) => {
      const { key, name, needsNote, revision } = cause;
      return changeCause({ ...write(), key, name, needsNote, revision, retired: false, ...parts });
    },
    offered: () => listOfferedCauses(s.organizationId),
    async events() {
      const { rows } = await testDatabase().pool.query<{ action: string; subject: string; fields: string[] }>(
        `select action, subject_id as subject, data -> 'fields' as fields from audit_events
         where organization_id = $1 and action like 'cause.%' order by id`,
        [s.organizationId],
      );
      return rows;
    },
  };
}

/** The cause of an answer that is expected to have worked. */
function kept(answer: Awaited<ReturnType<typeof addCause>>) {
  if (!answer.ok) throw new Error(`Refused: ${JSON.stringify(answer)}`);
  return answer.cause;
}

describe("the catalogue of causes", () => {
  // Risk: a rename in the settings tears apart what one cause has cost.
  it("renames what people read, and leaves what decisions carry as it is", async () => {
    const h = await house();
    const late = kept(await h.add("Late delivery"));
    expect(late).toMatchObject({ key: "late delivery", name: "Late delivery", revision: 1 });
    const renamed = kept(await h.change(late, { name: "Came too late", needsNote: true }));
    expect(renamed).toMatchObject({
      key: "late delivery",
      name: "Came too late",
      needsNote: true,
      revision: 2,
    });
    expect(await h.offered()).toEqual([{ key: "late delivery", name: "Came too late", needsNote: true }]);
    expect(await h.events()).toEqual([
      { action: "cause.created", subject: "late delivery", fields: ["name", "needsNote", "retired"] },
      { action: "cause.updated", subject: "late delivery", fields: ["name", "needsNote"] },
    ]);
  });

  // Risk: a cause that is no longer offered takes its past along.
  it("retires a cause without losing it, and offers it again", async () => {
    const h = await house();
    const noise = kept(await h.add("Noise"));
    const retired = kept(await h.change(noise, { retired: true }));
    expect(retired.retiredAt).not.toBeNull();
    expect(await h.offered()).toEqual([]);
    // Whoever adds it anew gets the one that there was.
    expect(kept(await h.add("noise", { needsNote: true }))).toMatchObject({
      key: "noise",
      needsNote: true,
      retiredAt: null,
      revision: 3,
    });
  });

  // Risk: two causes of one name, and nobody knows which of them to choose.
  it("offers no two of one name, nor one that is on record as another", async () => {
    const h = await house();
    const late = kept(await h.add("Late delivery"));
    const renamed = kept(await h.change(late, { name: "Too late" }));
    expect(await h.add("TOO  late")).toMatchObject({
      ok: false,
      code: "name_taken",
      by: { key: "late delivery" },
    });
    expect(await h.add("Late Delivery")).toMatchObject({ ok: false, code: "name_taken" });
    const other = kept(await h.add("Other"));
    expect(await h.change(other, { name: "too late" })).toMatchObject({ ok: false, code: "name_taken" });
    expect(await h.change(other, { name: "other" })).toMatchObject({ ok: true });
    expect(renamed.revision).toBe(2);
  });

  // Risk: of two admins who edit at once, the second undoes what the first has done.
  it("is changed by who saw it as it is", async () => {
    const h = await house();
    const late = kept(await h.add("Late"));
    kept(await h.change(late, { needsNote: true }));
    expect(await h.change(late, { name: "Later" })).toMatchObject({
      ok: false,
      code: "moved",
      current: { name: "Late", needsNote: true, revision: 2 },
    });
    expect(await h.change({ ...late, key: "nothing" }, {})).toMatchObject({
      ok: false,
      code: "cause_not_found",
    });
  });

  it("takes one cause once from sixteen who add it at the same time", async () => {
    const h = await house();
    const answers = await Promise.all(Array.from({ length: 16 }, () => h.add("Noise")));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await h.offered()).toHaveLength(1);
  });

  it("is another organization's to see in nothing, and nobody's to delete", async () => {
    const h = await house();
    kept(await h.add("Noise"));
    expect(await listOfferedCauses((await scenario()).organizationId)).toEqual([]);
    const attempt = (sql: string) => withTenant(h.organizationId, (client) => client.query(sql));
    await expect(attempt("delete from causes")).rejects.toThrow(/permission denied/);
    await expect(attempt("update causes set key = 'x'")).rejects.toThrow(/permission denied/);
  });

  it("tells what was written lately and is in no catalogue, the most frequent first", async () => {
    const h = await house();
    const customer = await h.customer();
    kept(await h.add("Noise"));
    for (const cause of ["noise", "carrier", "weather", "carrier"]) {
      decided(await h.ask({ customer, amount: 100, case: told(cause) }));
    }
    expect(await listFreeCauses(h.organizationId, 5, new Date())).toEqual([
      { cause: "carrier", count: 2 },
      { cause: "weather", count: 1 },
    ]);
  });
});

describe("a cause that asks for a note", () => {
  async function asking() {
    const h = await house();
    const other = kept(await h.add("Other", { needsNote: true }));
    const customer = await h.customer();
    const input = { customer, remedy: "credit", amount: 100, currency: "USD", case: told("other") } as const;
    return { ...h, other, customer, input };
  }

  // Risk: the catalogue asks, and only the page listens.
  it("is decided under by a person only with one, and the preview says so before", async () => {
    const { agent, ask, input } = await asking();
    const now = new Date();
    expect(await preview({ actor: agent, input, now })).toMatchObject({ decision: { noteRequired: true } });
    expect(await ask(input)).toMatchObject({ ok: false, code: "note_required", errors: [{ path: "note" }] });
    expect(await ask({ ...input, note: "too short" })).toMatchObject({ code: "note_required" });
    expect(await ask({ ...input, note: "It is none of the others." })).toMatchObject({ ok: true });
    const noted = { ...input, note: "It is none of the others." };
    expect(await preview({ actor: agent, input: noted, now })).toMatchObject({
      decision: { noteRequired: false },
    });
  });

  it("asks for none any more once it is retired", async () => {
    const { change, other, ask, input } = await asking();
    kept(await change(other, { retired: true }));
    expect(await ask(input)).toMatchObject({ ok: true });
  });

  // Risk: a helpdesk that has always named its own causes is refused overnight.
  it("leaves systems that decide by a key alone, and every free text as it is", async () => {
    const { agent, organizationId, ask, customer, input } = await asking();
    const key = {
      kind: "api_key",
      organizationId,
      apiKeyId: randomUUID(),
      scopes: [],
      employee: { id: agent.employeeId, role: "agent", status: "active" },
    } as const;
    expect(await preview({ actor: key, input, now: new Date() })).toMatchObject({
      decision: { noteRequired: false },
    });
    expect(
      await decide({
        actor: agent,
        input: { ...input, case: told("A cause of mine") },
        idempotencyKey: randomUUID(),
        now: new Date(),
      }),
    ).toMatchObject({ ok: true });
    expect(await ask({ customer, amount: 100 })).toMatchObject({ ok: true });
  });
});
