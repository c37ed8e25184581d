import { v7 } from "uuid";

/** A UUIDv7 of the given instant: ids made in the order of time sort in the order of time. */
export function newId(at: Date = new Date()): string {
  return v7({ msecs: at.getTime() });
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text has the form of an id; anything else is an external reference, or nothing. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

const LAST_INSTANT = 2 ** 48 - 1;

/** The instant of an id, epoch milliseconds: UUIDv7 ids begin with them. */
export function instantOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Below every id of that instant (epoch milliseconds) and later ones. */
export function leastIdAt(ms: number): string {
  const hex = Math.min(Math.max(0, Math.trunc(ms)), LAST_INSTANT)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
