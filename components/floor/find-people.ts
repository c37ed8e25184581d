import type { Pick } from "@/components/ui/picker";
import type { CustomerHit } from "@/lib/customers/types";

/** The employees whose name or address contains the text; the first by name for none. Null when it did not work. */
export function findEmployees(text: string, signal: AbortSignal): Promise<Pick[] | null> {
  return findPeople({ search: text }, signal);
}

/** Of those the ones who can be given something to do. */
export function findAble(text: string, signal: AbortSignal): Promise<Pick[] | null> {
  return findPeople({ search: text, able: "yes" }, signal);
}

async function findPeople(query: Record<string, string>, signal: AbortSignal): Promise<Pick[] | null> {
  const hits = await read<{ id: string; name: string }>(
    `/floor/employees?${new URLSearchParams(query)}`,
    signal,
  );
  return hits?.map(({ id, name }) => ({ value: id, label: name })) ?? null;
}

/** The customers that the desk's search finds. Null when it did not work. */
export async function findCustomers(text: string, signal: AbortSignal): Promise<Pick[] | null> {
  if (text === "") return [];
  const query = new URLSearchParams({ search: text });
  const hits = await read<CustomerHit>(`/api/v1/customers?${query}`, signal);
  return (
    hits?.map(({ id, name, externalRef, email }) => {
      const detail = email ?? externalRef;
      return { value: id, label: name, ...(detail ? { detail } : {}) };
    }) ?? null
  );
}

async function read<Hit>(path: string, signal: AbortSignal): Promise<Hit[] | null> {
  const answer = await fetch(path, { signal, cache: "no-store", headers: { Accept: "application/json" } });
  if (!answer.ok) return null;
  return ((await answer.json()) as { data: Hit[] }).data;
}
