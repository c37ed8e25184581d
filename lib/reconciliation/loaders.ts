import { notFound } from "next/navigation";
import { requireActor, requireActorOrHide } from "@/lib/auth/actor";
import { isId } from "@/lib/db/ids";
import { mayReadReconciliation, mayReconcile } from "@/lib/reconciliation/ability";
import {
  findProgress,
  findReconciliation,
  findUnderway,
  latestReconciliation,
  listReconciliations,
  readBooksAlert,
  readNames,
} from "@/lib/reconciliation/data";
import type {
  BooksAlert,
  ReconciliationPage,
  ReconciliationProgress,
  ReconciliationView,
} from "@/lib/reconciliation/types";

const RUNS = 20;
const HREF = "/settings/reconciliation";

type Query = Record<string, string | string[] | undefined>;

/** What stands above the pages of who is told that something differs; null for everybody else. */
export async function loadBooksAlert(): Promise<{ alert: BooksAlert | null; timeZone: string } | null> {
  const actor = await requireActor();
  if (!mayReadReconciliation(actor.role)) return null;
  return { alert: await readBooksAlert(actor.organizationId), timeZone: actor.timeZone };
}

/** The latest comparison, or the one that the address names, with those before it. */
export async function loadReconciliation(query: Query): Promise<ReconciliationPage> {
  const actor = await requireActor("settings");
  const { organizationId, currency, timeZone } = actor;
  const before = typeof query.before === "string" && isId(query.before) ? query.before : null;
  const [latest, underway, { runs, more }] = await Promise.all([
    latestReconciliation(organizationId),
    findUnderway(organizationId),
    listReconciliations(organizationId, { limit: RUNS, before }),
  ]);
  const run = query.run === undefined ? latest : await namedRun(organizationId, query.run);
  const last = runs.at(-1);
  return {
    mayRun: mayReconcile(actor.role),
    run,
    isLatest: run?.id === latest?.id,
    underway,
    runs,
    newestHref: before ? `${HREF}#runs` : null,
    olderHref: more && last ? `${HREF}?before=${last.id}#runs` : null,
    names: await readNames(organizationId, run?.result?.listed ?? []),
    currency,
    timeZone,
    now: new Date().toISOString(),
  };
}

/** One that is not over yet is shown by its progress alone. */
async function namedRun(organizationId: string, id: string | string[]): Promise<ReconciliationView | null> {
  const run = typeof id === "string" ? await findReconciliation(organizationId, id) : null;
  if (!run?.finishedAt) notFound();
  return run;
}

/** How far a run is, for a page that waits for it. Not there where the organization has none of that id. */
export async function loadReconciliationProgress(id: string | null): Promise<ReconciliationProgress> {
  const { organizationId } = await requireActorOrHide("settings");
  const found = id === null ? null : await findProgress(organizationId, id);
  if (!found) notFound();
  return found;
}
