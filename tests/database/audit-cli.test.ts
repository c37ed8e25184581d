import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealHistory } from "@/lib/seals/sealer";
import { testDatabase } from "../setup/database";
import { decided, limit, scenario } from "../setup/scenario";
import { tamper } from "../setup/tampering";

const START = join(import.meta.dirname, "..", "..", "scripts", "start.mjs");
const LIMITS = [limit({ id: "guest-day", scope: ["employee", "customer"], window: "day", max: 3000 })];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-audit-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the command as a person in `folder` would. */
function leeway(args: readonly string[], env: Record<string, string> = {}, input = ""): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [START, "leeway", "audit", ...args], {
      cwd: folder,
      env: { ...process.env, DATABASE_URL: testDatabase().url, INIT_CWD: folder, ...env },
    });
    const ran: Ran = { code: null, out: "", err: "" };
    child.stdout.on("data", (text) => {
      ran.out += text;
    });
    child.stderr.on("data", (text) => {
      ran.err += text;
    });
    child.on("close", (code) => resolve({ ...ran, code }));
    child.stdin.end(input);
  });
}

/** There is no database where this leads, so whoever asks one fails. */
const NO_DATABASE = { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" };

describe("the audit commands", () => {
  it("seal, publish, and verify against what was published", async () => {
    const s = await scenario({ limits: LIMITS });
    const mine = ["--organization", s.organizationId];
    await s.ask({ customer: await s.customer(), amount: 100 });
    const early = await leeway(["verify", ...mine]);
    expect([early.code, early.out]).toEqual([0, expect.stringContaining("Nothing is sealed yet")]);
    expect(early.out).toContain("wait to be sealed: a change before that can't be seen");

    const sealed = await leeway(["seal", "--json", ...mine], {
      LEEWAY_SEAL_FILE: join(folder, "seals.jsonl"),
    });
    expect(sealed.code, sealed.err).toBe(0);
    expect(JSON.parse(sealed.out)).toMatchObject({ seals: 1, busy: false, last: { seq: 1 }, published: 1 });

    const verified = await leeway(["verify", ...mine, "--anchors", "seals.jsonl"]);
    expect(verified.code, verified.err).toBe(0);
    expect(verified.out).toContain("Whole: ");
    expect(verified.out).toContain("The chain holds all 1 published seal.");
  });

  it("print a proof that is checked from standard input without the database", async () => {
    const s = await scenario({ limits: LIMITS });
    const mine = ["--organization", s.organizationId];
    const { id } = decided(await s.ask({ customer: await s.customer(), amount: 100, note: "Gladly." }));
    const early = await leeway(["prove", id ?? "", ...mine]);
    expect([early.code, early.out]).toEqual([1, ""]);
    expect(early.err).toContain("not sealed yet");
    const { last } = await sealHistory({ organizationId: s.organizationId });
    const proved = await leeway(["prove", id ?? "", ...mine]);
    expect(proved.code, proved.err).toBe(0);
    const checked = await leeway(
      ["check-proof", "-", "--anchor", last?.hash ?? "", "--json"],
      NO_DATABASE,
      proved.out,
    );
    expect(checked.code, checked.err).toBe(0);
    expect(JSON.parse(checked.out)).toMatchObject({ ok: true, proven: { decisionId: id, status: "posted" } });
  });

  it("name the row that was changed, and exit with 1", async () => {
    const s = await scenario({ limits: LIMITS });
    const mine = ["--organization", s.organizationId];
    const { id } = decided(await s.ask({ customer: await s.customer(), amount: 100 }));
    await sealHistory({ organizationId: s.organizationId });
    await tamper("update decisions set amount = 90 where id = $1", [id]);
    const verified = await leeway(["verify", ...mine]);
    expect(verified.code).toBe(1);
    expect(verified.out).toContain(`BROKEN at decisions ${id} (seal 1)`);
    const asJson = await leeway(["verify", "--json", ...mine]);
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.out)).toMatchObject({
      state: "broken",
      break: { table: "decisions", id, kind: "changed", seal: 1 },
    });
    const proved = await leeway(["prove", id ?? "", ...mine]);
    expect([proved.code, proved.out]).toEqual([1, ""]);
    expect(proved.err).toContain("isn't what was sealed");
  });

  it("say what is wrong with the file of published seals", async () => {
    const s = await scenario();
    writeFileSync(join(folder, "others.jsonl"), "not a seal\n");
    for (const [file, said] of [
      ["nowhere.jsonl", "cannot be read"],
      ["others.jsonl", "holds no seal of this organization"],
    ] as const) {
      const ran = await leeway(["verify", "--organization", s.organizationId, "--anchors", file]);
      expect([ran.code, ran.out]).toEqual([1, ""]);
      expect(ran.err).toContain(said);
    }
  });
});
