import type { AuditActor } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { callRecording } from "@/lib/db/recording";
import type { SurveyAnswerInput } from "@/lib/surveys/schema";
import type { RecordAnswer } from "@/lib/surveys/types";

/** The clocks of two systems differ by no more than this. */
const CLOCK_MS = 5 * 60_000;

interface Recorded {
  outcome: "recorded" | "replaced" | "unchanged";
  decision: string;
  reference: string;
  score: number;
  answeredAt: string;
  recordedAt: string;
}

/**
 * Records what a customer said of a case, at the decision that the case began with. However often it is told, it is there
 * once; of several answers of one case the one that was given last stands, in whatever order they come.
 */
export async function recordSurveyAnswer(options: {
  organizationId: string;
  input: SurveyAnswerInput;
  writer: AuditActor;
  at: Date;
}): Promise<RecordAnswer> {
  const { organizationId, input, writer, at } = options;
  if (Date.parse(input.answeredAt) > at.getTime() + CLOCK_MS) return { ok: false, code: "in_future" };
  const { answer } = await callRecording<{ answer: Recorded | { outcome: "missing" | "reference_used" } }>({
    text: "select record_survey_answer($1, $2, $3, $4, $5, $6, $7, $8) as answer",
    values: [
      ...[organizationId, input.decision, input.reference, input.score, input.answeredAt],
      ...[JSON.stringify(writer), newId(at), at],
    ],
  });
  if (!("score" in answer)) return { ok: false, code: answer.outcome };
  const { outcome, answeredAt, recordedAt, ...rest } = answer;
  const instant = (text: string) => new Date(text).toISOString();
  return {
    ok: true,
    outcome,
    answer: { ...rest, answeredAt: instant(answeredAt), recordedAt: instant(recordedAt) },
  };
}
