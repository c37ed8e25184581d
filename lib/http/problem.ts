import type { FieldError, Refusal, RefusalCode } from "@/lib/decisions/types";
import type { Explanation } from "@/lib/discretion/types";

/** RFC 9457 problem details, with a code for programs and the fields that are at fault. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors: FieldError[];
}

interface Kind {
  status: number;
  title: string;
  detail: string;
}

/** Every problem that the API answers with: what happened, and what to do about it. */
export const PROBLEMS = {
  malformed: {
    status: 400,
    title: "Malformed request",
    detail: "The body is not JSON. Send one JSON object in UTF-8.",
  },
  idempotency_key_required: {
    status: 400,
    title: "Idempotency key required",
    detail:
      "Send the header Idempotency-Key with a value that is unique to this intent, such as a UUID, and the same on every retry.",
  },
  employee_required: {
    status: 400,
    title: "Employee required",
    detail: "Send the header Leeway-Employee with the id or email of the employee whom the key acts for.",
  },
  unauthorized: {
    status: 401,
    title: "Not signed in",
    detail: "Send a valid API key as a bearer token, or sign in.",
  },
  cross_origin: {
    status: 403,
    title: "Not from here",
    detail: "A session is only good for requests from Leeway's own pages. Use an API key elsewhere.",
  },
  password_one_time: {
    status: 403,
    title: "Choose a password first",
    detail: "You signed in with a one-time password. Choose one of your own, then try again.",
  },
  not_allowed: {
    status: 403,
    title: "Not allowed",
    detail: "The role or the key's scopes don't include this.",
  },
  employee_suspended: {
    status: 403,
    title: "Employee suspended",
    detail: "A suspended employee can't decide.",
  },
  not_found: { status: 404, title: "Not found", detail: "There is nothing of that id here." },
  employee_not_found: {
    status: 404,
    title: "Employee not found",
    detail: "Nobody here has the id or email of the header Leeway-Employee.",
  },
  customer_not_found: { status: 404, title: "Customer not found", detail: "There is no such customer here." },
  team_not_found: { status: 404, title: "Team not found", detail: "There is no such team here." },
  order_not_found: { status: 404, title: "Order not found", detail: "There is no such order here." },
  decision_not_found: {
    status: 404,
    title: "Decision not found",
    detail: "There is no such decision here, or its customer was erased.",
  },
  own_handover: {
    status: 403,
    title: "Own handover",
    detail: "Nobody answers what they asked for themselves. Somebody else does, or you take it back.",
  },
  beyond_own_limits: {
    status: 403,
    title: "Beyond your own limits",
    detail:
      "What you may give yourself doesn't cover it, so you can't grant it. Grant less, or leave it to somebody with more discretion.",
  },
  idempotency_mismatch: {
    status: 409,
    title: "Key used for another request",
    detail: "This Idempotency-Key was sent with another body before. Use a new key for a new intent.",
  },
  already_reversed: {
    status: 409,
    title: "Reversed already",
    detail: "This decision was reversed before, and nobody reverses a reversal. Decide anew.",
  },
  not_posted: {
    status: 409,
    title: "Nothing to reverse",
    detail: "Nothing was given here, so there is nothing to take back.",
  },
  execution_started: {
    status: 409,
    title: "Too late to undo",
    detail: "It is being carried out by now. Reverse it, with a reason.",
  },
  execution_unknown: {
    status: 409,
    title: "Not known whether it was carried out",
    detail:
      "Nobody knows yet whether the money moved, so what it holds stays held. Try again when that is settled.",
  },
  handover_answered: {
    status: 409,
    title: "Handover is over",
    detail: "Somebody answered first, or it was taken back. What stands there stands.",
  },
  handover_expired: {
    status: 409,
    title: "Handover has run out",
    detail: "Its deadline has passed, and what it held is given back. It can be asked for anew.",
  },
  asked_already: {
    status: 409,
    title: "Asked already",
    detail: "Facts were asked for and are not there yet. Whoever handed over gives them first.",
  },
  not_asked: {
    status: 409,
    title: "Nothing was asked",
    detail: "Nobody waits for facts here.",
  },
  no_limit_to_raise: {
    status: 422,
    title: "No limit to raise",
    detail:
      "No larger limit would have let it pass without asking: a rule hands it over, or what it counts is not known.",
  },
  deputy_not_found: {
    status: 422,
    title: "Deputy not found",
    detail: "Nobody who is active here and may answer has that id or email.",
  },
  own_deputy: {
    status: 422,
    title: "Own deputy",
    detail: "Nobody stands in for themselves. Name somebody else.",
  },
  denied_now: {
    status: 409,
    title: "Denied by now",
    detail: "A guardrail of the policy in force refuses it to whoever asked, so nobody can grant it.",
  },
  promised_already: {
    status: 409,
    title: "Promised already",
    detail: "Something else was promised with this case already.",
  },
  reference_used: {
    status: 409,
    title: "Reference used for another case",
    detail:
      "An answer to another case was told under this reference. Use the name that your tool has for this very answer.",
  },
  merged_already: {
    status: 409,
    title: "Merged already",
    detail: "One of the two records stands for another one by now. Name the records that stay.",
  },
  no_policy: {
    status: 409,
    title: "No policy in force",
    detail: "The organization has no published policy yet. An admin publishes one under Settings.",
  },
  order_has_decisions: {
    status: 409,
    title: "Order already decided on",
    detail:
      "Decisions were taken on this order, so its customer and currency stay. Use another external reference.",
  },
  draft_changed: {
    status: 409,
    title: "Draft changed meanwhile",
    detail: "Somebody saved the draft after you read it. Read it again, then save yours with its revision.",
  },
  not_draft: {
    status: 409,
    title: "Not a draft",
    detail: "What was once in force is never edited again. Make a new draft.",
  },
  scheduled: {
    status: 409,
    title: "Scheduled",
    detail: "The draft is to be published at a time, and is left alone until then. Take the time back first.",
  },
  stale: {
    status: 409,
    title: "Another version in force",
    detail: "Somebody published after this was made. Compare with the version in force, then try again.",
  },
  examples_failed: {
    status: 409,
    title: "Examples fail",
    detail:
      "The policy says something else than its examples expect. Change one or the other, then try again.",
  },
  team_on_trial: {
    status: 409,
    title: "Team on another trial",
    detail: "The team tries another version. End that trial first.",
  },
  simulation_over: {
    status: 409,
    title: "Simulation is over",
    detail: "It has ended by itself, so there is nothing to cancel.",
  },
  too_large: { status: 413, title: "Body too large", detail: "A body may have 64 KB at most." },
  unsupported_media_type: {
    status: 415,
    title: "Not JSON",
    detail: "Send the body as JSON, with the header Content-Type: application/json.",
  },
  invalid: { status: 422, title: "Invalid request", detail: "Some fields can't be taken as they are." },
  nothing_to_simulate: {
    status: 422,
    title: "Nothing to simulate",
    detail: "Nobody asked for anything in these days. Choose others.",
  },
  order_of_another_customer: {
    status: 422,
    title: "Order of another customer",
    detail: "The order belongs to another customer.",
  },
  insufficient_credit: {
    status: 422,
    title: "Not enough credit",
    detail: "The customer has less store credit than that. Nothing was redeemed; `left` says what there is.",
  },
  redemption_final: {
    status: 409,
    title: "Too late to undo",
    detail: "What was redeemed can be put back only soon after, by who did it.",
  },
  currency_mismatch: {
    status: 422,
    title: "Currency of another order",
    detail: "A refund is in the currency that was paid.",
  },
  same_customer: {
    status: 422,
    title: "One and the same",
    detail: "A record can't be merged into itself. Name another one.",
  },
  case_not_found: {
    status: 422,
    title: "No such case",
    detail: "There is no such decision of this employee's with a case of this customer.",
  },
  amount_required: {
    status: 422,
    title: "Amount required",
    detail: "This remedy needs an amount above zero.",
  },
  note_required: {
    status: 422,
    title: "Reason required",
    detail: "This bends a guideline. Write down why in the note.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    detail: "Wait for the seconds in Retry-After, then go on.",
  },
  unexpected: {
    status: 500,
    title: "Something broke",
    detail: "Nothing was half done. Try again; if it stays, tell your admin the time.",
  },
  unavailable: {
    status: 503,
    title: "Database away",
    detail: "Leeway can't reach its database. Nothing was lost. Try again with the same Idempotency-Key.",
  },
  busy: {
    status: 503,
    title: "Busy",
    detail:
      "Too many ask for the same at this moment. Nothing was lost. Try again with the same Idempotency-Key.",
  },
} as const satisfies Record<string, Kind> & Record<RefusalCode, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A problem as a response. `errors` name the path of each field at fault. */
export function problem(
  code: ProblemCode,
  options: {
    errors?: FieldError[];
    retryAfterSeconds?: number;
    detail?: string;
    /** What the verdict behind it was based on, where there is one. */
    explanation?: Explanation;
    /** What there still is, minor units, where it was too little. */
    left?: number;
  } = {},
): Response {
  const { status, title, detail } = PROBLEMS[code];
  const errors = options.errors ?? [];
  const said = options.detail ?? (errors.length === 1 ? errors[0]?.message : undefined) ?? detail;
  const body: Problem & { explanation?: Explanation; left?: number } = {
    type: `urn:leeway:problem:${code}`,
    title,
    status,
    detail: said,
    code,
    errors,
    ...(options.explanation ? { explanation: options.explanation } : {}),
    ...(options.left === undefined ? {} : { left: options.left }),
  };
  const headers = new Headers({ "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  const wait = options.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  if (wait !== undefined) headers.set("Retry-After", String(wait));
  if (status === 401) headers.set("WWW-Authenticate", "Bearer");
  return new Response(JSON.stringify(body), { status, headers });
}

export function refusalProblem(refusal: Refusal): Response {
  return problem(refusal.code, { errors: refusal.errors });
}

/** Zod's issues as fields at fault: a path such as `case.cause`, and what to do. */
export function fieldErrors(
  issues: readonly {
    path: readonly PropertyKey[];
    message: string;
    code?: string;
    keys?: readonly string[];
  }[],
): FieldError[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map(String).join(".");
    if (issue.code !== "unrecognized_keys" || !issue.keys) return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({
      path: path ? `${path}.${key}` : key,
      message: "There is no such field. Leave it out.",
    }));
  });
}
