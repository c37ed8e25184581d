import { problem } from "@/lib/http/problem";
import { readBody, route, writerOf } from "@/lib/http/route";
import { recordSurveyAnswer } from "@/lib/surveys/mutations";
import { surveyAnswerSchema } from "@/lib/surveys/schema";
import type { RecordAnswer } from "@/lib/surveys/types";

/** What a customer said of a case, told by the helpdesk or survey tool that asked them. */
export const POST = route("surveys:write", async ({ request, actor }) => {
  const { organizationId } = actor;
  const writer = writerOf(actor).actor;
  const input = await readBody(request, surveyAnswerSchema);
  const recorded = await recordSurveyAnswer({ organizationId, input, writer, at: new Date() });
  if (!recorded.ok) return refused(recorded.code);
  return Response.json(recorded.answer, { status: recorded.outcome === "recorded" ? 201 : 200 });
});

function refused(code: Extract<RecordAnswer, { ok: false }>["code"]): Response {
  switch (code) {
    case "missing":
      return problem("decision_not_found");
    case "reference_used":
      return problem("reference_used");
    case "in_future":
      return problem("invalid", {
        errors: [
          { path: "answeredAt", message: "Nobody has answered yet at that moment. Look at the clock." },
        ],
      });
    default:
      return code satisfies never;
  }
}
