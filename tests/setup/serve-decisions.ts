import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { findApiKeyActor } from "@/lib/auth/api-keys";
import { databaseTrouble } from "@/lib/db/health";
import { decide } from "@/lib/decisions/decide";
import { decisionInputSchema } from "@/lib/decisions/schema";
import { problem, refusalProblem } from "@/lib/http/problem";

/** Serves the one call without the rest of the app, so that it is there a second after its start instead of ten. */
const server = createServer(async (incoming, outgoing) => {
  const answer = await decideFor(incoming).catch((error: unknown) =>
    problem(databaseTrouble(error) === null ? "unexpected" : "unavailable"),
  );
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  outgoing.end(await answer.text());
});

async function decideFor(incoming: IncomingMessage): Promise<Response> {
  const header = (name: string) => String(incoming.headers[name] ?? "");
  const input = decisionInputSchema.parse(await json(incoming));
  const now = new Date();
  const employee = { id: header("leeway-employee"), email: null };
  const actor = await findApiKeyActor(header("authorization").replace("Bearer ", ""), employee, now);
  if (!actor) return problem("unauthorized");
  const answer = await decide({ actor, input, idempotencyKey: header("idempotency-key"), now });
  return answer.ok ? Response.json(answer.decision, { status: 201 }) : refusalProblem(answer);
}

server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`Leeway is ready on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
