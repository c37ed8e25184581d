import { withTenant } from "@/lib/db/tenant";
import { env } from "@/lib/env";
import type { Provider } from "@/lib/execution/provider";
import { stripeProvider } from "@/lib/execution/stripe/provider";
import { type WebhookEndpoint, webhookProvider } from "@/lib/execution/webhook/provider";
import { watched } from "@/lib/providers/health";
import {
  type StripeSecrets,
  storedStripeSchema,
  storedWebhookSchema,
  stripeHintsSchema,
  stripeSecretsSchema,
  webhookHintsSchema,
  webhookSecretsSchema,
} from "@/lib/providers/schema";
import type { Health, OutsideKind, Providers } from "@/lib/providers/types";
import { decrypt } from "@/lib/secrets/cipher";

interface Row {
  kind: OutsideKind;
  enabled: boolean;
  settings: unknown;
  secrets: string | null;
  hints: unknown;
  last_outcome: Health["state"] | null;
  last_fault: string | null;
  last_outcome_at: Date | null;
  aside: string;
  aside_since: Date | null;
}

async function readRows(organizationId: string): Promise<Row[]> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<Row>(
      `select p.kind, p.enabled, p.settings, p.secrets, p.hints, p.last_outcome, p.last_fault, p.last_outcome_at,
         e.aside, e.aside_since
       from execution_providers p
       cross join lateral (
         select count(*) as aside, min(x.received_at) as aside_since from provider_events x
         where x.organization_id = $1 and x.provider = p.kind and x.set_aside_at is not null
       ) as e
       where p.organization_id = $1`,
      [organizationId],
    ),
  );
  return rows;
}

async function readRow(organizationId: string, kind: OutsideKind): Promise<Row | undefined> {
  return (await readRows(organizationId)).find((row) => row.kind === kind);
}

/** The providers that an organization set up, as they may be shown: of secrets the last characters alone. */
export async function readProviders(organizationId: string): Promise<Providers> {
  const rows = await readRows(organizationId);
  const [stripe, webhook] = [
    rows.find(({ kind }) => kind === "stripe"),
    rows.find(({ kind }) => kind === "webhook"),
  ];
  return {
    stripe: stripe
      ? {
          ...storedStripeSchema.parse(stripe.settings),
          ...stripeHintsSchema.parse(stripe.hints),
          ...commonOf(stripe),
        }
      : null,
    webhook: webhook
      ? {
          ...storedWebhookSchema.parse(webhook.settings),
          ...webhookHintsSchema.parse(webhook.hints),
          ...commonOf(webhook),
        }
      : null,
  };
}

function commonOf({ enabled, last_outcome, last_fault, last_outcome_at, aside, aside_since }: Row) {
  const health: Health | null =
    last_outcome && last_outcome_at
      ? { state: last_outcome, fault: last_fault, at: last_outcome_at.toISOString() }
      : null;
  return {
    enabled,
    health,
    aside: aside_since && { count: Number(aside), oldest: aside_since.toISOString() },
  };
}

/** What is encrypted, and where it belongs. */
export function placeOf(organizationId: string, kind: OutsideKind): string {
  return `${organizationId}/execution_providers/${kind}`;
}

/**
 * The secrets of the account at Stripe; null where none is set up.
 *
 * @throws NoKey where LEEWAY_ENCRYPTION_KEY doesn't hold what they were encrypted with.
 */
export async function readStripeSecrets(organizationId: string): Promise<StripeSecrets | null> {
  const row = await readRow(organizationId, "stripe");
  return row?.secrets ? stripeSecretsOf(organizationId, row.secrets) : null;
}

function stripeSecretsOf(organizationId: string, secrets: string): StripeSecrets {
  return stripeSecretsSchema.parse(JSON.parse(decrypt(secrets, placeOf(organizationId, "stripe"))));
}

/** The endpoint that is told of executions; null where none is set up. Throws as `readStripeSecrets`. */
export async function readWebhookEndpoint(organizationId: string): Promise<WebhookEndpoint | null> {
  const row = await readRow(organizationId, "webhook");
  return row?.secrets ? endpointOf(organizationId, row, row.secrets) : null;
}

function endpointOf(organizationId: string, { settings }: Row, secrets: string): WebhookEndpoint {
  return {
    ...storedWebhookSchema.parse(settings),
    ...webhookSecretsSchema.parse(JSON.parse(decrypt(secrets, placeOf(organizationId, "webhook")))),
    reach: env.LEEWAY_WEBHOOK_REACH,
  };
}

/**
 * An outside provider that is ready to carry decisions out; null where the organization has not set it up, or turned it
 * off. `evenOff` opens one that is turned off too, to ask what became of what it had begun. How it does is written down
 * beside its settings. Throws as `readStripeSecrets`.
 */
export async function openProvider(
  organizationId: string,
  kind: OutsideKind,
  { evenOff = false }: { evenOff?: boolean } = {},
): Promise<Provider | null> {
  const row = await readRow(organizationId, kind);
  if (!row?.secrets || !(row.enabled || evenOff)) return null;
  const provider =
    kind === "stripe"
      ? stripeProvider(stripeSecretsOf(organizationId, row.secrets))
      : webhookProvider(endpointOf(organizationId, row, row.secrets));
  return watched(organizationId, kind, provider);
}
