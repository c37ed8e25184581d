import "../die-with-parent.mjs";
import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";

/**
 * Sends requests over connections that stay open, each with one request under way, and tells how they went. It runs as a
 * process of its own and speaks HTTP by hand: whatever it spends is taken from the app, which has no more than the same
 * few cores.
 */

/** What is asked for, over and over. A request's body may be one of many; its key is always a new one. */
export interface Round {
  port: number;
  connections: number;
  seconds: number;
  method: "GET" | "POST";
  path: string;
  headers: Record<string, string>;
  /** Bodies with the headers that belong to each; none for a request without. */
  bodies: { headers: Record<string, string>; body: string }[];
  expectedStatus: number;
}

export interface RoundResult {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** The first answer with another status than the expected one, if there was any. */
  unexpected: string | null;
}

type Prepared = { head: string; tail: string }[];

function prepare({ method, path, headers, bodies, port }: Round): Prepared {
  const lines = (all: Record<string, string>) =>
    Object.entries(all)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join("");
  const start = `${method} ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n${lines(headers)}`;
  if (bodies.length === 0) return [{ head: `${start}\r\n`, tail: "" }];
  return bodies.map(({ headers: own, body }) => ({
    head: `${start}${lines(own)}Content-Length: ${Buffer.byteLength(body)}\r\nIdempotency-Key: `,
    tail: `\r\n\r\n${body}`,
  }));
}

/** Runs one round. */
async function hammer(round: Round): Promise<RoundResult> {
  const prepared = prepare(round);
  const latencies: number[] = [];
  const status = `HTTP/1.1 ${round.expectedStatus} `;
  let unexpected: string | null = null;
  let turn = Math.floor(Math.random() * prepared.length);
  const begunAt = performance.now();
  const until = begunAt + round.seconds * 1000;

  const client = () =>
    new Promise<void>((resolve, reject) => {
      const socket: Socket = connect(round.port, "127.0.0.1");
      socket.setNoDelay(true);
      let sentAt = 0;
      let answer = "";
      const send = () => {
        const { head, tail } = prepared[turn++ % prepared.length] as Prepared[number];
        sentAt = performance.now();
        socket.write(tail === "" ? head : head + randomUUID() + tail, "latin1");
      };
      socket.setEncoding("latin1");
      socket.on("connect", send);
      socket.on("data", (chunk: string) => {
        answer = answer === "" ? chunk : answer + chunk;
        if (!isWhole(answer)) return;
        const now = performance.now();
        latencies.push(now - sentAt);
        if (unexpected === null && !answer.startsWith(status)) unexpected = answer;
        answer = "";
        if (now < until) send();
        else socket.end();
      });
      socket.on("error", reject);
      socket.on("close", () => resolve());
    });
  await Promise.all(Array.from({ length: round.connections }, client));

  const seconds = (performance.now() - begunAt) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
  return {
    requests: latencies.length,
    perSecond: latencies.length / seconds,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    unexpected,
  };
}

/** Whether a whole answer has come: by its length, or by the last of its chunks. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head));
  if (length) return answer.length >= head + 4 + Number(length[1]);
  return answer.endsWith("0\r\n\r\n");
}

process.on("message", (round: Round) => {
  hammer(round).then(
    (answer) => process.send?.({ answer }),
    (error: Error) => process.send?.({ fault: error.stack ?? String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
