import { requireActor } from "@/lib/auth/actor";
import { isId } from "@/lib/db/ids";
import { DAY_MS } from "@/lib/discretion/windows";
import type { SearchParams } from "@/lib/insights/schema";
import { mayReview, maySetReviewRule } from "@/lib/reviews/ability";
import { listDoubts, listOwnReviews, listQueue, readRule } from "@/lib/reviews/data";
import type { OwnReview, ReviewsPage, RuleDoubt } from "@/lib/reviews/types";

const ITEMS = 40;
const OWN = 20;

/** What waits to be looked back at: of the people who report to whoever looks, or of everybody. */
export async function loadReviews(params: SearchParams): Promise<ReviewsPage> {
  const { organizationId, employeeId, role, timeZone, currency } = await requireActor("floor");
  const now = new Date();
  const rule = await readRule(organizationId);
  const whose = params.whose === "all" || role !== "manager" ? "all" : "mine";
  const queue = await listQueue({
    organizationId,
    rule,
    reviewerId: employeeId,
    whose,
    limit: ITEMS,
    timeZone,
    now,
  });
  return {
    ...queue,
    now: now.toISOString(),
    timeZone,
    currency,
    whose,
    rule,
    mayReview: mayReview(role),
    maySetRule: maySetReviewRule(role),
  };
}

export interface OwnReviewsPage {
  /** Who reads it. */
  name: string;
  now: string;
  timeZone: string;
  items: OwnReview[];
  /** Where the older ones are; null at the end. */
  olderHref: string | null;
  newestHref: string | null;
}

/** What others wrote about the person's own decisions. */
export async function loadOwnReviews(params: SearchParams): Promise<OwnReviewsPage> {
  const { organizationId, employeeId, name, timeZone } = await requireActor("desk");
  const before = typeof params.before === "string" && isId(params.before) ? params.before : null;
  const { items, next } = await listOwnReviews(organizationId, employeeId, { limit: OWN, before });
  return {
    name,
    now: new Date().toISOString(),
    timeZone,
    items,
    olderHref: next === null ? null : `/desk/reviews?before=${next}`,
    newestHref: before === null ? null : "/desk/reviews",
  };
}

const DOUBT_DAYS = 90;

/** What reviews say about limits and rules, beside where these are too narrow. */
export async function loadDoubts(): Promise<{ days: number; doubts: RuleDoubt[] }> {
  const { organizationId } = await requireActor("floor");
  const since = new Date(Date.now() - DOUBT_DAYS * DAY_MS);
  return { days: DOUBT_DAYS, doubts: await listDoubts(organizationId, since) };
}
