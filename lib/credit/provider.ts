import { callRecording } from "@/lib/db/recording";
import { withTenant } from "@/lib/db/tenant";
import type { Instruction, Outcome, Provider } from "@/lib/execution/provider";
import { formatAmount } from "@/lib/format/money";

/**
 * The house's own store credit. It lives in the same database, so it never leaves anybody in doubt: what threw moved
 * nothing, and is asked again.
 */
export const storeCredit: Provider = {
  kind: "store_credit",
  capabilities: () => ({ remedies: ["credit"], reverses: true }),
  quote: async ({ remedy }) =>
    remedy === "credit"
      ? { ok: true, most: null }
      : { ok: false, code: "method_unavailable", detail: "Store credit serves credit alone." },
  async execute({ organizationId, decisionId }): Promise<Outcome> {
    const { id } = await callRecording<{ id: string }>({
      text: "select grant_credit($1, $2, $3) as id",
      values: [organizationId, decisionId, new Date()],
    });
    return { outcome: "succeeded", reference: id };
  },
  async lookup({ organizationId, decisionId }) {
    const { rows } = await withTenant(organizationId, (client) =>
      client.query<{ id: string }>(
        "select id from credit_transactions where organization_id = $1 and decision_id = $2 and kind = 'grant'",
        [organizationId, decisionId],
      ),
    );
    return rows[0] ? { outcome: "succeeded", reference: rows[0].id } : { outcome: "absent" };
  },
  async reverse(instruction): Promise<Outcome> {
    const { organizationId, decisionId } = instruction;
    const { answer } = await callRecording<{
      answer: { outcome: "absent" } | { outcome: "taken"; taken: number; amount: number; id: string };
    }>({
      text: "select take_back_credit($1, $2, $3) as answer",
      values: [organizationId, decisionId, new Date()],
    });
    if (answer.outcome === "absent") return { outcome: "succeeded", reference: null };
    if (answer.taken === answer.amount) return { outcome: "succeeded", reference: answer.id };
    return {
      outcome: "failed",
      code: "spent",
      detail: spentWords(instruction, answer.amount - answer.taken, answer.taken),
      reference: answer.id,
    };
  },
  parseWebhook: async () => null,
};

function spentWords({ currency }: Instruction, spent: number, taken: number): string {
  const words = (minor: number) => `${formatAmount(minor, currency)} ${currency}`;
  return `${words(spent)} of it was spent or had expired; ${words(taken)} was taken back.`;
}
