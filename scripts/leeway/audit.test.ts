import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DECISION, makeProof } from "@/lib/seals/fixtures";
import { publishedText } from "@/lib/seals/publish";
import { runCommandLine } from "./command-line";

// Unit tests have no database, so each of these shows as well that none is asked.

const proof = makeProof([3, 4, 5], [1, 2]);
const newest = proof.seals[2];
if (!newest) throw new Error("There is no seal.");

let folder: string;
let out = "";
let err = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-proof-"));
  writeFileSync(join(folder, "proof.json"), JSON.stringify(proof));
  writeFileSync(join(folder, "seals.jsonl"), `cut o\n${publishedText(newest)}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text, ...rest: unknown[]) => {
    out += text;
    const written = rest.at(-1);
    if (typeof written === "function") written();
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

const check = (file: string, ...rest: string[]) =>
  runCommandLine(["audit", "check-proof", join(folder, file), ...rest]);

describe("audit check-proof", () => {
  it("says in plain words what a proof proves, held against a hash or a file of published seals", async () => {
    for (const anchor of [newest.hash, newest.hash.toUpperCase(), join(folder, "seals.jsonl")]) {
      out = "";
      expect(await check("proof.json", "--anchor", anchor)).toBe(0);
      expect(out).toContain("This proof holds");
      expect(out).toContain(`Decision ${DECISION}`);
      expect(out).toContain("credit of 2500 (smallest units of USD), allow, now reversed");
      expect(out).toContain("decision.reversed at 2026-03-10T03:30:00Z, with 1 ledger entry: in seal 7");
      expect(out).toContain("Seal 7 is the one that is known from elsewhere");
    }
    out = "";
    expect(await check("proof.json")).toBe(0);
    expect(out).toContain("No seal that is known from elsewhere was named");
    out = "";
    expect(await check("proof.json", "--json")).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, proven: { decisionId: DECISION, anchor: null } });
  });

  // Risk: an amount in the file is changed, and whoever checks it believes it.
  it("says why a proof does not hold, and answers 1", async () => {
    const forged = JSON.stringify(proof).replace('\\"2500\\"', '\\"9500\\"');
    writeFileSync(join(folder, "forged.json"), forged);
    expect(await check("forged.json")).toBe(1);
    expect(out).toContain("This proof does not hold.\n");
    expect(out).toContain("row 2 (decisions) doesn't say what its hash was made of");
    out = "";
    expect(await check("proof.json", "--anchor", "0".repeat(64))).toBe(1);
    expect(out).toContain("None of its seals has the hash that is known from elsewhere");
    out = "";
    expect(await check("forged.json", "--json")).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false });
    writeFileSync(join(folder, "other.json"), "{}");
    expect(await check("other.json")).toBe(1);
  });

  it("refuses what it can't read, and what is neither a hash nor a file", async () => {
    await expect(check("nowhere.json")).rejects.toThrow("cannot be read");
    writeFileSync(join(folder, "broken.json"), "{");
    await expect(check("broken.json")).rejects.toThrow("cannot be read");
    expect(await check("proof.json", "--anchor", "no-hash-and-no-file")).toBe(2);
    expect(err).toContain("neither a hash of 64 hexadecimal digits nor a file");
    expect(await runCommandLine(["audit", "prove", DECISION, "--to", "0"])).toBe(2);
    expect(out).toBe("");
  });
});
