import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const OLD = randomBytes(32).toString("base64");
const NEW = randomBytes(32).toString("hex");
const PLACE = "an organization/stripe";

async function withKeys(...keys: string[]) {
  vi.resetModules();
  vi.stubEnv("LEEWAY_ENCRYPTION_KEY", keys.join(","));
  return import("@/lib/secrets/cipher");
}

const said: unknown[] = [];

beforeEach(() => {
  said.length = 0;
  vi.spyOn(console, "error").mockImplementation((...words) => void said.push(...words));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("a secret at rest", () => {
  it("is read again in its own place, and looks different each time", async () => {
    const { encrypt, decrypt } = await withKeys(OLD);
    const [one, two] = [encrypt("sk_live_grüße", PLACE), encrypt("sk_live_grüße", PLACE)];
    expect(one).not.toBe(two);
    expect(one).not.toContain("sk_live");
    expect([decrypt(one, PLACE), decrypt(two, PLACE)]).toEqual(["sk_live_grüße", "sk_live_grüße"]);
  });

  // Risk: somebody who may write to the database moves another company's key into their own row and uses it.
  it("is nothing in another place, and nothing once a byte of it changed", async () => {
    const { encrypt, decrypt } = await withKeys(OLD);
    const kept = encrypt("sk_live_1", PLACE);
    expect(() => decrypt(kept, "another organization/stripe")).toThrow();
    const [form, id, sealed = ""] = kept.split(":");
    const bytes = Buffer.from(sealed, "base64");
    for (const at of [0, 12, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => decrypt([form, id, changed.toString("base64")].join(":"), PLACE)).toThrow();
    }
    expect(() => decrypt([form, id, bytes.subarray(0, 20).toString("base64")].join(":"), PLACE)).toThrow();
    expect(() => decrypt("plain", PLACE)).toThrow(/not encrypted by Leeway/);
  });

  // Risk: a key can't be replaced without typing every secret anew, so it never is.
  it("outlives its key while that stands behind the newer one, which encrypts from then on", async () => {
    const before = (await withKeys(OLD)).encrypt("whsec_1", PLACE);
    const both = await withKeys(NEW, OLD);
    expect(both.decrypt(before, PLACE)).toBe("whsec_1");
    expect(both.isOutdated(before)).toBe(true);
    const after = both.encrypt("whsec_1", PLACE);
    expect(both.isOutdated(after)).toBe(false);
    const alone = await withKeys(NEW);
    expect(alone.decrypt(after, PLACE)).toBe("whsec_1");
    expect(() => alone.decrypt(before, PLACE)).toThrow(/doesn't hold any more/);
  });

  it("is not taken at all without a key", async () => {
    const { canKeepSecrets, encrypt } = await withKeys();
    expect(canKeepSecrets()).toBe(false);
    expect(() => encrypt("x", PLACE)).toThrow(/LEEWAY_ENCRYPTION_KEY is not set/);
  });

  it("shows its last four characters, and of a short one none", async () => {
    const { lastFour } = await withKeys(OLD);
    expect([lastFour("sk_test_51Habcdefgh4242"), lastFour("short-secret")]).toEqual(["4242", ""]);
  });
});

describe("the setting of the keys", () => {
  it.each([
    ["too short", randomBytes(16).toString("base64")],
    ["too long", randomBytes(48).toString("base64")],
    ["a word", "correct horse battery staple"],
    ["one good and one bad", `${OLD},nothing`],
    ["only commas", ","],
  ])("is refused where it is %s, before anything is encrypted with it", async (_, text) => {
    await expect(withKeys(text)).rejects.toThrow();
    expect(JSON.stringify(said)).toContain("32 bytes in base64");
  });
});
