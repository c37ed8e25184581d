import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { postSigned } from "@/lib/http/post";
import type { Reach } from "@/lib/http/reach";

// A resolver that says something else to whoever connects than to whoever looked before.
const rebound = vi.hoisted(() => ({ on: false }));
vi.mock("@/lib/http/reach", async (original) => {
  const real = await original<typeof import("@/lib/http/reach")>();
  return {
    ...real,
    guardedLookup: (reach?: Reach): ReturnType<typeof real.guardedLookup> =>
      rebound.on
        ? (_, options, done) =>
            options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4)
        : real.guardedLookup(reach),
  };
});

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

let server: Server | undefined;
afterEach(() => {
  rebound.on = false;
  server?.close();
});

/** Something on this machine that anybody may connect to, and what it was sent. */
async function inside(): Promise<{ port: number; heard: () => string }> {
  let heard = "";
  const opened = createServer((socket) => {
    socket.on("data", (data) => {
      heard += data.toString("latin1");
    });
    socket.on("error", () => undefined);
  });
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
  return { port: (opened.address() as { port: number }).port, heard: () => heard };
}

function send(url: string, reach: Reach) {
  return postSigned({ url, reach, secret: SECRET, id: "m", body: '{"type":"test"}', patienceMs: 2_000 });
}

describe("a message to an address that may not be reached", () => {
  // Risk: what this server alone can reach is reached through it.
  it("is not sent where its name leads, though nobody could see that by the name", async () => {
    const { port, heard } = await inside();
    for (const url of [`https://localhost:${port}/`, `https://127.0.0.1:${port}/`]) {
      expect(await send(url, "public")).toMatchObject({ ok: false, fault: "private_address" });
    }
    expect(await send(`http://example.com:${port}/`, "private")).toMatchObject({ fault: "private_address" });
    expect(heard()).toBe("");
  });

  // Risk: a name that was harmless when it was looked at means this machine by the time that it is connected to.
  it("ends with the connection, whatever was resolved for it", async () => {
    const { port, heard } = await inside();
    rebound.on = true;
    expect(await send(`https://rebound.example:${port}/`, "public")).toEqual({
      ok: false,
      fault: "private_address",
      detail: "The address 127.0.0.1 is not one that webhooks may reach.",
    });
    expect(heard()).not.toContain("webhook-signature");
  });
});

describe("a message that nobody answers", () => {
  it("says why by a code, and that it was stopped where somebody stopped it", async () => {
    expect(await send("http://127.0.0.1:1/", "loopback")).toEqual({
      ok: false,
      fault: "refused_connection",
      detail: "ECONNREFUSED",
    });
    const { port } = await inside();
    const message = {
      url: `http://127.0.0.1:${port}/`,
      reach: "loopback",
      secret: SECRET,
      id: "m",
      body: "{}",
    } as const;
    expect(await postSigned({ ...message, patienceMs: 5 })).toMatchObject({
      fault: "timeout",
      detail: "No answer within 0.005 seconds.",
    });
    const stopped = AbortSignal.abort();
    expect(await postSigned({ ...message, patienceMs: 2_000, signal: stopped })).toMatchObject({
      fault: "stopped",
    });
  });
});
