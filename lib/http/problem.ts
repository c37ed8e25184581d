import type { FieldError, Refusal, RefusalCode } from "@/lib/decisions/types";

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
  idempotency_mismatch: {
    status: 409,
    title: "Key used for another request",
    detail: "This Idempotency-Key was sent with another body before. Use a new key for a new intent.",
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
  currency_mismatch: {
    status: 422,
    title: "Currency of another order",
    detail: "A refund is in the currency that was paid.",
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
    detail: "Many decide on the same limit at this moment. Try again with the same Idempotency-Key.",
  },
} as const satisfies Record<string, Kind> & Record<RefusalCode, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A problem as a response. `errors` name the path of each field at fault. */
export function problem(
  code: ProblemCode,
  options: { errors?: FieldError[]; retryAfterSeconds?: number; detail?: string } = {},
): Response {
  const { status, title, detail } = PROBLEMS[code];
  const errors = options.errors ?? [];
  const said = options.detail ?? (errors.length === 1 ? errors[0]?.message : undefined) ?? detail;
  const body: Problem = { type: `urn:leeway:problem:${code}`, title, status, detail: said, code, errors };
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
