import { randomUUID } from "node:crypto";
import { type AuditActor, audit } from "@/lib/audit/mutations";
import { inTenant } from "@/lib/db/prisma";
import { exponentOf } from "@/lib/discretion/money";
import type { Remedy } from "@/lib/discretion/schema";
import { readChoices } from "@/lib/execution/data";
import type { Instruction, Provider, ProviderKind } from "@/lib/execution/provider";
import { providerOf } from "@/lib/execution/registry";
import type { ExecutionNumbers, QuoteAnswer } from "@/lib/execution/types";
import { NoKey } from "@/lib/secrets/cipher";

/** Null too where the provider's secrets can't be read. */
async function readable(opening: Promise<Provider | null>): Promise<Provider | null> {
  return opening.catch((error: unknown) => {
    if (error instanceof NoKey) return null;
    throw error;
  });
}

interface Change {
  organizationId: string;
  writer: AuditActor;
  at: Date;
}

/** Has a provider serve a remedy from now on. One that isn't set up, or doesn't do such things, can't. */
export async function chooseProvider(
  change: Change & { remedy: Remedy; provider: ProviderKind; employeeId: string },
): Promise<{ ok: true } | { ok: false; code: "cannot" }> {
  const { organizationId, remedy, provider: kind, employeeId, writer, at } = change;
  const provider = await readable(providerOf(organizationId, kind));
  if (!provider?.capabilities().remedies.includes(remedy)) return { ok: false, code: "cannot" };
  await inTenant(organizationId, async (tx) => {
    const where = { organizationId_remedy: { organizationId, remedy } };
    const before = await tx.remedyProvider.findUnique({ where });
    if (before?.provider === kind) return;
    const data = { provider: kind, setBy: employeeId, setAt: at };
    await tx.remedyProvider.upsert({ where, create: { organizationId, remedy, ...data }, update: data });
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "execution_provider.set",
      subjectId: organizationId,
      data: { remedy, provider: kind, before: before?.provider ?? null },
      at,
    });
  });
  return { ok: true };
}

/** Keeps by when people should be done, and how long credit is good for. The same again changes nothing. */
export async function setNumbers(change: Change & { numbers: ExecutionNumbers }): Promise<void> {
  const { organizationId, numbers, writer, at } = change;
  await inTenant(organizationId, async (tx) => {
    const before = await tx.organization.findUniqueOrThrow({
      where: { id: organizationId },
      select: { byHandHours: true, creditDays: true },
    });
    const fields = (["byHandHours", "creditDays"] as const).filter(
      (field) => before[field] !== numbers[field],
    );
    if (fields.length === 0) return;
    await tx.organization.update({ where: { id: organizationId }, data: numbers });
    await audit(tx, {
      organizationId,
      actor: writer,
      action: "organization.updated",
      subjectId: organizationId,
      data: { fields: [...fields] },
      at,
    });
  });
}

/** Asks whichever provider serves a remedy what it would do with a decision of 1.00, of nobody. Nothing moves. */
export async function testProvider(options: {
  organizationId: string;
  remedy: Remedy;
  currency: string;
}): Promise<QuoteAnswer> {
  const { organizationId, remedy, currency } = options;
  const choice = (await readChoices(organizationId)).find((each) => each.remedy === remedy);
  const kind = choice?.provider ?? "by_hand";
  const provider = await readable(providerOf(organizationId, kind));
  if (!provider) {
    const quote = { ok: false, code: "not_configured", detail: "It isn't set up." } as const;
    return { ok: true, provider: kind, quote };
  }
  const instruction: Instruction = {
    organizationId,
    decisionId: randomUUID(),
    remedy,
    amount: 10 ** exponentOf(currency),
    currency,
    customer: { id: randomUUID(), externalRef: null },
    order: null,
  };
  try {
    return { ok: true, provider: kind, quote: await provider.quote(instruction) };
  } catch {
    return { ok: false, code: "no_answer", provider: kind };
  }
}
