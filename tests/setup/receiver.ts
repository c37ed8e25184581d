import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export interface ReceivedHook {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
  raw: string;
}

type Answerer = (response: ServerResponse, body: string) => void;

const fine: Answerer = (response) => void response.writeHead(204).end();

/**
 * Somebody who is told of what happens, on this machine. What it receives it verifies by the library of Standard Webhooks,
 * as the receivers of our customers do; `answer` may be set to answer otherwise than with 204.
 */
export async function openReceiver() {
  const received: ReceivedHook[] = [];
  const faults: string[] = [];
  const state: { secret: string; answer: Answerer; tried: number } = { secret: "", answer: fine, tried: 0 };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (text) => {
      body += text;
    });
    request.on("end", () => {
      state.tried += 1;
      response.once("finish", () => {
        if (response.statusCode < 300) keep(request.headers, body);
      });
      state.answer(response, body);
    });
  });

  function keep(headers: IncomingHttpHeaders, raw: string) {
    try {
      const said = new Webhook(state.secret).verify(raw, headers as Record<string, string>) as ReceivedHook;
      received.push({ ...said, raw, id: String(headers["webhook-id"]) });
    } catch (error) {
      faults.push(String(error));
    }
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    faults,
    state,
    port,
    url: `http://127.0.0.1:${port}/leeway`,
    fine,
    refuse(status: number, text = "no"): Answerer {
      return (response) => void response.writeHead(status, { "Content-Type": "text/plain" }).end(text);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
