import { deskRoute, readBody } from "@/lib/http/route";
import { answerReversal } from "@/lib/reversals/rest";
import { undoSchema } from "@/lib/reversals/schema";

/** Takes back what was given while nobody has begun to carry it out. */
export const POST = deskRoute<{ id: string }>("decisions:write", (call) =>
  answerReversal(call, async () => {
    await readBody(call.request, undoSchema, { optional: true });
    return null;
  }),
);
