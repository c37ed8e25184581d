import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EmployeeActor } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { Remedy } from "@/lib/discretion/schema";
import { workOn } from "@/lib/execution/work";
import { listHandovers } from "@/lib/handovers/data";
import { answerHandover } from "@/lib/handovers/mutations";
import { log } from "@/lib/log";
import { sendDue } from "@/lib/mail/delivery";
import { feedMail } from "@/lib/mail/feed";
import { postRound } from "@/lib/mail/postman";
import type { SendLetter } from "@/lib/mail/transport";
import { wishToken } from "@/lib/mail/unsubscribe";
import { saveNotice, testNotice } from "@/lib/notices/mutations";
import { readChoices } from "@/lib/notifications/data";
import { choose } from "@/lib/notifications/mutations";
import { answerOneClick } from "@/lib/notifications/rest";
import { eraseCustomer, eraseEmployee } from "@/lib/personal-data/mutations";
import { sealHistory } from "@/lib/seals/sealer";
import { createCustomer } from "../factories/customers";
import { testDatabase } from "../setup/database";
import { serveByFake } from "../setup/fake-provider";
import { openMailbox } from "../setup/mailbox";
import { decided, limit, scenario } from "../setup/scenario";

const LIMITS = [
  limit({
    id: "guest-day",
    scope: ["employee", "customer"],
    window: "day",
    max: 3000,
    when: { roles: ["agent"] },
  }),
];
const SYSTEM = { kind: "system", id: null } as const;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let mailbox: Awaited<ReturnType<typeof openMailbox>>;
let send: SendLetter;
let close: () => void;

/** The server of the settings, as another process would have them. */
beforeEach(async () => {
  mailbox = await openMailbox();
  vi.stubEnv("SMTP_URL", mailbox.url);
  vi.stubEnv("MAIL_FROM", "Leeway <leeway@example.com>");
  vi.resetModules();
  const { configuredServer } = await import("@/lib/mail/transport");
  vi.unstubAllEnvs();
  const server = configuredServer();
  if (!server) throw new Error("No server.");
  ({ send, close } = server);
});
afterEach(async () => {
  vi.restoreAllMocks();
  close();
  await mailbox.close();
});

async function house() {
  const s = await scenario({ limits: LIMITS }, { undoSeconds: 0 });
  const { organizationId } = s;
  const fake = await serveByFake(s);
  // As the worker has, long before anything happens.
  await feedMail(organizationId, new Date(Date.now() - 1));
  /** What one round of the worker's comes to. */
  const round = async (now = new Date()) => {
    await sealHistory({ organizationId });
    await feedMail(organizationId, now);
    await sendDue({ organizationId, send, now });
  };
  /** A decision is carried out, or can't be; where it is settled already, what its execution wrote down is written once more. */
  const execution = async (decision: string | null, action: "succeeded" | "failed") => {
    fake.onExecute =
      action === "succeeded"
        ? null
        : { outcome: "failed", code: "already_refunded", detail: "No.", reference: null };
    const settled = await tenantDb(organizationId).execution.count({ where: { decisionId: decision ?? "" } });
    if (settled === 0) return workOn({ organizationId, decisionId: decision ?? "" });
    await withTenant(organizationId, (client) =>
      client.query(
        `insert into audit_events (organization_id, id, actor_kind, action, subject_kind, subject_id, data, created_at)
         values ($1, $2, 'system', $3, 'decision', $4, '{"code": "already_refunded"}', now())`,
        [organizationId, newId(), `execution.${action}`, decision],
      ),
    );
  };
  const outbox = async () => {
    const { rows } = await testDatabase().pool.query<{
      kind: string;
      status: string;
      fault: string | null;
      row: string;
    }>("select kind, status, fault, m::text as row from mails m where organization_id = $1 order by id", [
      organizationId,
    ]);
    return rows;
  };
  return { s, organizationId, round, execution, outbox };
}

const at = (to: string) => mailbox.received.filter((mail) => mail.to.includes(to));

describe("somebody whom a handover waits for", () => {
  it("is written to once, when it has waited for five minutes, in HTML and in plain text", async () => {
    const { s, round, outbox } = await house();
    const { id: customer } = await createCustomer(s, {
      name: "Ulrica Vantongeren",
      email: "ulrica@example.com",
    });
    decided(await s.ask({ customer, amount: 4000 }));
    await round();
    expect(mailbox.received).toEqual([]);
    const later = new Date(Date.now() + 6 * MINUTE);
    await round(later);
    await round(later);
    await round(new Date(later.getTime() + MINUTE));
    expect(mailbox.received).toHaveLength(1);
    const [mail] = mailbox.received;
    expect(mail?.to).toEqual([s.manager.email]);
    expect(mail?.from).toBe("leeway@example.com");
    expect(mail?.headers.subject).toBe(`${s.agent.name} waits for your answer: Credit, $40.00`);
    expect(mail?.headers["message-id"]).toMatch(/^<[0-9a-f-]{36}@localhost>$/);
    const { "text/plain": text = "", "text/html": html = "" } = mail?.bodies ?? {};
    for (const body of [text, html]) expect(body).toContain("http://localhost:3000/floor/handovers");
    expect(text).toContain("Credit, $40.00.");
    expect(html).toContain("<h1");
    // Who it is for is read in Leeway, and in no mailbox.
    expect(text + html).not.toMatch(/Ulrica|Vantongeren/);
    expect((await outbox()).map(({ status }) => status)).toEqual(["sent"]);
  });

  it("is not, where it was answered while the mail waited, or they want no such mail", async () => {
    const { s, organizationId, round, outbox } = await house();
    const customer = await s.customer();
    decided(await s.ask({ customer, amount: 4000 }));
    const now = new Date(Date.now() + 6 * MINUTE);
    await feedMail(organizationId, now);
    const [waiting] = (await listHandovers(organizationId, {}, { limit: 1 })).data;
    await answerHandover({
      actor: s.manager,
      handoverId: waiting?.id ?? "",
      input: { answer: "decline", note: "Not this time." },
      now: new Date(),
    });
    await round(now);
    expect((await outbox()).map(({ status }) => status)).toEqual(["dropped"]);
    const { employeeId } = s.manager;
    await choose({ organizationId, employeeId, kind: "handover_waiting", wanted: false, at: new Date() });
    decided(await s.ask({ customer: await s.customer(), amount: 4000 }));
    await round(new Date(Date.now() + 12 * MINUTE));
    expect((await outbox()).map(({ status }) => status)).toEqual(["dropped", "dropped"]);
    expect(mailbox.received).toEqual([]);
  });
});

describe("what was not carried out", () => {
  it("is told to whoever decided it and to their manager, once, and to nobody in another organization", async () => {
    const { s, round, execution } = await house();
    const other = await house();
    const given = decided(await s.ask({ customer: await s.customer(), amount: 2500 }));
    await execution(given.id, "failed");
    await other.round();
    await round();
    await round();
    expect(mailbox.received.map(({ to }) => to[0]).sort()).toEqual([s.agent.email, s.manager.email].sort());
    expect(at(s.agent.email)[0]?.bodies["text/plain"]).toContain(`/desk/decisions/${given.id}`);
    expect(at(s.manager.email)[0]?.bodies["text/plain"]).toContain(`decided by ${s.agent.name}`);
  });
});

describe("what is told to many", () => {
  it("goes to who usually wants it, or chose it: a policy to managers and admins but who published it, a webhook to admins", async () => {
    const { s, organizationId, round } = await house();
    const admin = await s.employee("admin");
    const gone = await s.employee("admin");
    await eraseEmployee({
      organizationId,
      employeeId: gone.employeeId,
      reason: "request",
      writer: SYSTEM,
      at: new Date(),
    });
    await choose({
      organizationId,
      employeeId: s.agent.employeeId,
      kind: "policy_published",
      wanted: true,
      at: new Date(),
    });
    await s.publish(1, {});
    await round();
    expect(mailbox.received.map(({ to }) => to[0]).sort()).toEqual(
      [admin.email, s.manager.email, s.agent.email].sort(),
    );
    expect(at(admin.email)[0]?.headers.subject).toBe("Version 2 of the policy is in force");
    mailbox.received.length = 0;

    const endpoint = newId();
    await withTenant(organizationId, async (client) => {
      await client.query(
        `insert into webhook_endpoints (organization_id, id, url, secret, kinds, status, disabled_at, created_at, updated_at)
         values ($1, $2, 'https://hooks.example.com/x', 'sealed', '{decision.*}', 'disabled', now(), now(), now())`,
        [organizationId, endpoint],
      );
      await client.query(
        `insert into audit_events (organization_id, id, actor_kind, action, subject_kind, subject_id, created_at)
         values ($1, $2, 'system', 'webhook.disabled', 'webhook', $3, now())`,
        [organizationId, newId(), endpoint],
      );
    });
    await round();
    expect(mailbox.received.map(({ to }) => to[0])).toEqual([admin.email]);
    expect(mailbox.received[0]?.bodies["text/plain"]).toContain(`/settings/webhooks/${endpoint}`);
  });

  it("reaches nobody any more who pressed the mailbox's own button, and nobody else's choice is touched by it", async () => {
    const { s, organizationId, round } = await house();
    await s.publish(1, {});
    await round();
    const [mail] = at(s.manager.email);
    expect(mail?.headers["list-unsubscribe-post"]).toBe("List-Unsubscribe=One-Click");
    const link = /^<(.+)>$/.exec(mail?.headers["list-unsubscribe"] ?? "")?.[1] ?? "";
    expect(link).toMatch(/^http:\/\/localhost:3000\/api\/unsubscribe\?token=/);
    const forged = new URL(link);
    const token = forged.searchParams.get("token") ?? "";
    // Somebody else's wish under our signature.
    const other = wishToken({ o: organizationId, e: s.agent.employeeId, k: "execution_failed" });
    forged.searchParams.set("token", `${other.split(".")[0]}.${token.split(".")[1]}`);
    expect((await answerOneClick(forged, new Date())).status).toBe(400);
    for (const bad of ["", "x", "x.y", "x.y.z"]) {
      expect((await answerOneClick(new URL(`/api/unsubscribe?token=${bad}`, link), new Date())).status).toBe(
        400,
      );
    }
    expect((await answerOneClick(new URL(link), new Date())).status).toBe(200);
    expect((await answerOneClick(new URL(link), new Date())).status).toBe(200);
    const wanted = async (who: EmployeeActor) =>
      (await readChoices(organizationId, who.employeeId, who.role))
        .filter((each) => each.wanted)
        .map(({ kind }) => kind);
    expect(await wanted(s.manager)).toEqual(["handover_waiting", "execution_failed", "execution_assigned"]);
    expect(await wanted(s.agent)).toEqual(["handover_waiting", "execution_failed", "execution_assigned"]);
    mailbox.received.length = 0;
    await s.publish(2, {});
    await round();
    expect(at(s.manager.email)).toEqual([]);
  });
});

describe("a mail server that is not well", () => {
  it("is tried again for three days under the same Message-ID; a mail that it refuses for good is not", async () => {
    const { s, organizationId, round, execution, outbox } = await house();
    const lines: string[] = [];
    vi.spyOn(log, "warn").mockImplementation((...said: unknown[]) => void lines.push(JSON.stringify(said)));
    await choose({
      organizationId,
      employeeId: s.manager.employeeId,
      kind: "execution_failed",
      wanted: false,
      at: new Date(),
    });
    const given = decided(await s.ask({ customer: await s.customer(), amount: 2500 }));
    await execution(given.id, "failed");
    mailbox.state.refuse = 451;
    await round();
    const failed = (await outbox()).find(({ status }) => status === "waiting");
    expect(failed?.fault).toMatch(/451/);
    expect(mailbox.state.tried).toBe(1);
    mailbox.state.refuse = null;
    await round(new Date(Date.now() + MINUTE));
    expect(at(s.agent.email)).toHaveLength(1);
    expect(failed?.row).toContain(at(s.agent.email)[0]?.headers["message-id"]?.slice(1, 37));

    await execution(given.id, "failed");
    mailbox.state.refuse = 550;
    await round(new Date(Date.now() + 2 * MINUTE));
    expect((await outbox()).filter(({ status }) => status === "dead")).toHaveLength(1);
    // The server's words quote addresses.
    expect(lines.join("\n")).toContain(given.id);
    expect(lines.join("\n")).not.toContain(s.agent.email);

    await execution(given.id, "failed");
    mailbox.state.refuse = 421;
    for (let day = 1; day <= 4; day += 1) await round(new Date(Date.now() + day * DAY));
    expect((await outbox()).filter(({ status }) => status === "dead")).toHaveLength(2);
  });

  it("sends each mail once, however many workers look for what is due", async () => {
    const { s, organizationId } = await house();
    for (let more = 0; more < 6; more += 1) await s.employee("manager");
    await s.publish(1, {});
    await sealHistory({ organizationId });
    const now = new Date();
    await Promise.all(Array.from({ length: 4 }, () => feedMail(organizationId, now)));
    await Promise.all(Array.from({ length: 4 }, () => postRound(send, now)));
    const told = mailbox.received.map(({ to }) => to[0]);
    expect(new Set(told).size).toBe(7);
    expect(told).toHaveLength(7);
  });
});

describe("a customer", () => {
  const NOTICE = {
    subject: "{remedy}: {amount}",
    body: "Dear {customer},\n\nwe gave you {amount} <b>now</b>. {unknown}\n\n{organization}",
    isOn: true,
  };

  async function withNotice(remedy: Remedy = "credit") {
    const h = await house();
    const { employeeId } = await h.s.employee("admin");
    const save = (isOn: boolean) =>
      saveNotice({
        organizationId: h.organizationId,
        employeeId,
        notice: { ...NOTICE, remedy, isOn },
        writer: SYSTEM,
        at: new Date(),
      });
    await save(true);
    const { id: customer } = await createCustomer(h.s, {
      name: "Ulrica {amount}",
      email: "ulrica@example.com",
    });
    const give = async () => {
      const given = decided(await h.s.ask({ customer, amount: 100 }));
      await h.execution(given.id, "succeeded");
      return given;
    };
    return { ...h, employeeId, save, customer, give };
  }

  it("is told in the organization's words, once for each decision that was carried out", async () => {
    const { round, give, execution, s } = await withNotice();
    decided(await s.ask({ customer: await s.customer(), amount: 50 }));
    const given = await give();
    await execution(given.id, "succeeded");
    await round();
    await round();
    expect(mailbox.received).toHaveLength(1);
    const [mail] = mailbox.received;
    expect(mail?.to).toEqual(["ulrica@example.com"]);
    expect(mail?.headers.subject).toBe("Credit: $1.00");
    // What stands in a name is a name, and what stands in the words is words.
    expect(mail?.bodies["text/plain"]).toContain("Dear Ulrica {amount},");
    expect(mail?.bodies["text/plain"]).toContain("$1.00 <b>now</b>. {unknown}");
    expect(mail?.bodies["text/html"]).toContain("&lt;b&gt;now&lt;/b&gt;");
  });

  it("is told nothing that is not switched on, or that they want no more, or once they are erased; and stands in no row", async () => {
    const { organizationId, round, give, save, customer, outbox } = await withNotice();
    await save(false);
    await give();
    await round();
    expect(await outbox()).toEqual([]);

    await save(true);
    await give();
    await round();
    const link = /^<(.+)>$/.exec(mailbox.received[0]?.headers["list-unsubscribe"] ?? "")?.[1] ?? "";
    expect((await answerOneClick(new URL(link), new Date())).status).toBe(200);
    await give();
    await round();
    expect(mailbox.received).toHaveLength(1);
    await withTenant(organizationId, (client) => client.query("delete from notice_refusals"));
    await give();
    await sealHistory({ organizationId });
    await feedMail(organizationId, new Date());
    expect((await outbox()).map(({ row }) => row).join("\n")).not.toMatch(/Ulrica|ulrica@/);
    await eraseCustomer({
      organizationId,
      customerId: customer,
      reason: "request",
      writer: SYSTEM,
      at: new Date(),
    });
    await round();
    expect(mailbox.received).toHaveLength(1);
    expect((await outbox()).map(({ status }) => status)).toEqual(["sent", "dropped", "dropped"]);
  });

  it("is not who a test goes to", async () => {
    const { s, organizationId, round, employeeId } = await withNotice();
    await testNotice({
      organizationId,
      employeeId,
      subject: "Credit: $25.00",
      body: "Dear Ada,",
      at: new Date(),
    });
    await round();
    expect(mailbox.received.map(({ headers }) => headers.subject)).toEqual(["Credit: $25.00"]);
    expect(mailbox.received[0]?.to).not.toContain(s.agent.email);
    expect(mailbox.received[0]?.bodies["text/plain"]).toContain("This is how your customers get it.");
  });
});
