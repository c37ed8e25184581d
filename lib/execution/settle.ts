import type { z } from "zod";
import type { AuditActor } from "@/lib/audit/mutations";
import { newId } from "@/lib/db/ids";
import { callRecording } from "@/lib/db/recording";
import type { ReadList } from "@/lib/execution/csv";
import { settleExecution } from "@/lib/execution/mutations";
import type { knownSchema, SettleInput } from "@/lib/execution/schema";

interface Who {
  organizationId: string;
  actor: AuditActor;
  now: Date;
}

/** Whoever says what came of something; with `mustOwn` only of what they see to themselves. */
interface Settler extends Who {
  employeeId: string;
  mustOwn: boolean;
}

type Settled = { ok: true } | { ok: false; code: "gone" };

/**
 * Writes down what somebody says of what is done by hand: done, with where it can be found, or that it can't be done, which
 * gives the allowance back. `gone`: somebody said so before, or it was reversed.
 */
export async function settleByHand(
  input: SettleInput,
  { organizationId, actor, employeeId, mustOwn, now }: Settler,
): Promise<Settled> {
  const { decisionId, of } = input;
  const noted = await settleExecution({
    organizationId,
    decisionId,
    of,
    to: input.outcome === "done" ? "succeeded" : "failed",
    ...(input.outcome === "done"
      ? { reference: input.reference }
      : { code: "cannot_be_done" as const, detail: input.reason }),
    ...{ by: employeeId, mustOwn, actor, now },
  });
  return noted.outcome === "noted" ? { ok: true } : { ok: false, code: "gone" };
}

/**
 * Writes down what a person knows of something of which the provider says nothing, and how they know: whether it moved, or
 * whether it was taken back, which is for a person to do where it wasn't.
 */
export async function settleUnknown(
  { decisionId, of, moved, reference, reason }: z.output<typeof knownSchema>,
  { organizationId, actor, employeeId, mustOwn, now }: Settler,
): Promise<Settled> {
  const noted = await settleExecution({
    ...{ organizationId, decisionId, of, reference, detail: reason },
    ...(moved
      ? { to: "succeeded" as const }
      : { to: of === "execution" ? ("failed" as const) : ("by_hand" as const), code: "refused" as const }),
    ...{ by: employeeId, mustOwn, actor, now },
  });
  return noted.outcome === "noted" ? { ok: true } : { ok: false, code: "gone" };
}

type Owned = { ok: true } | { ok: false; code: "gone" | "changed" | "unable" };

/**
 * Says who sees to something that is done by hand, and by when; null: nobody yet, and a time that stays. `from` is who saw to
 * it as far as whoever says so knew; where somebody else was given it meanwhile nothing changes.
 */
export async function setOwner(
  about: Who & { decisionId: string; ownerId: string | null; dueAt?: Date | null; from: string | null },
): Promise<Owned> {
  const { organizationId, decisionId, ownerId, dueAt = null, from, actor, now } = about;
  const { answer } = await callRecording<{ answer: { outcome: "set" | "changed" | "unable" | "missing" } }>({
    text: "select own_execution($1, $2, $3, $4, $5, $6, $7, $8) as answer",
    values: [organizationId, decisionId, ownerId, dueAt, from, JSON.stringify(actor), newId(now), now],
  });
  const { outcome } = answer;
  if (outcome === "set") return { ok: true };
  return { ok: false, code: outcome === "missing" ? "gone" : outcome };
}

/** Has a provider told again of what it is told of no more by itself. */
export async function sendAgain(
  about: Who & { decisionId: string },
): Promise<{ ok: true } | { ok: false; code: "gone" }> {
  const { organizationId, decisionId, actor, now } = about;
  const { answer } = await callRecording<{ answer: { outcome: "sent" | "missing" } }>({
    text: "select send_execution_again($1, $2, $3, $4, $5) as answer",
    values: [organizationId, decisionId, JSON.stringify(actor), newId(now), now],
  });
  return answer.outcome === "sent" ? { ok: true } : { ok: false, code: "gone" };
}

/** Writes down all that a list says, line by line. */
export async function settleList(
  list: Extract<ReadList, { ok: true }>,
  who: Settler,
): Promise<{ applied: number; errors: { line: number; message: string }[] }> {
  const errors = [...list.errors];
  let applied = 0;
  for (const { line, input } of list.lines) {
    if ((await settleByHand(input, who)).ok) applied++;
    else errors.push({ line, message: "It isn't to be done any more." });
  }
  return { applied, errors: errors.toSorted((a, b) => a.line - b.line) };
}
