"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { exampleOf } from "@/lib/discretion/examples";
import { EXCHANGE_RATE, type Example, ORDER_REFUNDABLE, type Policy } from "@/lib/discretion/schema";
import { readOnRecord } from "@/lib/examples/data";
import type { MakeExampleAnswer, OpenDraft, OpenDraftsAnswer } from "@/lib/examples/types";
import { currentPolicy, findPolicy, listPolicies, type PolicyVersion } from "@/lib/policies/data";
import { asEditor } from "@/lib/policies/editor";
import { personAuthor, saveDraft } from "@/lib/policies/mutations";
import { toWhole } from "@/lib/policies/views";

const DRAFTS = 20;

const makeSchema = z.strictObject({
  decisionId: z.uuid(),
  /** The draft that it is added to; null begins a new one from the version in force. */
  version: z.int().min(1).nullable(),
});

/** The drafts that an example can be added to, the newest first; those that wait for their moment are left alone. */
export async function listOpenDrafts(): Promise<OpenDraftsAnswer> {
  return asEditor({}, z.strictObject({}), async ({ organizationId }): Promise<OpenDraftsAnswer> => {
    const { data } = await listPolicies(organizationId, { limit: DRAFTS, status: ["draft"] });
    return { ok: true, drafts: data.filter(({ publishAt }) => publishAt === null).map(toOpenDraft) };
  });
}

function toOpenDraft({ version, note, author, updater, document }: PolicyVersion): OpenDraft {
  return {
    version,
    note,
    author: (updater ?? author)?.name ?? null,
    examples: document.examples?.length ?? 0,
  };
}

/**
 * Adds an example of a decision to a draft, expecting what was decided then. What somebody else has typed into the
 * draft and not saved is safe: they are told that it was saved meanwhile, and both are put together.
 */
export async function makeExample(request: z.input<typeof makeSchema>): Promise<MakeExampleAnswer> {
  return asEditor(request, makeSchema, async (actor, input): Promise<MakeExampleAnswer> => {
    const { organizationId, employeeId } = actor;
    const [draft, current] = await Promise.all([
      input.version === null ? null : findPolicy(organizationId, input.version),
      currentPolicy(organizationId),
    ]);
    const from = input.version === null ? current : draft;
    if (!from) return { ok: false, code: "not_found" };
    if (draft && draft.status !== "draft") return { ok: false, code: "not_draft", status: draft.status };
    const onRecord = await readOnRecord(organizationId, input.decisionId, from.document);
    if (!onRecord) return { ok: false, code: "not_found" };

    const id = exampleId(onRecord.decision, from.document);
    const example = withKnownBinding(exampleOf({ id, ...onRecord }), from.document);
    const answer = await saveDraft({
      organizationId,
      version: input.version,
      revision: draft?.revision ?? null,
      base: draft ? draft.baseVersion : (current?.version ?? null),
      document: { ...from.document, examples: [...(from.document.examples ?? []), example] },
      note: draft?.note ?? null,
      author: personAuthor(employeeId),
      now: new Date(),
    });
    if (answer.ok) {
      revalidatePath("/settings", "layout");
      return { ok: true, version: answer.version, example: example.id };
    }
    if (answer.code !== "draft_changed") return answer;
    const theirs = input.version === null ? null : await findPolicy(organizationId, input.version);
    return theirs
      ? { ok: false, code: "draft_changed", theirs: toWhole(theirs) }
      : { ok: false, code: "not_found" };
  });
}

/** What decided then may be gone from the policy; what it came to is expected all the same. */
function withKnownBinding(example: Example, { limits, rules }: Policy): Example {
  const { verdict, binding } = example.then;
  const known = [...limits, ...rules].map(({ id }) => id);
  const isKnown = !binding || [...known, ORDER_REFUNDABLE, EXCHANGE_RATE].includes(binding);
  return isKnown ? example : { ...example, then: { verdict } };
}

/** "credit-handover", or with the next number: what was decided, in an id that no other example has. */
function exampleId(
  { remedy, verdict }: Pick<Example["when"], "remedy"> & Pick<Example["then"], "verdict">,
  { examples = [] }: Policy,
): string {
  const id = `${remedy.replaceAll("_", "-")}-${verdict}`;
  const taken = new Set(examples.map((example) => example.id));
  if (!taken.has(id)) return id;
  for (let number = 2; ; number += 1) {
    const numbered = `${id}-${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}
