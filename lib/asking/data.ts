import { costOf } from "@/lib/asking/cost";
import type { AskingPage } from "@/lib/asking/types";
import type { OpenSpan } from "@/lib/dashboards/data";
import type { SpanPage } from "@/lib/dashboards/types";
import { tenantDb } from "@/lib/db/prisma";
import { readTenant } from "@/lib/db/replica";
import type { Policy } from "@/lib/discretion/schema";
import { partOf } from "@/lib/hot-spots/proposal";
import { readSums, readTotal } from "@/lib/sums/data";
import { NO_TEAM, type Sums } from "@/lib/sums/types";

/** How long an answer to a handover takes, as the organization says. */
export async function readAnswerMinutes(organizationId: string): Promise<number> {
  const { answerMinutes } = await tenantDb(organizationId).organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { answerMinutes: true },
  });
  return answerMinutes;
}

/** What asking cost in a span, in all and by what made people ask. */
export async function readAsking(
  organizationId: string,
  { filter, filterBefore, teams }: OpenSpan,
  policy: Policy | null,
  answerMinutes: number,
): Promise<Omit<AskingPage, keyof SpanPage | "mayEdit">> {
  const cost = (sums: Sums) => costOf(sums, answerMinutes);
  return readTenant(organizationId, async (client) => {
    const total = await readTotal(client, organizationId, filter);
    const before = await readTotal(client, organizationId, filterBefore);
    const checks = await readSums(client, organizationId, "check", filter, "key");
    const byTeam = await readSums(client, organizationId, "all", filter, "team");
    const remedies = await readSums(client, organizationId, "all", filter, "remedy");
    return {
      answerMinutes,
      cost: cost(total),
      before: cost(before),
      checks: checks
        .filter(({ sums }) => sums.handedOver > 0)
        .map(({ key, sums }) => ({ check: key, part: partOf(policy, key), cost: cost(sums) }))
        .sort((a, b) => b.cost.managerMinutes - a.cost.managerMinutes),
      byTeam: byTeam
        .filter(({ sums }) => sums.handedOver > 0)
        .map(({ key, sums }) => {
          const team = key === NO_TEAM ? null : teams.get(key);
          return { value: team?.key ?? null, label: team?.name ?? null, cost: cost(sums) };
        }),
      byRemedy: remedies
        .filter(({ sums }) => sums.handedOver > 0)
        .map(({ key, sums }) => ({ value: key, cost: cost(sums) })),
    };
  });
}
