import { findCustomers } from "@/components/desk/requests";
import { type Answer, call } from "@/components/shell/rest";
import type { CustomerHit } from "@/lib/customers/types";
import type { EmbeddedDesk } from "@/lib/embed/types";

/** Whom the ticket is about, as the frame's address says it. */
export interface Hint {
  email: string | null;
  order: string | null;
  /** Id or external reference. */
  customer: string | null;
}

/** A customer, and the order that they were found by. */
export interface Match {
  id: string;
  name: string;
  detail: string | null;
  order: { id: string; externalRef: string } | null;
}

export function toMatch(hit: CustomerHit): Match {
  const { id, name, email, externalRef, matchedOrder } = hit;
  return { id, name, detail: email ?? externalRef, order: matchedOrder ?? null };
}

/** A customer as the desk shows them. Throws only when `signal` was aborted. */
export function readDesk(
  customerId: string,
  orderId: string | null,
  signal?: AbortSignal,
): Promise<Answer<EmbeddedDesk>> {
  const query = orderId ? `?${new URLSearchParams({ order: orderId })}` : "";
  return call(`/embed/desk/customers/${customerId}${query}`, signal ? { signal } : {});
}

const same = (a: string | null | undefined, b: string) => a?.trim().toLowerCase() === b.trim().toLowerCase();

/**
 * The customers that a hint means, exactly: by the reference where it names one, else by the order, else by the email. A
 * hint opens nothing: it finds what the person finds by the search. Throws only when `signal` was aborted.
 */
export async function findByHint(hint: Hint, signal: AbortSignal): Promise<Answer<Match[]>> {
  const { customer, order, email } = hint;
  const [byRef, byOrder, byEmail] = [
    customer ? await readCustomer(customer, signal) : null,
    order ? await findCustomers(order, signal) : null,
    email ? await findCustomers(email, signal) : null,
  ];
  for (const answer of [byRef, byOrder, byEmail]) {
    // That there is no such thing is an answer.
    if (answer && !answer.ok && answer.reason !== "problem") return answer;
  }
  const ref = order?.trim().replace(/^#/, "") ?? "";
  const ordered = hitsOf(byOrder).filter(({ matchedOrder }) => same(matchedOrder?.externalRef, ref));
  // Whoever is found by a record that was merged into another one has that one's address.
  const addressed = hitsOf(byEmail).filter(
    (hit) => same(hit.email, email ?? "") || hit.matchedRecord !== undefined,
  );
  const matches = choose(byRef?.ok ? byRef.value : null, ordered, addressed);
  return { ok: true, value: matches, replayed: false, at: Date.now() };
}

function hitsOf(answer: Answer<CustomerHit[]> | null): CustomerHit[] {
  return answer?.ok ? answer.value : [];
}

function choose(named: Match | null, ordered: CustomerHit[], addressed: CustomerHit[]): Match[] {
  if (named) {
    const order = ordered.find(({ id }) => id === named.id)?.matchedOrder;
    return [{ ...named, order: order ?? null }];
  }
  // An order and an address that agree name one; where they don't, the order is the nearer.
  const both = ordered.filter(({ id }) => addressed.some((each) => each.id === id));
  const [nearest = []] = [both, ordered, addressed].filter((hits) => hits.length > 0);
  return nearest.map(toMatch);
}

async function readCustomer(idOrRef: string, signal: AbortSignal): Promise<Answer<Match>> {
  const answer = await call<{
    id: string;
    name: string;
    email: string | null;
    externalRef: string | null;
    mergedInto: string | null;
  }>(`/api/v1/customers/${encodeURIComponent(idOrRef)}`, { signal });
  if (!answer.ok) return answer;
  const { id, name, email, externalRef, mergedInto } = answer.value;
  return {
    ...answer,
    value: { id: mergedInto ?? id, name, detail: email ?? externalRef, order: null },
  };
}
