import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { readAnchorFile, readPublished } from "@/lib/seals/anchors";
import { readChannels } from "@/lib/seals/data";
import { sealEverything } from "@/lib/seals/mutations";
import type { Tell } from "@/lib/seals/publish";
import { publishSeals } from "@/lib/seals/publish";
import { sealHistory } from "@/lib/seals/sealer";
import type { Seal } from "@/lib/seals/types";
import { verifyHistory } from "@/lib/seals/verify";
import { testDatabase } from "../setup/database";
import { scenario } from "../setup/scenario";
import { tamper } from "../setup/tampering";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leeway-seals-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Received {
  body: string;
  headers: Record<string, string>;
}

/** A webhook that answers what it is told to. */
async function receiver() {
  const received: Received[] = [];
  const state = { status: 204 };
  const server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (text) => {
      body += text;
    });
    request.on("end", () => {
      received.push({ body, headers: request.headers as Record<string, string> });
      response.writeHead(state.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { received, state, url: `http://127.0.0.1:${port}/seals`, close: () => server.close() };
}

/** The code of publishing with other settings, as another process would have them. */
async function withSettings(settings: Record<string, string>) {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  vi.resetModules();
  const { configuredChannels } = await import("@/lib/seals/publish");
  vi.unstubAllEnvs();
  return configuredChannels();
}

afterEach(() => vi.unstubAllEnvs());

/** Some seals that nobody was told of. */
async function sealed(seals = 3) {
  const s = await scenario();
  const customer = await s.customer();
  for (let turn = 0; turn < seals; turn++) {
    await s.ask({ customer, amount: 10 });
    await sealHistory({ organizationId: s.organizationId });
  }
  return s;
}

describe("seals in a file", () => {
  it("are a line each, in their order, and what a verification can be held against", async () => {
    const { organizationId } = await sealed();
    const path = join(folder, "whole.jsonl");
    const channels = await withSettings({ LEEWAY_SEAL_FILE: path });
    expect(await publishSeals(organizationId, channels)).toEqual({ published: 3, faults: [] });
    expect(await publishSeals(organizationId, channels)).toEqual({ published: 0, faults: [] });
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => readPublished(line)?.seq)).toEqual([1, 2, 3]);
    const { seals, unreadable } = await readAnchorFile(path);
    expect(unreadable).toEqual([]);
    const anchors = seals.get(organizationId);
    expect(await verifyHistory({ organizationId, anchors })).toMatchObject({ state: "whole", anchors: 3 });
  });

  // Risk: a crash in the middle of a line spoils the next one, and an anchor is lost.
  it("are readable after a line was cut off, and a line that was changed is not taken for a seal", async () => {
    const { organizationId } = await sealed(1);
    const path = join(folder, "cut.jsonl");
    writeFileSync(path, '{"organizationId": "01');
    const channels = await withSettings({ LEEWAY_SEAL_FILE: path });
    await publishSeals(organizationId, channels);
    const [, line = ""] = readFileSync(path, "utf8").split("\n");
    appendFileSync(path, `${line.replace('"seq":1', '"seq":2')}\n`);
    const { seals, unreadable } = await readAnchorFile(path);
    expect(unreadable).toEqual([1, 3]);
    expect([...(seals.get(organizationId)?.keys() ?? [])]).toEqual([1]);
  });
});

describe("seals for a webhook", () => {
  it("are signed as Standard Webhooks are, in their order", async () => {
    const { organizationId } = await sealed();
    const { received, url, close } = await receiver();
    const channels = await withSettings({ LEEWAY_SEAL_WEBHOOK: url, LEEWAY_SEAL_WEBHOOK_SECRET: SECRET });
    expect(await publishSeals(organizationId, channels)).toEqual({ published: 3, faults: [] });
    close();
    const webhook = new Webhook(SECRET);
    const seqs = received.map(({ body, headers }) => {
      const said = webhook.verify(body, headers) as { type: string; data: Seal };
      expect(said.type).toBe("seal.written");
      expect(headers["webhook-id"]).toBe(`seal_${organizationId}_${said.data.seq}`);
      return readPublished(body)?.seq;
    });
    expect(seqs).toEqual([1, 2, 3]);
  });

  it("are told again from the one that failed on, and why is remembered", async () => {
    const { organizationId } = await sealed();
    const { received, state, url, close } = await receiver();
    const channels = await withSettings({ LEEWAY_SEAL_WEBHOOK: url, LEEWAY_SEAL_WEBHOOK_SECRET: SECRET });
    state.status = 500;
    expect(await publishSeals(organizationId, channels)).toEqual({
      published: 0,
      faults: [{ channel: "webhook", fault: "The webhook answered 500." }],
    });
    expect(await readChannels(organizationId)).toMatchObject([
      { channel: "file", published: null },
      { channel: "webhook", published: null, fault: "The webhook answered 500." },
    ]);
    state.status = 200;
    expect(await publishSeals(organizationId, channels)).toEqual({ published: 3, faults: [] });
    close();
    expect(received.map(({ body }) => readPublished(body)?.seq)).toEqual([1, 1, 2, 3]);
    expect(await readChannels(organizationId)).toMatchObject([
      { channel: "file" },
      { channel: "webhook", published: 3, fault: null },
    ]);
    expect(await publishSeals(organizationId, channels)).toEqual({ published: 0, faults: [] });
  });
});

describe("publishing", () => {
  it("by two at once tells each seal in its order", async () => {
    const { organizationId } = await sealed(6);
    const told: number[] = [];
    const tell: Tell = async ({ seq }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      told.push(seq);
    };
    await Promise.all([1, 2, 3].map(() => publishSeals(organizationId, { file: tell })));
    await publishSeals(organizationId, { file: tell });
    expect(told).toEqual([1, 2, 3, 4, 5, 6]);
  });

  // Risk: a receiver that is away stops the sealing, and history lies open.
  it("that fails keeps nobody from sealing, nor another organization from anything", async () => {
    const first = await scenario();
    const second = await scenario();
    await first.customer();
    await second.customer();
    vi.stubEnv("LEEWAY_SEAL_FILE", join(folder, "no", "such", "folder.jsonl"));
    vi.resetModules();
    const { sealEverything: sealAnew } = await import("@/lib/seals/mutations");
    const { closePool } = await import("@/lib/db/pool");
    await sealAnew();
    await closePool();
    vi.unstubAllEnvs();
    for (const { organizationId } of [first, second]) {
      expect(await verifyHistory({ organizationId })).toMatchObject({ state: "whole", waiting: 0 });
    }
    await sealEverything();
  });

  it("is remembered: a seal that was published and is gone is found without any file", async () => {
    const { organizationId } = await sealed();
    await publishSeals(organizationId, { file: async () => undefined });
    await tamper(
      `insert into unsealed (organization_id, event_id)
       select organization_id, event_id from seal_leaves where organization_id = $1 and seal_seq = 3`,
      [organizationId],
    );
    for (const table of [
      "seal_leaves where organization_id = $1 and seal_seq = 3",
      "seals where organization_id = $1 and seq = 3",
      "seal_register where organization_id = $1 and seq = 3",
    ]) {
      await tamper(`delete from ${table}`, [organizationId]);
    }
    const { break: found } = await verifyHistory({ organizationId });
    expect(found).toMatchObject({ table: "seals", id: "3", kind: "missing" });
    expect(found?.text).toContain("was published");
    const { rows } = await testDatabase().pool.query(
      "select count(*)::int as count from seal_publications where organization_id = $1",
      [organizationId],
    );
    expect(rows).toEqual([{ count: 3 }]);
  });
});
