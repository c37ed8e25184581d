import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/db/ids";
import type { Instruction } from "@/lib/execution/provider";
import { webhookProvider } from "@/lib/execution/webhook/provider";
import { type Reach, urlFault } from "@/lib/http/reach";
import { documentedBody } from "../setup/documented";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const options = { signal: new AbortController().signal };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A receiver, and what it was told. */
async function receiver(answer: { status?: number; body?: string; headers?: Record<string, string> } = {}) {
  const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
  const url = await listen((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      heard.push({ headers: request.headers, body });
      response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? "");
    });
  });
  return { url, heard };
}

async function listen(listener: RequestListener): Promise<string> {
  const opened = createServer(listener);
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}/leeway`;
}

const providerAt = (url: string, reach: Reach = "loopback") =>
  webhookProvider({ url, secret: SECRET, reach });

function instruction(): Instruction {
  const customer = { id: newId(), externalRef: "C-1" };
  const ids = { organizationId: newId(), decisionId: newId() };
  return { ...ids, remedy: "gift", amount: 500, currency: "USD", customer, order: null };
}

describe("an execution by the signed webhook", () => {
  it("is told in a message that Standard Webhooks verifies, under the decision's id each time", async () => {
    const { url, heard } = await receiver();
    const one = instruction();
    expect(await providerAt(url).execute(one, options)).toEqual({ outcome: "pending", reference: null });
    await providerAt(url).execute(one, options);
    for (const { headers, body } of heard) {
      expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
        type: "execution.requested",
        data: {
          decision: one.decisionId,
          remedy: "gift",
          amount: 500,
          currency: "USD",
          customer: { id: one.customer.id, externalRef: "C-1", paymentRef: null },
          order: null,
        },
      });
      expect(headers["webhook-id"]).toBe(one.decisionId);
      expect(() => documentedBody(body)).not.toThrow();
    }
    expect(heard).toHaveLength(2);
    await providerAt(url).reverse(one, options);
    expect(heard[2]?.headers["webhook-id"]).toBe(`${one.decisionId}:reversal`);
    expect(documentedBody(heard[2]?.body ?? "")).toMatchObject({ type: "execution.reversal_requested" });
  });

  it.each([
    ['{"status":"succeeded","reference":"R-1","more":1}', { outcome: "succeeded", reference: "R-1" }],
    ['{"status":"pending"}', { outcome: "pending", reference: null }],
    [
      '{"status":"failed","code":"no_payment","detail":"Never paid."}',
      { outcome: "failed", code: "no_payment", detail: "Never paid.", reference: null },
    ],
    ['{"status":"failed"}', { outcome: "failed", code: "refused" }],
    ["OK", { outcome: "pending", reference: null }],
    ['{"status":"done"}', { outcome: "pending", reference: null }],
    ["", { outcome: "pending", reference: null }],
  ])("whose receiver answers %s has that outcome", async (body, outcome) => {
    const { url } = await receiver({ body });
    expect(await providerAt(url).execute(instruction(), options)).toMatchObject(outcome);
  });

  it.each([400, 401, 404, 410, 429, 500, 503])(
    "that is answered %i is unknown, and told again",
    async (status) => {
      const { url } = await receiver({ status, body: '{"status":"succeeded"}' });
      expect(await providerAt(url).execute(instruction(), options)).toMatchObject({ outcome: "unknown" });
    },
  );

  it("is unknown where nobody listens, the connection breaks, or it was stopped", async () => {
    expect(await providerAt("http://127.0.0.1:1/").execute(instruction(), options)).toMatchObject({
      outcome: "unknown",
      detail: expect.stringContaining("Nothing takes connections"),
    });
    const broken = await listen((request) => request.socket.destroy());
    expect(await providerAt(broken).execute(instruction(), options)).toMatchObject({ outcome: "unknown" });
    const stop = new AbortController();
    const silent = await listen(() => stop.abort());
    expect(await providerAt(silent).execute(instruction(), { signal: stop.signal })).toMatchObject({
      outcome: "unknown",
      detail: expect.stringContaining("Stopped"),
    });
  });

  it("is told again rather than looked up: nobody can be asked, and nothing is sent for it", async () => {
    const { url, heard } = await receiver();
    expect(providerAt(url).capabilities()).toMatchObject({ answersLookups: false });
    expect(await providerAt(url).lookup(instruction(), options)).toMatchObject({ outcome: "unknown" });
    expect(heard).toEqual([]);
  });

  it("is unknown where the answer is longer than anybody reads", async () => {
    const { url } = await receiver({ body: "x".repeat(70_000) });
    expect(await providerAt(url).execute(instruction(), options)).toMatchObject({ outcome: "unknown" });
  });
});

describe("an address", () => {
  // Risk: what this server alone can reach is reached through it, and its answer is shown.
  it("that leads inside is sent nothing: written as a number, as a name, or behind a redirection", async () => {
    const { url, heard } = await receiver();
    const { port } = new URL(url);
    const inside = [
      `https://127.0.0.1:${port}/`,
      `https://localhost:${port}/`,
      `https://[::ffff:7f00:1]:${port}/`,
    ];
    for (const each of inside) {
      expect(await providerAt(each, "public").execute(instruction(), options)).toMatchObject({
        outcome: "unknown",
        detail: "The webhook's address may not be used.",
      });
    }
    expect(heard).toEqual([]);
    server?.close();
    const redirecting = await receiver({ status: 307, headers: { Location: url } });
    expect(await providerAt(redirecting.url).execute(instruction(), options)).toMatchObject({
      outcome: "unknown",
    });
    expect([heard.length, redirecting.heard.length]).toEqual([0, 1]);
  });

  it.each([
    ["https://billing.example.com/leeway", null, null],
    ["http://billing.example.com/leeway", "scheme", "scheme"],
    ["ftp://billing.example.com/", "scheme", "scheme"],
    ["https://", "malformed", "malformed"],
    ["https://me:word@billing.example.com/", "credentials", "credentials"],
    ["https://10.0.0.7/", "private_address", null],
    ["http://10.0.0.7/", "scheme", "scheme"],
    ["https://localhost:8443/", "private_address", null],
    ["http://localhost:8080/", "scheme", null],
    ["http://127.0.0.1:8080/", "scheme", null],
    ["https://2130706433/", "private_address", null],
    ["https://169.254.169.254/", "private_address", "private_address"],
  ])("%s is judged before it is stored", (url, byDefault, whereAllowed) => {
    expect([urlFault(url, "public"), urlFault(url, "private")]).toEqual([byDefault, whereAllowed]);
  });
});
