"use server";

import { revalidatePath } from "next/cache";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { openSpan } from "@/lib/dashboards/data";
import { SPAN_FILTERS } from "@/lib/dashboards/schema";
import { findProposal } from "@/lib/hot-spots/data";
import { withProposal } from "@/lib/hot-spots/proposal";
import type { DraftProposalAnswer } from "@/lib/hot-spots/types";
import { currentPolicy } from "@/lib/policies/data";
import { asEditor } from "@/lib/policies/editor";
import { personAuthor, saveDraft } from "@/lib/policies/mutations";
import { requestSimulation } from "@/lib/simulations/mutations";

const proposalSchema = z.strictObject({
  check: z.string().min(1).max(200),
  /** The page's address, which says of what days and whom. */
  given: z.partialRecord(z.enum(SPAN_FILTERS), z.string().max(200)),
});

/**
 * Begins a draft with the number that a hot spot's page proposes, and has the days of that page replayed under it. The number is
 * worked out anew, from the same days.
 */
export async function draftProposal(request: z.input<typeof proposalSchema>): Promise<DraftProposalAnswer> {
  return asEditor(request, proposalSchema, async (actor, { check, given }): Promise<DraftProposalAnswer> => {
    const { organizationId, timeZone, employeeId } = actor;
    const now = new Date();
    const author = personAuthor(employeeId);
    const [open, current] = await Promise.all([openSpan(actor, given, now), currentPolicy(organizationId)]);
    const proposal = current && (await findProposal(organizationId, open, current.document, check));
    if (!proposal) return { ok: false, code: "gone" };
    const t = await getTranslations("insights.hot");
    const saved = await saveDraft({
      organizationId,
      version: null,
      revision: null,
      base: current.version,
      document: withProposal(current.document, check, proposal),
      note: t("draftNote", { check }),
      author,
      now,
    });
    if (!saved.ok) {
      if (saved.code === "invalid" || saved.code === "not_draft") return saved;
      return { ok: false, code: "busy" };
    }
    const { from, to } = open.page.search.span;
    const simulation = await requestSimulation({
      organizationId,
      version: saved.version,
      span: { from, to },
      timeZone,
      askedBy: employeeId,
      now,
    });
    revalidatePath("/settings", "layout");
    return { ok: true, version: saved.version, simulation: simulation.ok ? simulation.id : null };
  });
}
