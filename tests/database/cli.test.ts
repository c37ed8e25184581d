import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findApiKeyActor } from "@/lib/auth/api-keys";
import { verifyPassword } from "@/lib/auth/password";
import { openSession } from "@/lib/auth/sessions";
import { tenantDb } from "@/lib/db/prisma";
import { createCustomer } from "../factories/customers";
import { createEmployee } from "../factories/employees";
import { createOrganization, type MadeOrganization } from "../factories/organizations";
import { testDatabase } from "../setup/database";
import { limit, scenario } from "../setup/scenario";

const START = join(import.meta.dirname, "..", "..", "scripts", "start.mjs");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command as a person in `folder` would. */
function leeway(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, DATABASE_URL: testDatabase().url, INIT_CWD: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, [START, "leeway", ...args], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await leeway(...args, "--json");
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

let organization: MadeOrganization;
beforeAll(async () => {
  organization = await createOrganization();
});

describe("the command line", () => {
  it("exits with 2 and says what to do where it is used wrongly", async () => {
    const { code, out, err } = await leeway("nonsense", "--json");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("unknown command 'nonsense'");
  });

  it("exits with 1 and keeps standard output clean where something fails", async () => {
    const nobody = "0195e2c4-7a00-7000-8000-000000000001";
    for (const [args, said] of [
      [["import", "orders", "missing.csv", "--organization", organization.organizationId], "no file"],
      [
        ["api-key", "create", "--name", "x", "--scopes", "decisions:read"],
        "The demo's organization is not here",
      ],
      [["import", "customers", "x.csv", "--organization", nobody], `no organization ${nobody}`],
    ] as const) {
      const { code, out, err } = await leeway(...args, "--json");
      expect([code, out], args.join(" ")).toEqual([1, ""]);
      expect(err).toContain(said);
    }
  });

  it("makes an API key that works, until it expires", async () => {
    const common = ["--organization", organization.organizationId, "--scopes", "decisions:read,orders:write"];
    const { id, key, ...rest } = await json(
      "api-key",
      "create",
      "--name",
      "Shop",
      ...common,
      "--expires",
      "2100-01-31",
    );
    expect(rest).toEqual({});
    const find = (at: string) => findApiKeyActor(String(key), { id: null, email: null }, new Date(at));
    expect(await find("2100-02-01T04:59:59Z")).toMatchObject({
      organizationId: organization.organizationId,
      apiKeyId: id,
      scopes: ["decisions:read", "orders:write"],
    });
    expect(await find("2100-02-01T05:00:00Z")).toBeNull();
  });

  it("makes an organization whose admin can sign in once, under a policy", async () => {
    const made = await json(
      ...["organization", "create", "--name", "Corner Shop", "--currency", "GBP"],
      ...["--time-zone", "Europe/London", "--admin-email", "Ann@Example.com"],
    );
    expect(made).toEqual({
      id: expect.any(String),
      adminEmail: "ann@example.com",
      oneTimePassword: expect.any(String),
    });
    const db = tenantDb(String(made.id));
    const [admin] = await db.employee.findMany();
    expect(admin).toMatchObject({ email: "ann@example.com", role: "admin", passwordOneTime: true });
    expect(await verifyPassword(admin?.passwordHash ?? null, String(made.oneTimePassword))).toBe(true);
    const [policy] = await db.policy.findMany();
    expect(policy).toMatchObject({ version: 1, status: "published" });
    expect(policy?.document).toMatchObject({ currency: "GBP", timeZone: "Europe/London" });
  });

  it("imports a file from where the person stands, and writes what it left out", async () => {
    const lines = ["Nr;Kunde;Betrag", "1;a;1.234,50", "2;b;x", "3;a;-5,00"];
    writeFileSync(join(folder, "orders.csv"), lines.join("\r\n"));
    const command = [
      ...["import", "orders", "orders.csv", "--organization", organization.organizationId],
      ...["--map", "order=Nr,customer=Kunde", "--map", "amount=Betrag", "--delimiter", ";", "--decimal", ","],
      ...["--errors-to", "errors.csv"],
    ];
    expect(await json(...command)).toEqual({
      created: 1,
      updated: 0,
      unchanged: 0,
      customers: 1,
      sum: { USD: 123_450 },
      leftOut: { noCustomer: 0, broken: 1, refunds: 1, refundsSum: { USD: -500 } },
    });
    expect(readFileSync(join(folder, "errors.csv"), "utf8")).toBe(
      "line,column,problem,value\n3,Betrag,This is no number with a decimal comma.,x\n",
    );
    const { out } = await leeway(...command);
    expect(out).toBe(
      "1 order of 1 customer, 1,234.50 USD: 0 created, 0 updated, 1 unchanged.\n" +
        "0 lines left out without a customer, 1 broken line, 1 refund of 5.00 USD left out.\n",
    );
  });

  it("keeps the passwords of new people in a file that only its owner may read", async () => {
    writeFileSync(join(folder, "people.csv"), "email,name\nkim@example.com,Kim\n");
    const command = [
      ...["import", "employees", "people.csv", "--organization", organization.organizationId],
      ...["--passwords-to", "passwords.csv"],
    ];
    expect(await json(...command)).toMatchObject({ created: 1 });
    const path = join(folder, "passwords.csv");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toMatch(/^email,oneTimePassword\nkim@example.com,[a-z2-9-]{23}\n$/);
    expect(await json(...command)).toMatchObject({ created: 0, unchanged: 1 });

    writeFileSync(join(folder, "people.csv"), "email,name\nlou@example.com,Lou\n");
    const refused = await leeway(...command);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("is there already")]);
  });

  it("gives a one-time password and ends the sessions of whoever had it before", async () => {
    const { id, email } = await createEmployee(organization, { password: "the password before" });
    const { organizationId } = organization;
    await openSession({ organizationId, employeeId: id, userAgent: null, at: new Date() });
    const { oneTimePassword } = await json(
      ...["employee", "one-time-password", "--email", email, "--organization", organizationId],
    );
    const db = tenantDb(organizationId);
    const employee = await db.employee.findFirst({ where: { organizationId, id } });
    expect(employee?.passwordOneTime).toBe(true);
    expect(await verifyPassword(employee?.passwordHash ?? null, String(oneTimePassword))).toBe(true);
    expect(await db.session.count({ where: { organizationId, employeeId: id, revokedAt: null } })).toBe(0);
  });

  // Risk: a person's data lies about in a file for everybody, or is destroyed by a line of a script that was a slip.
  it("exports a customer whole into a file of one's own, and erases them for who says --yes", async () => {
    const { organizationId } = organization;
    const common = ["--organization", organizationId];
    const { id } = await createCustomer(organization, { ref: "guest-77", name: "Zenobia Quill" });
    const printed = await leeway("customer", "export", "guest-77", ...common);
    expect(printed.code, printed.err).toBe(0);
    expect(JSON.parse(printed.out)).toMatchObject({
      customer: id,
      tables: { customers: [{ id, name: "Zenobia Quill" }] },
    });
    const written = await leeway("customer", "export", id, "--to", "guest.json", ...common);
    expect([written.code, written.out], written.err).toEqual([0, ""]);
    const file = join(folder, "guest.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toHaveProperty("tables.audit_events");
    const again = await leeway("customer", "export", id, "--to", "guest.json", ...common);
    expect([again.code, again.err.includes("is there already")]).toEqual([1, true]);

    const erase = ["customer", "erase", "guest-77", ...common];
    for (const [args, code, said] of [
      [erase, 2, "required option '--reason"],
      [[...erase, "--reason", "Because Zenobia asked"], 2, "request, no_longer_needed, mistake"],
      [[...erase, "--reason", "request"], 2, "Add --yes"],
      [["customer", "erase", "nobody", "--reason", "request", "--yes", ...common], 1, "no customer nobody"],
    ] as const) {
      const answer = await leeway(...args);
      expect([answer.code, answer.out], args.join(" ")).toEqual([code, ""]);
      expect(answer.err).toContain(said);
    }
    expect(await json(...erase, "--reason", "request", "--yes")).toMatchObject({ customer: id, changed: 1 });
    expect(await json("customer", "erase", id, "--reason", "request", "--yes", ...common)).toMatchObject({
      changed: 0,
    });
    expect((await leeway(...erase, "--reason", "request", "--yes")).code).toBe(1);
  });

  it("exports and erases somebody who left, but not the only admin", async () => {
    const { organizationId } = organization;
    const common = ["--organization", organizationId];
    const { id, email } = await createEmployee(organization, { role: "agent" });
    const printed = await leeway("employee", "export", email, ...common);
    expect(JSON.parse(printed.out)).toMatchObject({ employee: id, tables: { employees: [{ email }] } });
    expect(await json("employee", "erase", email, "--reason", "request", "--yes", ...common)).toEqual({
      employee: id,
      changed: true,
      sessions: 0,
      reports: 0,
    });
    const admin = await createEmployee(organization, { role: "admin" });
    const refused = await leeway("employee", "erase", admin.id, "--reason", "request", "--yes", ...common);
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.err).toContain("the only admin");
  });

  it("shows, sets and enforces how long each kind is kept", async () => {
    const common = ["--organization", organization.organizationId];
    expect(await json("retention", "show", ...common)).toMatchObject({ sessions: 90, notes: null });
    expect(await json("retention", "set", "notes", "730", ...common)).toMatchObject({ notes: 730 });
    expect(await json("retention", "set", "notes", "keep", ...common)).toMatchObject({ notes: null });
    for (const [kind, days, said] of [
      ["notes", "0", "for a day at least"],
      ["notes", "1.5", "whole number"],
      ["notes", "soon", "keep"],
      ["letters", "5", "There is no kind letters"],
    ] as const) {
      const { code, out, err } = await leeway("retention", "set", kind, days, ...common);
      expect([code, out], `${kind} ${days}`).toEqual([2, ""]);
      expect(err).toContain(said);
    }
    expect(await json("retention", "run", ...common)).toEqual({
      sessions: 0,
      idempotencyKeys: 0,
      unsentRequests: 0,
      simulations: 0,
      caseTexts: 0,
      notes: 0,
      webhookMessages: 0,
      mails: 0,
      providerEvents: 0,
      disputes: 0,
    });
  });

  it("finds nothing to migrate in a database that is up to date", async () => {
    expect(await json("migrate")).toEqual({ migrated: [] });
  });

  it("holds the books against one another, says in words what differs with exit code 1, and rebuilds it", async () => {
    const s = await scenario({
      limits: [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 })],
    });
    const customer = await s.customer();
    await s.ask({ customer, amount: 1000 });
    const of = ["--organization", s.organizationId];
    const clean = await leeway("reconcile", ...of);
    expect([clean.code, clean.out]).toEqual([
      0,
      [
        "Everything is equal: 1 decision, 1 counter.",
        "0 events in 0 seals held against the rows. 3 events wait for a seal, and can't be held against one.",
        "There was nothing to ask a payment provider about. Nothing waits to be carried out by hand.",
        "",
      ].join("\n"),
    ]);
    await testDatabase().pool.query("update counters set posted_amount = 400 where organization_id = $1", [
      s.organizationId,
    ]);
    const differing = await leeway("reconcile", ...of);
    expect(differing.code).toBe(1);
    expect(differing.out).toContain("1 thing differs in 1 decision and 1 counter:\n- Counter of guest-day (");
    expect(differing.out).toContain(
      "its entries come to $10.00 given in 1 decision and $0.00 held in 0, it says $4.00 given in 1 decision",
    );
    expect(differing.out).toContain("--repair");
    const mended = await leeway("reconcile", "--repair", ...of, "--json");
    expect(mended.code).toBe(0);
    expect(JSON.parse(mended.out)).toMatchObject({
      organizationId: s.organizationId,
      equal: true,
      differences: 0,
      repair: { counters: 1, rollups: 0 },
    });
    expect(await json("reconcile", ...of)).toMatchObject({ equal: true, listed: [], repair: null });
  });
});
