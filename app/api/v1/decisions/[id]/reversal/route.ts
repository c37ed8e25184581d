import { deskRoute, readBody } from "@/lib/http/route";
import { answerReversal } from "@/lib/reversals/rest";
import { reversalSchema } from "@/lib/reversals/schema";

/** Takes back what was given, with a reason, in the windows that it came from. */
export const POST = deskRoute<{ id: string }>("decisions:write", (call) =>
  answerReversal(call, async () => (await readBody(call.request, reversalSchema)).reason),
);
