import { inTenant } from "@/lib/db/prisma";
import { REMEDIES, type Remedy } from "@/lib/discretion/schema";
import type { Instruction, Outcome, Provider, ProviderKind, Quote } from "@/lib/execution/provider";
import { replaceSource } from "@/lib/execution/registry";

/** What a fake provider says to the next call: an outcome, or something that it does first. */
type Say = Outcome | ((instruction: Instruction, signal: AbortSignal) => Promise<Outcome>);

/**
 * A provider that moves nothing and keeps books like one that does: by the decision's id, each once. What it is to say is
 * set by the test; without a word it succeeds.
 */
export class FakeProvider implements Provider {
  readonly kind: ProviderKind = "stripe";
  readonly calls: { what: "execute" | "lookup" | "reverse" | "quote"; decisionId: string }[] = [];
  readonly moved = new Map<string, number>();
  readonly takenBack = new Map<string, number>();
  /** What came back after it had moved. */
  readonly sentBack = new Set<string>();
  /** How often money moved for a decision: more than once would be wrong. */
  readonly times = new Map<string, number>();
  onExecute: Say | null = null;
  onReverse: Say | null = null;
  onLookup: (Outcome | { outcome: "absent" }) | null = null;
  onQuote: Quote = { ok: true, most: null };

  capabilities() {
    return { remedies: REMEDIES, reverses: true };
  }

  async quote({ decisionId }: Instruction): Promise<Quote> {
    this.calls.push({ what: "quote", decisionId });
    return this.onQuote;
  }

  /** Moves the money, once for each decision. */
  move({ decisionId, amount }: Instruction): Outcome {
    if (!this.moved.has(decisionId)) {
      this.moved.set(decisionId, amount);
      this.times.set(decisionId, (this.times.get(decisionId) ?? 0) + 1);
    }
    return { outcome: "succeeded", reference: `fake_${decisionId}` };
  }

  async execute(instruction: Instruction, { signal }: { signal: AbortSignal }): Promise<Outcome> {
    this.calls.push({ what: "execute", decisionId: instruction.decisionId });
    return this.#say(this.onExecute, instruction, signal, () => this.move(instruction));
  }

  async lookup({ decisionId }: Instruction): Promise<Outcome | { outcome: "absent" }> {
    this.calls.push({ what: "lookup", decisionId });
    if (this.onLookup) return this.onLookup;
    if (this.sentBack.has(decisionId)) {
      return { outcome: "failed", code: "refused", detail: "The bank sent it back.", reference: null };
    }
    return this.moved.has(decisionId)
      ? { outcome: "succeeded", reference: `fake_${decisionId}` }
      : { outcome: "absent" };
  }

  async reverse(instruction: Instruction, { signal }: { signal: AbortSignal }): Promise<Outcome> {
    this.calls.push({ what: "reverse", decisionId: instruction.decisionId });
    return this.#say(this.onReverse, instruction, signal, () => {
      this.takenBack.set(instruction.decisionId, instruction.amount);
      return { outcome: "succeeded", reference: `back_${instruction.decisionId}` };
    });
  }

  async parseWebhook() {
    return null;
  }

  async #say(say: Say | null, instruction: Instruction, signal: AbortSignal, otherwise: () => Outcome) {
    if (typeof say === "function") return say(instruction, signal);
    return say ?? otherwise();
  }

  callsOf(decisionId: string): string[] {
    return this.calls.filter((call) => call.decisionId === decisionId).map(({ what }) => what);
  }
}

/** Has a fake provider serve a remedy of an organization, in this process. */
export async function serveByFake(
  s: { organizationId: string; manager: { employeeId: string } },
  remedies: readonly Remedy[] = ["credit"],
): Promise<FakeProvider> {
  const fake = new FakeProvider();
  held.set(s.organizationId, fake);
  replaceSource("stripe", async (organizationId) => held.get(organizationId) ?? null);
  await inTenant(s.organizationId, (tx) =>
    tx.remedyProvider.createMany({
      data: remedies.map((remedy) => ({
        organizationId: s.organizationId,
        remedy,
        provider: "stripe",
        setBy: s.manager.employeeId,
        setAt: new Date(),
      })),
    }),
  );
  return fake;
}

const held = new Map<string, FakeProvider>();
