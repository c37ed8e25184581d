import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const URL = "postgresql://leeway_app@127.0.0.1:1/none";

/** Reads the settings as a start does; answers what it complains of. */
async function complaints(settings: Record<string, string>): Promise<string> {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const failure = await import("@/lib/env").then(
    () => "",
    (error: Error) => error.message,
  );
  return failure && `${failure} ${JSON.stringify(said.mock.calls)}`;
}

beforeEach(() => {
  vi.resetModules();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("the settings behind a pooler by the transaction", () => {
  // Risk: the app goes on with the owner's rights, because the pooler passed no role on; or never hears of a change.
  it("are refused without the app's own URL and one that goes past the pooler, and say why", async () => {
    const said = await complaints({ LEEWAY_DATABASE_POOLER: "transaction" });
    expect(said).toMatch(/LEEWAY_APP_DATABASE_URL.*leeway_app signs in there itself/);
    expect(said).toMatch(/LEEWAY_LISTEN_DATABASE_URL.*nothing is heard through it/);
  });

  it("are taken with both", async () => {
    const both = { LEEWAY_APP_DATABASE_URL: URL, LEEWAY_LISTEN_DATABASE_URL: URL };
    expect(await complaints({ LEEWAY_DATABASE_POOLER: "transaction", ...both })).toBe("");
  });

  it("know no other kind of pooler: one by the session needs no setting", async () => {
    expect(await complaints({ LEEWAY_DATABASE_POOLER: "session" })).toMatch(/LEEWAY_DATABASE_POOLER/);
  });
});

describe("the settings of a replica", () => {
  it("may let it be from none to an hour behind", async () => {
    expect(await complaints({ LEEWAY_REPLICA_LAG_SECONDS: "-1" })).toMatch(/LEEWAY_REPLICA_LAG_SECONDS/);
    vi.resetModules();
    expect(await complaints({ LEEWAY_REPLICA_LAG_SECONDS: "0", LEEWAY_REPLICA_DATABASE_URL: URL })).toBe("");
  });
});
