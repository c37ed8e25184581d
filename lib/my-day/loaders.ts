import { requireActor } from "@/lib/auth/actor";
import { readCauseNames } from "@/lib/causes/data";
import { nameOfCause } from "@/lib/causes/naming";
import { mergedAmong } from "@/lib/customers/data";
import { DAY_MS, localDay, startOfDay } from "@/lib/discretion/windows";
import { listFailed, listOwned } from "@/lib/execution/data";
import { listFollowUpsOf } from "@/lib/follow-ups/data";
import { listOwnDecisions, listOwnHandovers, readOwnLimits, readOwnSums } from "@/lib/my-day/data";
import type { MyDay } from "@/lib/my-day/types";

/** What failed is told for so long: it may have failed at night, or on a day off. */
const FAILED_MS = 3 * DAY_MS;

/** More than anybody does in a day; what is due first is among them. */
const BY_HAND = 50;

/** What somebody did today and what is still before them. It is theirs alone: nobody else opens this page of theirs. */
export async function loadMyDay(): Promise<MyDay & { employeeId: string }> {
  const actor = await requireActor("desk");
  const { organizationId, employeeId, timeZone } = actor;
  const now = new Date();
  const day = localDay(now.getTime(), timeZone);
  const since = new Date(startOfDay(day, timeZone));
  const [{ decisions, more }, handovers, promises, sums, own, failed, causeNames, byHand] = await Promise.all(
    [
      listOwnDecisions(organizationId, employeeId, since),
      listOwnHandovers(organizationId, employeeId, since),
      listFollowUpsOf(organizationId, employeeId, since),
      readOwnSums(organizationId, employeeId, day),
      readOwnLimits(organizationId, employeeId, now),
      listFailed(organizationId, employeeId, new Date(now.getTime() - FAILED_MS)),
      readCauseNames(organizationId),
      listOwned(organizationId, employeeId, { limit: BY_HAND, now }),
    ],
  );
  const named = [...decisions, ...handovers].map(({ customer }) => customer.id);
  const merged = await mergedAmong(organizationId, named);
  const standing = <T extends { customer: { id: string; name: string } }>(each: T): T => ({
    ...each,
    customer: merged.get(each.customer.id) ?? each.customer,
  });
  return {
    employeeId,
    day,
    decisions: decisions.map(standing).map((each) => ({
      ...each,
      cause: each.cause && nameOfCause(causeNames, each.cause),
    })),
    more,
    sums,
    handovers: handovers.map(standing),
    failed,
    byHand,
    promises,
    limits: own?.limits ?? [],
    perCustomer: own?.perCustomer ?? [],
    currency: own?.currency ?? actor.currency,
    timeZone,
    now: now.toISOString(),
  };
}
