import type { OrganizationSettings } from "@/lib/organizations/schema";
import {
  RETENTION_KINDS,
  type Retention,
  type RetentionKind,
  retentionDaysSchema,
} from "@/lib/retention/schema";
import { CannotProceed } from "../operations/cannot-proceed";
import { type OrganizationOption, openOrganization } from "./app";
import { counted, print } from "./output";
import { problemsOf, WrongUsage } from "./usage";

interface RetentionOptions extends OrganizationOption {
  json?: boolean;
}

const WORDS: Record<RetentionKind, string> = {
  sessions: "sessions that ended",
  idempotencyKeys: "idempotency keys",
  unsentRequests: "what was nearly asked for",
  simulations: "simulations",
  caseTexts: "what happened and what was needed",
  notes: "notes and reasons",
  webhookMessages: "messages to webhooks, with their log",
  mails: "mails that were seen to",
  providerEvents: "what providers said and was heard",
  disputes: "disputes that are over",
};

export async function show(options: RetentionOptions): Promise<number> {
  const { retention } = await settingsOf(options);
  await print(options.json, retention, linesOf(retention));
  return 0;
}

/** `days` is a number of days, or "keep". */
export async function set(kindText: string, days: string, options: RetentionOptions): Promise<number> {
  const kind = RETENTION_KINDS.find((each) => each === kindText);
  if (!kind)
    throw new WrongUsage(`There is no kind ${kindText}. The kinds are: ${RETENTION_KINDS.join(", ")}.`);
  const parsed = retentionDaysSchema.safeParse(daysOf(days));
  if (!parsed.success) throw new WrongUsage(`${problemsOf(parsed.error.issues)} For good is written "keep".`);
  const { id, settings } = await settingsOf(options);
  const { updateSettings } = await import("@/lib/organizations/mutations");
  const { revision, ...before } = settings;
  const next: OrganizationSettings = {
    ...before,
    retention: { ...before.retention, [kind]: parsed.data },
  };
  const answer = await updateSettings({
    organizationId: id,
    revision,
    settings: next,
    writer: { kind: "system", id: null },
    at: new Date(),
  });
  if (!answer.ok) {
    throw new CannotProceed("Somebody changed the settings at the same moment.", "Do it again.");
  }
  await print(options.json, answer.settings.retention, linesOf(answer.settings.retention));
  return 0;
}

function daysOf(text: string): number | null {
  if (text === "keep") return null;
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

export async function run(options: RetentionOptions): Promise<number> {
  const organization = await openOrganization(options);
  const { enforceRetention } = await import("@/lib/retention/mutations");
  const removed = await enforceRetention({
    organizationId: organization.id,
    writer: { kind: "system", id: null },
    at: new Date(),
  });
  await print(
    options.json,
    removed,
    RETENTION_KINDS.map((kind) => `${WORDS[kind]}: ${counted(removed[kind], "row")} removed`),
  );
  return 0;
}

async function settingsOf(options: RetentionOptions) {
  const { id } = await openOrganization(options);
  const { readSettings } = await import("@/lib/organizations/data");
  const settings = await readSettings(id);
  if (!settings) throw new Error(`There is no organization ${id}.`);
  return { id, settings, retention: settings.retention };
}

function linesOf(retention: Retention): string[] {
  return RETENTION_KINDS.map((kind) => {
    const days = retention[kind];
    return `${kind} (${WORDS[kind]}): ${days === null ? "kept for good" : counted(days, "day")}`;
  });
}
