import type { NotAdmin } from "@/lib/auth/admin";
import type { PostFault } from "@/lib/http/post";
import type { fieldErrors } from "@/lib/http/problem";

/** The providers outside of Leeway, which have to be set up. */
export const OUTSIDE_KINDS = ["stripe", "webhook"] as const;
export type OutsideKind = (typeof OUTSIDE_KINDS)[number];

/** How a provider did when it was last asked for something. */
export interface Health {
  state: "well" | "failing";
  fault: string | null;
  /** ISO 8601. */
  at: string;
}

/** What a provider said by itself and could not be applied, though it was tried. Nothing of it is lost. */
export interface Aside {
  count: number;
  /** Since when the oldest of them is here, ISO 8601. */
  oldest: string;
}

interface Common {
  enabled: boolean;
  health: Health | null;
  aside: Aside | null;
}

export interface StripeSettings extends Common {
  label: string;
  /** By its beginning: what is done with a test key moves nobody's money. */
  mode: "test" | "live";
  /** The last characters of each; null where there is none. */
  secretKey: string;
  webhookSecret: string | null;
}

export interface WebhookSettings extends Common {
  url: string;
  secret: string;
}

export interface Providers {
  stripe: StripeSettings | null;
  webhook: WebhookSettings | null;
}

/** The page of the settings. */
export interface ProvidersPage extends Providers {
  mayEdit: boolean;
  /** Whether there is a key to encrypt secrets with. */
  canKeepSecrets: boolean;
  /** Where Stripe sends what it says by itself. */
  stripeAddress: string;
}

export type ProvidersAnswer =
  | {
      ok: true;
      providers: Providers;
      /** The webhook's new secret: said this once. */
      secret?: string;
    }
  | { ok: false; code: "no_encryption_key" | "not_set_up" }
  | { ok: false; code: "invalid"; errors: ReturnType<typeof fieldErrors> }
  | NotAdmin;

/** What a test found out. It moves nothing. */
export type TestFinding =
  | { found: "well"; mode?: "test" | "live"; hearsNothing?: boolean }
  | {
      found: "failing";
      why:
        | "key_refused"
        | "key_may_not"
        | "no_encryption_key"
        | "unreachable"
        | PostFault
        | "too_long"
        | "status";
      /** What was answered instead of a number from 200 to 299. */
      status?: number;
    };

export type TestAnswer = { ok: true; finding: TestFinding } | { ok: false; code: "not_set_up" } | NotAdmin;
