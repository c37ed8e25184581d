"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { text } from "@/lib/decisions/schema";
import { currentPolicy, findPolicy } from "@/lib/policies/data";
import { asEditor } from "@/lib/policies/editor";
import * as policies from "@/lib/policies/mutations";
import { personAuthor } from "@/lib/policies/mutations";
import type {
  CreateAnswer,
  DoneAnswer,
  EditRefusal,
  PublishAnswer,
  PublishRefusal,
  SaveAnswer,
  ScheduleAnswer,
  TrialAnswer,
} from "@/lib/policies/types";
import { toWhole } from "@/lib/policies/views";
import * as trials from "@/lib/trials/mutations";

const NOTE_MAX_LENGTH = 1000;
const TRIAL_DAYS_MAX = 365;

const version = z.int().min(1);
const note = text(NOTE_MAX_LENGTH);
const createSchema = z.strictObject({
  /** The version whose document it begins with; left out, `document` is what it begins with. */
  from: version.optional(),
  document: z.unknown().optional(),
  note: note.optional(),
});
const saveSchema = z.strictObject({
  version,
  revision: version,
  /** The version in force that it was made from, or was compared with since; null for the first. */
  base: version.nullable(),
  document: z.unknown(),
  note,
});
const discardSchema = z.strictObject({ version, discard: z.boolean() });
const publishSchema = z.strictObject({
  version,
  revision: version.optional(),
  base: version.nullish(),
  note: note.optional(),
});
const scheduleSchema = z.strictObject({
  version,
  revision: version.optional(),
  /** An instant; null takes the schedule back. */
  at: z.iso.datetime({ offset: true, error: "Choose a day and a time." }).nullable(),
  note: note.optional(),
});
const trialSchema = z.strictObject({
  version,
  revision: version.optional(),
  teamId: z.uuid("Choose a team."),
  days: z
    .int("Write a whole number of days.")
    .min(1, "A trial lasts a day at least.")
    .max(TRIAL_DAYS_MAX, `A trial lasts ${TRIAL_DAYS_MAX} days at most.`),
});
const endSchema = z.strictObject({ trialId: z.uuid() });

/** Begins a draft: from a version, or from a document that was written elsewhere. */
export async function createDraft(request: z.input<typeof createSchema>): Promise<CreateAnswer> {
  return asEditor(request, createSchema, async (actor, input): Promise<CreateAnswer> => {
    const { organizationId } = actor;
    const [from, current] = await Promise.all([
      input.from === undefined ? null : findPolicy(organizationId, input.from),
      currentPolicy(organizationId),
    ]);
    if (input.from !== undefined && !from) return { ok: false, code: "not_found" };
    const answer = await policies.saveDraft({
      organizationId,
      version: null,
      revision: null,
      base: current?.version ?? null,
      document: from ? from.document : input.document,
      note: input.note || null,
      author: personAuthor(actor.employeeId),
      now: new Date(),
    });
    if (!answer.ok) return refusal(organizationId, answer, null);
    revalidatePath("/settings", "layout");
    return { ok: true, version: answer.version };
  });
}

/** Keeps what was typed as the draft's next revision, and says what its examples come to. */
export async function saveDraft(request: z.input<typeof saveSchema>): Promise<SaveAnswer> {
  return asEditor(request, saveSchema, async (actor, input): Promise<SaveAnswer> => {
    const { organizationId, employeeId } = actor;
    const answer = await policies.saveDraft({
      ...input,
      organizationId,
      note: input.note || null,
      author: personAuthor(employeeId),
      now: new Date(),
    });
    if (!answer.ok) return refusal(organizationId, answer, input.version);
    revalidatePath("/settings", "layout");
    return { ok: true, revision: answer.revision, examples: answer.examples };
  });
}

/** Takes a draft away, or back. */
export async function discardDraft(request: z.input<typeof discardSchema>): Promise<DoneAnswer> {
  return asEditor(request, discardSchema, async (actor, input): Promise<DoneAnswer> => {
    const { organizationId, employeeId } = actor;
    const author = personAuthor(employeeId);
    const answer = await policies.discardDraft({ ...input, organizationId, author, now: new Date() });
    if (!answer.ok) return refusal(organizationId, answer, input.version);
    revalidatePath("/settings", "layout");
    return answer;
  });
}

/** Puts a version in force for everybody, at once; an old one as a new version with the same document. */
export async function publishVersion(request: z.input<typeof publishSchema>): Promise<PublishAnswer> {
  return asEditor(request, publishSchema, async (actor, input): Promise<PublishAnswer> => {
    const { organizationId, employeeId } = actor;
    const answer = await policies.publishVersion({
      ...input,
      organizationId,
      note: input.note || null,
      author: personAuthor(employeeId),
      now: new Date(),
    });
    if (!answer.ok) return publishRefusal(organizationId, answer, input.version);
    // Pages that the browser keeps would otherwise begin from the version before.
    revalidatePath("/", "layout");
    return answer;
  });
}

/** Has a draft published at a moment to come, or takes that back. */
export async function scheduleVersion(request: z.input<typeof scheduleSchema>): Promise<ScheduleAnswer> {
  return asEditor(request, scheduleSchema, async (actor, input): Promise<ScheduleAnswer> => {
    const { organizationId, employeeId } = actor;
    const now = new Date();
    const at = input.at === null ? null : new Date(input.at);
    if (at && at <= now) {
      return {
        ok: false,
        code: "invalid",
        errors: [{ path: "at", message: "This moment has passed. Choose one to come, or publish now." }],
      };
    }
    const answer = await policies.schedulePolicy({
      organizationId,
      version: input.version,
      revision: input.revision ?? null,
      at,
      note: input.note || null,
      author: personAuthor(employeeId),
      now,
    });
    if (!answer.ok) return publishRefusal(organizationId, answer, input.version);
    revalidatePath("/settings", "layout");
    return answer;
  });
}

/** Puts a draft in force for one team, from now until the end of the last of so many days, today included. */
export async function startTrial(request: z.input<typeof trialSchema>): Promise<TrialAnswer> {
  return asEditor(request, trialSchema, async (actor, input): Promise<TrialAnswer> => {
    const { organizationId, employeeId } = actor;
    const now = new Date();
    const answer = await trials.startTrial({
      organizationId,
      version: input.version,
      revision: input.revision ?? null,
      teamId: input.teamId,
      endsAt: trials.trialEnd(input.days, now, actor.timeZone),
      author: { ...personAuthor(employeeId), employeeId },
      now,
    });
    if (answer.ok) {
      revalidatePath("/", "layout");
      return answer;
    }
    switch (answer.code) {
      case "no_policy":
      case "team_not_found":
      case "team_on_trial":
        return answer;
      default:
        return publishRefusal(organizationId, answer, input.version);
    }
  });
}

/** Ends a trial before its time: the team is back under the published version at once. */
export async function endTrial(request: z.input<typeof endSchema>): Promise<DoneAnswer> {
  return asEditor(request, endSchema, async (actor, { trialId }): Promise<DoneAnswer> => {
    const { organizationId, employeeId } = actor;
    const author = personAuthor(employeeId);
    const ended = await trials.endTrial({ organizationId, trialId, author, now: new Date() });
    if (!ended) return { ok: false, code: "not_found" };
    revalidatePath("/", "layout");
    return { ok: true };
  });
}

type Refused = policies.VersionRefusal | policies.Invalid;

/** What the core refused, with what the page has to show of it. */
async function refusal(organizationId: string, answer: Refused, number: number | null): Promise<EditRefusal> {
  if (answer.code !== "draft_changed") return answer;
  const theirs = number === null ? null : await findPolicy(organizationId, number);
  return theirs
    ? { ok: false, code: "draft_changed", theirs: toWhole(theirs) }
    : { ok: false, code: "not_found" };
}

async function publishRefusal(
  organizationId: string,
  answer: Refused | policies.Stale | policies.ExamplesFailed,
  number: number,
): Promise<PublishRefusal> {
  if (answer.code === "examples_failed") return answer;
  if (answer.code !== "stale") return refusal(organizationId, answer, number);
  const current = await currentPolicy(organizationId);
  return { ok: false, code: "stale", current: current && toWhole(current) };
}
