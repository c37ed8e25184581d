import { Writable } from "node:stream";
import pg from "pg";
import pino from "pino";
import { describe, expect, it } from "vitest";
import { logOptions } from "@/lib/log";

function lines(write: (log: pino.Logger) => void): string {
  let text = "";
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  write(pino({ ...logOptions, level: "trace" }, sink));
  return text;
}

function databaseError(parts: Partial<pg.DatabaseError>): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(parts.message ?? "", 0, "error"), parts);
}

describe("a line of the log", () => {
  // Risk: whom a request was about stands in a file that goes to more people than the database.
  it("says what a database objected to, and nothing of the row that it objected to", () => {
    const err = databaseError({
      message: 'new row for relation "customers" violates check constraint "customers_name_check"',
      code: "23514",
      constraint: "customers_name_check",
      table: "customers",
      detail: "Failing row contains (Zenobia Quill, zenobia@guests.test).",
      where: "SQL statement \"insert into customers values ('Zenobia Quill')\"",
    });
    const text = lines((log) => log.error({ err }, "a request broke"));
    expect(text).not.toMatch(/zenobia/i);
    expect(JSON.parse(text).err).toMatchObject({
      message: expect.stringContaining("customers_name_check"),
      code: "23514",
      constraint: "customers_name_check",
      stack: expect.stringContaining("log.test.ts"),
    });
  });

  it("leaves out the value in a message that quotes one, also in what caused it and beside others", () => {
    const quoting = databaseError({
      message: 'invalid input syntax for type uuid: "zenobia@guests.test"',
      code: "22P02",
    });
    const text = lines((log) => {
      log.error({ err: quoting }, "one");
      log.error({ err: new Error("outer", { cause: quoting }) }, "two");
      log.error({ err: new AggregateError([quoting], "several") }, "three");
    });
    expect(text).not.toMatch(/zenobia/i);
    expect(text.match(/invalid input syntax for type uuid: \\"…\\"/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it("leaves out contacts and secrets that an object carries", () => {
    const person = { email: "zenobia@guests.test", phone: "+441632960000", password: "secret-word" };
    const text = lines((log) => log.info({ person }, "somebody"));
    expect(text).not.toMatch(/zenobia|1632|secret-word/);
  });

  // Risk: whoever reads the log can give everybody's money back.
  it("leaves out what a provider is known by, however deep in an object it stands", () => {
    const secrets = { secretKey: "sk_live_of_nobody", webhookSecret: "whsec_of_nobody", label: "Acme" };
    const headers = { "stripe-signature": "t=1,v1=of_nobody", "webhook-signature": "v1,of_nobody" };
    const text = lines((log) => {
      log.info({ secrets, secret: "whsec_of_nobody" }, "one");
      log.info({ account: secrets, headers }, "two");
      log.info({ provider: { account: secrets, headers, apiKey: "sk_live_of_nobody" } }, "three");
      log.info(secrets, "four");
    });
    expect(text).not.toMatch(/of_nobody/);
    expect(text).toContain("Acme");
  });
});
