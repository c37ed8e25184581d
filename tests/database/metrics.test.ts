import { afterEach, describe, expect, it, vi } from "vitest";
import { feedWebhooks } from "@/lib/webhooks/feed";
import { addEndpoint } from "@/lib/webhooks/mutations";
import { decided, scenario } from "../setup/scenario";

const SYSTEM = { kind: "system", id: null } as const;
const HERE = { host: "localhost:3000", "x-leeway-remote": "127.0.0.1" };

/** The route with other settings, as another process would have them. */
async function ask(headers: Record<string, string>, settings: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  vi.resetModules();
  const { answerMetrics } = await import("@/lib/metrics/rest");
  vi.unstubAllEnvs();
  return answerMetrics(new Headers(headers));
}

afterEach(() => vi.unstubAllEnvs());

describe("the metrics", () => {
  it("say what was decided and how fast, what waits and since when, and name nobody", async () => {
    const s = await scenario();
    const { organizationId } = s;
    const url = "http://127.0.0.1:1/";
    await addEndpoint({ organizationId, url, kinds: ["decision.*"], writer: SYSTEM, at: new Date() });
    const customer = await s.customer();
    decided(await s.ask({ customer, amount: 100 }));
    await feedWebhooks(organizationId, new Date());
    const answer = await ask(HERE);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=/);
    const text = await answer.text();
    expect(text).toMatch(/^leeway_decide_seconds_count\{outcome="allow"\} 1$/m);
    expect(text).toMatch(/^leeway_queue_depth\{queue="webhooks",status="waiting"\} 1$/m);
    expect(text).toMatch(/^leeway_queue_oldest_seconds\{queue="webhooks"\} [\d.]+$/m);
    expect(text).toMatch(/^leeway_queue_depth\{queue="decisions\/execute",status="queued"\} 1$/m);
    expect(text).toMatch(/^# TYPE leeway_worker_jobs_due gauge$/m);
    for (const named of [organizationId, customer, s.agent.employeeId]) expect(text).not.toContain(named);
  });

  it("of a worker of its own are told at a door of its own", async () => {
    const { serveMetrics } = await import("@/lib/metrics/server");
    const { port, close } = await serveMetrics(0);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain("# TYPE leeway_mail_attempts_total counter");
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    await close();
  });

  // Risk: how much a company gives, and how it is doing, is read by whoever finds the address.
  it("are read by who has the token; without one, from this machine alone, and not through a proxy", async () => {
    const token = "a-token-that-is-long-enough";
    const set = { LEEWAY_METRICS_TOKEN: token };
    const status = async (...of: Parameters<typeof ask>) => (await ask(...of)).status;
    expect(await status({ ...HERE, authorization: `Bearer ${token}` }, set)).toBe(200);
    expect(await status({ host: "leeway.example.com", authorization: `Bearer ${token}` }, set)).toBe(200);
    expect(await status(HERE, set)).toBe(401);
    expect(await status({ ...HERE, authorization: `Bearer ${token}x` }, set)).toBe(401);
    expect(await status(HERE)).toBe(200);
    expect(await status({ ...HERE, "x-leeway-remote": "::ffff:127.0.0.1" })).toBe(200);
    expect(await status({ host: "localhost:3000" })).toBe(401);
    expect(await status({ ...HERE, "x-leeway-remote": "10.0.0.7" })).toBe(401);
    expect(await status({ ...HERE, host: "leeway.example.com" })).toBe(401);
    expect(await status({ ...HERE, "x-leeway-remote": "" })).toBe(401);
    expect(await status(HERE, { NEXTAUTH_URL: "https://leeway.example.com" })).toBe(401);
  });
});
