import { requireActor } from "@/lib/auth/actor";
import type { SearchParams } from "@/lib/insights/schema";
import { lookForSignals } from "@/lib/signals/look";
import { FIRST_SPAN, SIGNAL_SPANS, type SignalSpan } from "@/lib/signals/schema";
import type { SignalsPage } from "@/lib/signals/types";

/** The questions of a span. Whom they are about stays on the server. */
export async function loadSignals(params: SearchParams): Promise<SignalsPage> {
  const { organizationId, timeZone, currency } = await requireActor("floor");
  const now = new Date();
  const span: SignalSpan = SIGNAL_SPANS.find((days) => String(days) === params.days) ?? FIRST_SPAN;
  const { signals, ...looked } = await lookForSignals({ organizationId, days: span, timeZone, now });
  return {
    ...looked,
    now: now.toISOString(),
    timeZone,
    currency,
    span,
    signals: signals.map(({ subjects: _, ...told }) => told),
  };
}
