import { createServer, type RequestListener, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { findRunningDemo } from "../postgres";
import { isCode } from "../process-lock.mjs";
import { CannotProceed } from "./cannot-proceed";
import { dataDirectory, root } from "./data-dir";

/** How long answers under way may take once the app stops. Streams never end by themselves. */
const GRACE_MS = 1_000;

export type AppServer = {
  port: number;
  /** Answers with the app from here on. */
  serve(): Promise<void>;
  /** May be called more than once. */
  close(): Promise<void>;
};

/** Where only this machine reaches the app, and where everybody does. */
const THIS_MACHINE = ["127.0.0.1", "::1"];
export const EVERYBODY = ["0.0.0.0", "::"];

/**
 * Takes the port before the long steps, so that one in use is known at once and nobody takes it meanwhile. Until the
 * app serves, every request is told to come back. It listens on this machine alone, unless LEEWAY_HOST or the caller
 * says otherwise.
 */
export async function takePort(port: number, addresses = THIS_MACHINE): Promise<AppServer> {
  let answer: RequestListener = (_request, response) => {
    response.writeHead(503, { "Content-Type": "text/plain; charset=utf-8", "Retry-After": "5" });
    response.end("Leeway is starting.\n");
  };
  let closeApp = async () => {};
  const servers: Server[] = [];
  let taken = port;
  const hosts = process.env.LEEWAY_HOST ? [process.env.LEEWAY_HOST] : addresses;
  for (const host of hosts) {
    const server = createServer((request, response) => answer(request, response));
    try {
      taken = await listen(server, taken, host);
      servers.push(server);
    } catch (error) {
      // A machine without IPv6 serves on the other address.
      if (host === hosts[1] && (isCode(error, "EADDRNOTAVAIL") || isCode(error, "EAFNOSUPPORT"))) continue;
      await Promise.all(servers.map(close));
      throw portError(error, taken, host);
    }
  }
  return {
    port: taken,
    serve: async () => {
      const app = await loadApp(taken);
      answer = app.answer;
      closeApp = app.close;
      renderOnce(taken, hosts[0]);
    },
    close: async () => {
      await Promise.all(servers.map(close));
      await closeApp();
      closeApp = async () => {};
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, ipv6Only: true }, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : port);
    });
  });
}

function portError(error: unknown, port: number, host: string): unknown {
  const other = "or choose another one: PORT=3001 npm run demo";
  if (isCode(error, "EADDRINUSE")) {
    const demo = findRunningDemo(dataDirectory());
    const owner = demo?.httpPort === port ? `Leeway's demo, process ${demo.pid}` : "another program";
    return new CannotProceed(`Port ${port} is in use by ${owner}.`, `Stop that program, ${other}`);
  }
  if (isCode(error, "EACCES")) {
    return new CannotProceed(
      `This user may not use port ${port}.`,
      `Ports under 1024 are the system's; ${other}`,
    );
  }
  if (isCode(error, "EADDRNOTAVAIL") || isCode(error, "ENOTFOUND")) {
    return new CannotProceed(
      `LEEWAY_HOST=${host} is no address of this machine.`,
      "Leave it out, or name another.",
    );
  }
  return error;
}

/** Next is loaded only here: it reads the environment while loading. */
async function loadApp(port: number): Promise<{ answer: RequestListener; close: () => Promise<void> }> {
  const { default: next } = await import("next");
  const app = next({ dev: false, dir: root, hostname: "localhost", port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const { answerDirectly } = await import("@/lib/http/direct");
  const { measureAnswer, REMOTE_HEADER, remoteOf } = await import("@/lib/metrics/http");
  return {
    answer: (request, response) => {
      measureAnswer(request, response);
      // Whoever is connected, said by us whatever they say themselves.
      request.headers[REMOTE_HEADER] = remoteOf(request);
      if (answerDirectly(request, response)) return;
      handle(request, response).catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
        response.destroy();
      });
    },
    close: () => app.close(),
  };
}

/** The first page that is made takes longer than the next ones: this one nobody waits for. */
function renderOnce(port: number, host = "localhost"): void {
  const reached = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  const address = `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}/sign-in`;
  fetch(address)
    .then((answer) => answer.text())
    .catch(() => undefined);
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await Promise.race([closed, sleep(GRACE_MS)]);
  server.closeAllConnections();
  await closed;
}
