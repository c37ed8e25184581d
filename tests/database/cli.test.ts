import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findApiKeyActor } from "@/lib/auth/api-keys";
import { verifyPassword } from "@/lib/auth/password";
import { openSession } from "@/lib/auth/sessions";
import { tenantDb } from "@/lib/db/prisma";
import { createEmployee } from "../factories/employees";
import { createOrganization, type MadeOrganization } from "../factories/organizations";
import { testDatabase } from "../setup/database";

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

  it("finds nothing to migrate in a database that is up to date", async () => {
    expect(await json("migrate")).toEqual({ migrated: [] });
  });
});
