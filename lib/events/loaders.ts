import { getServerSession } from "next-auth";
import { authOptions } from "@/lib/auth/options";
import { peekSession } from "@/lib/auth/sessions";
import { databaseTrouble } from "@/lib/db/health";
import { isSameOrigin } from "@/lib/http/origin";
import { type ProblemCode, problem } from "@/lib/http/problem";
import { log } from "@/lib/log";

/** Somebody who signed in and has a page of ours open. */
export interface OnPage {
  organizationId: string;
  sessionId: string;
}

/**
 * Answers somebody who has a page of ours open, or the problem. Their session is looked at and not used: a page that
 * nobody touches keeps nobody signed in.
 */
export async function answerPage(
  request: Request,
  answer: (who: OnPage) => Response | Promise<Response>,
): Promise<Response> {
  try {
    const who = await provenPage(request);
    return typeof who === "string" ? problem(who) : await answer(who);
  } catch (error) {
    if (databaseTrouble(error)) return problem("unavailable");
    log.error({ err: error, path: new URL(request.url).pathname }, "a request broke");
    return problem("unexpected");
  }
}

async function provenPage(request: Request): Promise<OnPage | ProblemCode> {
  const found = await getServerSession(authOptions);
  if (!found?.organizationId || !found.sessionId) return "unauthorized";
  const { organizationId, sessionId } = found;
  const session = await peekSession(organizationId, sessionId, new Date());
  if (!session) return "unauthorized";
  if (!isSameOrigin(request.headers)) return "cross_origin";
  return session.passwordOneTime ? "password_one_time" : { organizationId, sessionId };
}

/** Whether whoever has the page open is still signed in. */
export async function isStillOn({ organizationId, sessionId }: OnPage): Promise<boolean> {
  return (await peekSession(organizationId, sessionId, new Date())) !== null;
}
