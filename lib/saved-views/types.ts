import type { ViewQuery } from "@/lib/floor/schema";

/** A view of the list of actions under a name. */
export interface SavedView {
  id: string;
  name: string;
  query: ViewQuery;
  shared: boolean;
  /** Whether it is the person's own to change. */
  own: boolean;
  /** Whose it is. */
  owner: string;
  /** Whether the person begins with it. */
  first: boolean;
}

/** What somebody may choose from, and what they look at. */
export interface ViewChoices {
  views: SavedView[];
  /** The view that the address names; null where it names none of these. */
  current: string | null;
  /** What the address shows, as a view would keep it. */
  query: ViewQuery;
  mayShare: boolean;
  /** Whether others' shared views may be taken away. */
  mayTidy: boolean;
}

/** Why nothing was kept. Each is expected, so it is returned. */
export type ViewRefusal =
  | { ok: false; code: "signed_out" | "not_allowed" | "missing" | "name_taken" | "too_many" }
  | { ok: false; code: "invalid"; errors: { path: string; message: string }[] };

export type SaveViewAnswer = { ok: true; id: string } | ViewRefusal;
export type ChangeViewAnswer = { ok: true } | ViewRefusal;
