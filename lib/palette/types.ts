import type { DecisionStatus } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";

/** Something that was found, and where it is for whoever looked for it. */
export type PaletteHit =
  | {
      kind: "customer";
      id: string;
      href: string;
      name: string;
      tier: string | null;
      /** How they are reached, and their reference. */
      details: string[];
      /** The name of the record by whose words they were found, where that was merged into theirs. */
      mergedFrom: string | null;
    }
  | { kind: "order"; id: string; href: string; ref: string; customer: string }
  | {
      kind: "case";
      id: string;
      href: string;
      customer: string;
      remedy: Remedy;
      /** Minor units of `currency`. */
      amount: number;
      currency: string;
      status: DecisionStatus;
      /** What happened; empty where no case was told. */
      happened: string;
    };
