import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { log } from "@/lib/log";
import { answerMetrics } from "@/lib/metrics/rest";

/** Tells what this process has measured to Prometheus on the same machine, for a worker that answers nothing else. */
export async function serveMetrics(port: number): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    const isThere = request.method === "GET" && /^\/(api\/)?metrics$/.test(request.url ?? "");
    const answered = isThere
      ? answerMetrics(new Headers(authorization ? { authorization } : {}), { isOwnDoor: true })
      : Promise.resolve(new Response("There is nothing here but /metrics.\n", { status: 404 }));
    answered
      .then(async (answer) => {
        const body = await answer.text();
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
      })
      .catch((error: unknown) => {
        log.warn({ err: error }, "the metrics could not be read");
        response.writeHead(503).end();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
