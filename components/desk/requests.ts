import type { CustomerHit } from "@/lib/customers/types";
import type { Allowance, DecisionView, FieldError, PreviewView } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";

/** The body of a decision, as the REST contract has it. Amounts are minor units of `currency`. */
export interface DecisionBody {
  customer: string;
  order?: string;
  remedy: Remedy;
  amount: number;
  currency: string;
  note?: string;
  case?: { channel: string; happened: string; need?: string; cause: string };
}

/** Problem details as the API answers with them. */
export interface Problem {
  title: string;
  detail: string;
  code: string;
  errors: FieldError[];
}

export type Answer<T> =
  | { ok: true; value: T; replayed: boolean }
  | { ok: false; reason: "network" | "signed_out" | "unavailable" }
  | { ok: false; reason: "rate_limited"; seconds: number }
  | { ok: false; reason: "problem"; problem: Problem };

export type Refused = Exclude<Answer<unknown>, { ok: true }>;

/** What the server would decide right now. Writes nothing. Throws only when `signal` was aborted. */
export function previewDecision(body: DecisionBody, signal?: AbortSignal): Promise<Answer<PreviewView>> {
  return call("/api/v1/decisions/preview", {
    method: "POST",
    ...jsonBody(body),
    ...(signal ? { signal } : {}),
  });
}

/** Decides and records. The same key never does it twice, however often it is sent. */
export function createDecision(body: DecisionBody, idempotencyKey: string): Promise<Answer<DecisionView>> {
  const { headers, ...rest } = jsonBody(body);
  return call("/api/v1/decisions", {
    method: "POST",
    headers: { ...headers, "Idempotency-Key": idempotencyKey },
    ...rest,
  });
}

/** What the person may still give a customer. Throws only when `signal` was aborted. */
export function readAllowance(customerId: string, signal?: AbortSignal): Promise<Answer<Allowance>> {
  return call(`/api/v1/customers/${customerId}/allowance`, signal ? { signal } : {});
}

export async function findCustomers(search: string, signal: AbortSignal): Promise<Answer<CustomerHit[]>> {
  const answer = await call<{ data: CustomerHit[] }>(`/api/v1/customers?${new URLSearchParams({ search })}`, {
    signal,
  });
  return answer.ok ? { ...answer, value: answer.value.data } : answer;
}

function jsonBody(body: DecisionBody) {
  return { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

async function call<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { ...init, cache: "no-store", credentials: "same-origin" });
    if (response.ok) {
      const replayed = response.headers.get("Idempotency-Replayed") === "true";
      return { ok: true, value: (await response.json()) as T, replayed };
    }
    return await readRefusal(response);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    return { ok: false, reason: "network" };
  }
}

async function readRefusal(response: Response): Promise<Refused> {
  if (response.status === 401) return { ok: false, reason: "signed_out" };
  if (response.status === 429) {
    return { ok: false, reason: "rate_limited", seconds: Number(response.headers.get("Retry-After")) || 1 };
  }
  if (response.status >= 500) return { ok: false, reason: "unavailable" };
  const problem = (await response.json()) as Partial<Problem>;
  return {
    ok: false,
    reason: "problem",
    problem: {
      title: problem.title ?? response.statusText,
      detail: problem.detail ?? "",
      code: problem.code ?? String(response.status),
      errors: problem.errors ?? [],
    },
  };
}
