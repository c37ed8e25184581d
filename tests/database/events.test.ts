import { afterAll, describe, expect, it } from "vitest";
import { openSession, peekSession, revokeSession } from "@/lib/auth/sessions";
import { readMarks } from "@/lib/events/data";
import { closeListener, subscribe } from "@/lib/events/listener";
import { eventStream } from "@/lib/events/stream";
import { personAuthor, publishPolicy, saveDraft } from "@/lib/policies/mutations";
import { endTrial, startTrial } from "@/lib/trials/mutations";
import { createEmployee } from "../factories/employees";
import { createOrganization } from "../factories/organizations";
import { testDatabase } from "../setup/database";
import { limit, scenario } from "../setup/scenario";

type Organization = Awaited<ReturnType<typeof createOrganization>>;

/** Without a policy: its publication would be told while the test already listens. */
const anOrganization = () => createOrganization({ policy: null });

const HOUR = 3_600_000;
const stays = async () => true;

afterAll(closeListener);

/** Reads a stream as a browser does: comments are left out, and each event is waited for. */
function reader(stream: ReadableStream<Uint8Array>) {
  const bytes = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  return async (): Promise<{ event: string; data: unknown } | "end"> => {
    for (;;) {
      const [block, ...more] = rest.split("\n\n");
      if (block !== undefined && more.length > 0) {
        rest = more.join("\n\n");
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data === undefined) continue;
        return { event: /^event: (.*)$/m.exec(block)?.[1] ?? "message", data: JSON.parse(data) };
      }
      const { done, value } = await bytes.read();
      if (done) return "end";
      rest += decoder.decode(value, { stream: true });
    }
  };
}

function listen(organizationId: string, options: Partial<Parameters<typeof eventStream>[0]> = {}) {
  const gone = new AbortController();
  const stream = eventStream({ organizationId, signal: gone.signal, mayStay: stays, ...options });
  return { next: reader(stream), leave: () => gone.abort() };
}

function publish({ organizationId, currency, timeZone }: Organization, base: number | null) {
  return publishPolicy({
    organizationId,
    base,
    document: { currency, timeZone, limits: [], rules: [] },
    note: null,
    authorId: null,
    now: new Date(),
  });
}

const POLICY = { event: "message", data: { kind: "policy", id: null } };
const ready = (policy: string) => ({
  event: "ready",
  data: { policy, reconciliation: "", handover: "0", reviews: "", execution: "" },
});
const isReady = (heard: unknown, policy: string) => JSON.stringify(heard) === JSON.stringify(ready(policy));

describe("a stream of events", () => {
  it("begins with how everything stands, and tells each publication of its own organization", async () => {
    const [own, other] = [await anOrganization(), await anOrganization()];
    const { next, leave } = listen(own.organizationId);
    expect(await next()).toEqual(ready(""));
    // Were the other's told as well, it would be one more.
    await publish(other, null);
    await publish(own, null);
    expect(await next()).toEqual(POLICY);
    await publish(own, 1);
    expect(await next()).toEqual(POLICY);
    leave();
    expect(await next()).toBe("end");
  });

  it("tells the beginning and the end of a trial, and nothing of a draft that is saved or of what was refused", async () => {
    const organization = await anOrganization();
    const { organizationId, currency, timeZone } = organization;
    const admin = await createEmployee(organization, { role: "admin", team: "north" });
    const author = { ...personAuthor(admin.id), employeeId: admin.id };
    const { next, leave } = listen(organizationId);
    expect(await next()).toEqual(ready(""));
    await publish(organization, null);
    expect(await next()).toEqual(POLICY);

    const document = { currency, timeZone, limits: [], rules: [] };
    const now = new Date();
    const draft = {
      organizationId,
      version: null,
      revision: null,
      base: 1,
      document,
      note: null,
      author,
      now,
    };
    expect(await saveDraft(draft)).toMatchObject({ ok: true, version: 2 });
    expect(await publish(organization, 7)).toMatchObject({ ok: false, code: "stale" });
    const started = await startTrial({
      organizationId,
      version: 2,
      teamId: admin.teamId ?? "",
      endsAt: new Date(now.getTime() + HOUR),
      author,
      now,
    });
    if (!started.ok) throw new Error(JSON.stringify(started));
    expect(await next()).toEqual(POLICY);
    expect(await readMarks(organizationId, new Date())).toMatchObject({ policy: "1,2", reconciliation: "" });

    await endTrial({ organizationId, trialId: started.trialId, author, now: new Date() });
    expect(await next()).toEqual(POLICY);
    expect(await readMarks(organizationId, new Date())).toMatchObject({ policy: "1", reconciliation: "" });
    leave();
    expect(await next()).toBe("end");
  });

  // Risk: the database is started anew, the stream goes on, and what was published meanwhile is never heard of.
  it("says how everything stands once more when its connection was lost and is back", async () => {
    const organization = await anOrganization();
    const { organizationId } = organization;
    const { next, leave } = listen(organizationId);
    expect(await next()).toEqual(ready(""));
    const killed = await testDatabase().pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'leeway events'`,
    );
    expect(killed.rowCount).toBe(1);
    await publish(organization, null);
    // Told by the mark where the publication fell into the gap, by a message where it came after it.
    let heard = await next();
    while (isReady(heard, "")) heard = await next();
    expect([POLICY, ready("1")]).toContainEqual(heard);
    await publish(organization, 1);
    heard = await next();
    while (heard !== "end" && heard.event === "ready") heard = await next();
    expect(heard).toEqual(POLICY);
    leave();
  });

  it("ends with a word as soon as whoever listens was signed out, and not because that can't be asked", async () => {
    const { organizationId } = await anOrganization();
    const answers = [
      () => Promise.reject(new Error("Connection terminated")),
      () => Promise.resolve(true),
      () => Promise.resolve(false),
    ];
    let asked = 0;
    const { next } = listen(organizationId, {
      pulseMs: 20,
      mayStay: () => (answers[asked++] ?? stays)(),
    });
    expect(await next()).toEqual(ready(""));
    expect(await next()).toEqual({ event: "over", data: { reason: "signed_out" } });
    expect(await next()).toBe("end");
    expect(asked).toBe(3);
  });

  it("ends at the end of its life, and at once for somebody who has left before it began", async () => {
    const { organizationId } = await anOrganization();
    const short = listen(organizationId, { lifetimeMs: 1 });
    while ((await short.next()) !== "end");
    const gone = AbortSignal.abort();
    const late = reader(eventStream({ organizationId, signal: gone, mayStay: stays }));
    expect(await late()).toBe("end");
  });

  it("is opened and closed by whoever reads it, and everybody else goes on to hear", async () => {
    const organization = await anOrganization();
    const { organizationId } = organization;
    const [first, second] = [listen(organizationId), listen(organizationId)];
    await first.next();
    await second.next();
    first.leave();
    await publish(organization, null);
    expect(await second.next()).toEqual(POLICY);
    expect(await first.next()).toBe("end");
    second.leave();
  });
});

describe("the connection that listens", () => {
  const connections = async () => {
    const { rows } = await testDatabase().pool.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and application_name = 'leeway events'`,
    );
    return rows[0]?.count;
  };

  it("is one for all who hear, and is opened anew after it was closed", async () => {
    const subscribed = (organizationId: string) =>
      new Promise<() => void>((resolve) => {
        const leave = subscribe(organizationId, { onEvent: () => {}, onListening: () => resolve(leave) });
      });
    const [one, other] = [await createOrganization(), await createOrganization()];
    const leave = [await subscribed(one.organizationId), await subscribed(other.organizationId)];
    expect(await connections()).toBe(1);
    for (const go of leave) go();
    await closeListener();
    await expect.poll(connections).toBe(0);
    (await subscribed(one.organizationId))();
    expect(await connections()).toBe(1);
  });
});

describe("a session that is only looked at", () => {
  // Risk: a page that was left open on an empty desk keeps its session alive for ever.
  it("isn't used by it, and isn't there once it was revoked or left alone", async () => {
    const s = await scenario({ limits: [limit({ id: "day", scope: ["employee"], window: "day", max: 1 })] });
    const { organizationId, agent } = s;
    const opened = new Date();
    const id = await openSession({
      organizationId,
      employeeId: agent.employeeId,
      userAgent: null,
      at: opened,
    });
    const peek = (hours: number) =>
      peekSession(organizationId, id, new Date(opened.getTime() + hours * HOUR));
    expect(await peek(0)).toEqual({ passwordOneTime: false });
    expect(await peek(13)).not.toBeNull();
    expect(await peek(14)).toBeNull();
    const other = await createOrganization();
    expect(await peekSession(other.organizationId, id, opened)).toBeNull();
    await revokeSession(organizationId, id, opened);
    expect(await peek(0)).toBeNull();
  });
});
