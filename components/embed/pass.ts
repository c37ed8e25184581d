import { keep, readKept } from "@/components/shell/own-storage";

/** What the desk in a frame asks by, for whom, and until when (epoch milliseconds of this browser). */
export interface Pass {
  token: string;
  until: number;
  employeeId: string;
  name: string;
}

/** What the pop-up says to the frame that opened it. */
export type PopUpAnswer = { kind: "leeway.pass"; ticket: string } & (
  | { token: string; seconds: number; employeeId: string; name: string }
  | { declined: true }
);

/** Whether a message is the pop-up's answer to the question of this ticket. */
export function isAnswer(data: unknown, ticket: string): data is PopUpAnswer {
  const said = data as Partial<PopUpAnswer> | null;
  return typeof said === "object" && said?.kind === "leeway.pass" && said.ticket === ticket;
}

/**
 * The site that this page's frame is in, of those that may be it; null where the browser doesn't say. It is a hint, for the
 * person to read and the server to check: that no other site shows this page at all, its header sees to.
 */
export function siteAround(listed: readonly string[]): string | null {
  const { ancestorOrigins } = window.location as Location & { ancestorOrigins?: DOMStringList };
  const referrer = URL.canParse(document.referrer) ? new URL(document.referrer).origin : null;
  const around = ancestorOrigins?.[0] ?? (referrer === window.location.origin ? null : referrer);
  if (around === null) return listed.length === 1 ? (listed[0] ?? null) : null;
  return listed.includes(around) ? around : null;
}

function storageKey(organization: string): string {
  return `leeway.pass.${organization}`;
}

/** The pass that this tab's frame was given before its page was opened anew, for the next ticket; null where none is good. */
export function readPass(organization: string): Pass | null {
  const kept = readKept(storageKey(organization)) as Pass | null;
  const isWhole = typeof kept?.token === "string" && typeof kept.employeeId === "string";
  return isWhole && kept.until > Date.now() ? kept : null;
}

/** Keeps the pass for as long as the tab is open; null forgets it. */
export function keepPass(organization: string, pass: Pass | null): void {
  keep(storageKey(organization), pass);
}
