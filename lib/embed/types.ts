import type { NotAdmin } from "@/lib/auth/admin";
import type { OfferedCause } from "@/lib/causes/types";
import type {
  CustomerOrder,
  CustomerProfile,
  DeskPolicy,
  Listed,
  PastDecision,
  UsualAmount,
} from "@/lib/customers/types";
import type { Allowance } from "@/lib/decisions/types";
import type { Remedy } from "@/lib/discretion/schema";

/** A site that may show the desk. */
export interface EmbedOrigin {
  origin: string;
  /** ISO 8601. */
  addedAt: string;
}

/** The page of the settings. */
export interface EmbedPage {
  mayEdit: boolean;
  organizationId: string;
  /** Where Leeway is reached, as the frame's address begins. */
  base: string;
  origins: EmbedOrigin[];
}

export type OriginsAnswer =
  | { ok: true; origins: EmbedOrigin[] }
  /** As many as there may be stand there already. */
  | { ok: false; code: "too_many" }
  | NotAdmin;

/** What the pop-up has to do before the frame gets anything. */
export type ConnectState =
  /** The person says whether the site may show their desk. */
  | { state: "ask"; origin: string; name: string; organizationName: string }
  /** They said so before, in this session. */
  | { state: "again"; origin: string }
  /** `other_organization`: who is signed in here works for another one. */
  | { state: "refused"; why: "not_listed" | "no_desk" | "other_organization" | "one_time_password" };

export type GivePassAnswer =
  | {
      ok: true;
      token: string;
      /** For how long it is good. */
      seconds: number;
      employeeId: string;
      name: string;
    }
  | {
      ok: false;
      code: "signed_out" | "invalid" | "no_desk" | "not_listed" | "unconfirmed" | "other_organization";
    };

/** A customer as the desk in a frame shows them, and what the person may still give. */
export interface EmbeddedDesk {
  customer: CustomerProfile;
  /** Null while no policy is in force. */
  allowance: Allowance | null;
  policy: DeskPolicy | null;
  orders: Listed<CustomerOrder>;
  history: Listed<PastDecision>;
  /** The catalogue of causes. */
  causes: OfferedCause[];
  /** What is offered while a cause is typed: the names of the catalogue; without one, what others wrote lately. */
  causeWords: string[];
  usual: Partial<Record<Remedy, UsualAmount>>;
  currency: string;
  timeZone: string;
  /** The organization's local day, ISO date. */
  today: string;
  employeeId: string;
  /** The server's clock, ISO 8601. */
  now: string;
}
