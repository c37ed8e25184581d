import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { mayEnter } from "@/lib/auth/ability";
import { requireActor, requireActorOrHide } from "@/lib/auth/actor";
import { isId } from "@/lib/db/ids";
import {
  findVerification,
  readChannels,
  readLatestState,
  readNewestSeals,
  readPublished,
  readSealTotals,
  readVerifications,
} from "@/lib/seals/data";
import { proveDecision } from "@/lib/seals/prover";
import { configuredChannels } from "@/lib/seals/publish";
import type { SealAlert, SealsPage, Verification } from "@/lib/seals/types";

const SEALS = 25;

type Query = Record<string, string | string[] | undefined>;

/** What the settings say of the seals: whether history is whole, what waits, and the seals, the newest first. */
export async function loadSeals({ below: asked }: Query): Promise<SealsPage> {
  const { organizationId, timeZone } = await requireActor("settings");
  const below = typeof asked === "string" && /^\d{1,9}$/.test(asked) ? Number(asked) : null;
  const [totals, page, channels, { latest, running }] = await Promise.all([
    readSealTotals(organizationId),
    // One more than is shown tells whether there are older ones.
    readNewestSeals(organizationId, { below, limit: SEALS + 1 }),
    readChannels(organizationId),
    readVerifications(organizationId),
  ]);
  const seals = page.slice(0, SEALS);
  const published = await readPublished(
    organizationId,
    seals.map(({ seq }) => seq),
  );
  const configured = configuredChannels();
  const last = seals.at(-1);
  return {
    now: new Date().toISOString(),
    timeZone,
    seals: seals.map((seal) => ({ ...seal, published: published.get(seal.seq) ?? [] })),
    sealCount: totals.seals,
    eventCount: totals.events,
    waiting: totals.waiting,
    waitingSince: totals.waitingSince,
    channels: channels.map((state) => ({ ...state, configured: configured[state.channel] !== undefined })),
    latest,
    running,
    newestHref: below === null ? null : "/settings/seals",
    olderHref: page.length > SEALS && last ? `/settings/seals?below=${last.seq}` : null,
  };
}

/** What stands above the pages of who may look at the seals, where history is not whole; null for everybody else. */
export async function loadSealAlert(): Promise<SealAlert | null> {
  const { organizationId, role, timeZone } = await requireActor();
  if (!mayEnter(role, "settings")) return null;
  const latest = await readLatestState(organizationId);
  if (!latest || latest.state === "whole") return null;
  return { state: latest.state, finishedAt: latest.finishedAt, timeZone };
}

/** How far a verification is, for a page that waits for it. */
export async function loadVerification(id: string | null): Promise<Verification> {
  const { organizationId } = await requireActorOrHide("settings");
  const found = id !== null && isId(id) ? await findVerification(organizationId, id) : null;
  if (!found) notFound();
  return found;
}

/** The proof of a decision as a file, for whoever may read the settings. */
export async function loadProof(decisionId: string): Promise<Response> {
  const { organizationId } = await requireActorOrHide("settings");
  if (!isId(decisionId)) notFound();
  const answer = await proveDecision({ organizationId, decisionId });
  if (answer.ok) {
    return new Response(`${JSON.stringify(answer.proof)}\n`, {
      headers: {
        "Content-Type": "application/json",
        "Content-Disposition": `attachment; filename="proof-${answer.proof.decisionId}.json"`,
        "Cache-Control": "no-store",
      },
    });
  }
  const t = await getTranslations("seals.problem");
  switch (answer.code) {
    case "not_found":
    case "no_such_seal":
      return notFound();
    case "waiting":
      return new Response(`${t("waiting")}\n`, { status: 409 });
    case "broken":
      return new Response(`${t("broken", { reason: answer.reason })}\n`, { status: 409 });
    default:
      return answer satisfies never;
  }
}
