import { Counter, Histogram, Registry } from "prom-client";

/** Seconds: a decision takes milliseconds, an answer to a webhook up to ten seconds. */
const QUICK = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const SLOW = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

function create() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    decide: new Histogram({
      name: "leeway_decide_seconds",
      help: "How long deciding and recording took, by what came of it.",
      labelNames: ["outcome"],
      buckets: QUICK,
      registers,
    }),
    http: new Histogram({
      name: "leeway_http_request_seconds",
      help: "How long this process took to answer, by route, method and class of status.",
      labelNames: ["route", "method", "status"],
      buckets: [...QUICK, 5, 10],
      registers,
    }),
    webhooks: new Histogram({
      name: "leeway_webhook_attempt_seconds",
      help: "How long endpoints took to answer this process, by whether they took what was sent.",
      labelNames: ["outcome"],
      buckets: SLOW,
      registers,
    }),
    executions: new Counter({
      name: "leeway_execution_outcomes_total",
      help: "What this process learnt of executions and of taking them back, by provider and by what came of it.",
      labelNames: ["provider", "of", "outcome"],
      registers,
    }),
    mails: new Counter({
      name: "leeway_mail_attempts_total",
      help: "Mails that this process handed to the mail server, by what came of it.",
      labelNames: ["kind", "outcome"],
      registers,
    }),
  };
}

const held = globalThis as unknown as { leewayMetrics?: ReturnType<typeof create> };

/** What this process has measured. One for all of it: what is bundled for pages, and what runs beside them. */
export function metrics() {
  held.leewayMetrics ??= create();
  return held.leewayMetrics;
}

export function countWebhook({
  ok,
  code,
  latencyMs,
}: {
  ok: boolean;
  code: number | null;
  latencyMs: number;
}): void {
  const outcome = ok ? "delivered" : code === null ? "unanswered" : "refused";
  metrics().webhooks.observe({ outcome }, latencyMs / 1_000);
}

export function countDecide(outcome: string, ms: number): void {
  metrics().decide.observe({ outcome }, ms / 1_000);
}

export function countExecution(provider: string, of: "execution" | "reversal", outcome: string): void {
  metrics().executions.inc({ provider, of, outcome });
}

export function countMail(kind: string, outcome: "sent" | "failed" | "dropped"): void {
  metrics().mails.inc({ kind, outcome });
}
