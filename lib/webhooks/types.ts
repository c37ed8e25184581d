import type { NotAdmin } from "@/lib/auth/admin";
import type { ChosenKind } from "@/lib/webhooks/kinds";

export type EndpointStatus = "on" | "paused" | "disabled";
export type DeliveryStatus = "waiting" | "delivered" | "dead";

/** An endpoint as the settings show it. */
export interface Endpoint {
  id: string;
  url: string;
  kinds: ChosenKind[];
  status: EndpointStatus;
  createdAt: string;
  lastSuccessAt: string | null;
  failingSince: string | null;
  disabledAt: string | null;
  waiting: number;
  dead: number;
}

export interface WebhooksPage {
  mayEdit: boolean;
  endpoints: Endpoint[];
  /** Null where an endpoint can be added. */
  missing: "encryption_key" | null;
  /** Whether this machine may be reached, without https too. */
  reachesLoopback: boolean;
  timeZone: string;
  now: string;
}

/** One message to one endpoint, with what came of its latest attempt. */
export interface LoggedDelivery {
  message: string;
  type: string;
  decision: string | null;
  status: DeliveryStatus;
  attempts: number;
  createdAt: string;
  nextAttemptAt: string | null;
  last: {
    at: string;
    code: number | null;
    fault: string | null;
    latencyMs: number;
    excerpt: string | null;
  } | null;
}

export interface EndpointPage {
  mayEdit: boolean;
  endpoint: Endpoint;
  deliveries: LoggedDelivery[];
  status: DeliveryStatus | null;
  /** Where older ones begin; null at the end. */
  next: string | null;
  /** How long the log is kept; null: for good. */
  keptDays: number | null;
  timeZone: string;
  now: string;
}

export type AddAnswer =
  | { ok: true; endpoint: Endpoint; secret: string }
  | { ok: false; code: "too_many" | "no_key" | "out_of_reach" }
  | NotAdmin;

export type ChangeAnswer = { ok: true } | { ok: false; code: "gone" | "out_of_reach" } | NotAdmin;

export type SecretAnswer = { ok: true; secret: string } | { ok: false; code: "gone" | "no_key" } | NotAdmin;

export type PingAnswer =
  | { ok: true; delivered: boolean; code: number | null; fault: string | null; latencyMs: number }
  | { ok: false; code: "gone" }
  | NotAdmin;

export type ReplayAnswer = { ok: true; messages: number } | { ok: false; code: "gone" } | NotAdmin;
