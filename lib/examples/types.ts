import type { EditRefusal } from "@/lib/policies/types";

/** A draft that an example can be added to. */
export interface OpenDraft {
  version: number;
  note: string | null;
  /** Who saved it last. */
  author: string | null;
  examples: number;
}

export type OpenDraftsAnswer = { ok: true; drafts: OpenDraft[] } | EditRefusal;

/** The draft that has the example now, and the example's id. */
export type MakeExampleAnswer = { ok: true; version: number; example: string } | EditRefusal;
