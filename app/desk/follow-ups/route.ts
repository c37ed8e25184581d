import { mayEnter } from "@/lib/auth/ability";
import { makePromise } from "@/lib/follow-ups/mutations";
import { promiseSchema } from "@/lib/follow-ups/schema";
import { problem } from "@/lib/http/problem";
import { deskRoute, readBody } from "@/lib/http/route";

/** Keeps what was promised with a case. Sent again, it is the same promise. */
export const POST = deskRoute("decisions:write", async ({ request, actor }) => {
  if (actor.kind !== "employee" || !mayEnter(actor.role, "desk")) return problem("not_allowed");
  const input = await readBody(request, promiseSchema);
  const answer = await makePromise({ actor, input, now: new Date() });
  if (answer.ok) return Response.json(answer.followUp, { status: 201 });
  switch (answer.code) {
    case "case_not_found":
      return problem("case_not_found");
    case "promised_already":
      return problem("promised_already");
    case "day_passed":
      return problem("invalid", {
        errors: [{ path: "dueOn", message: "This day has passed. Choose today or a later one." }],
      });
    default:
      throw new Error(`A promise was answered with ${JSON.stringify(answer satisfies never)}.`);
  }
});
