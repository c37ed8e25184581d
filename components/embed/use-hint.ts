"use client";

import { useEffect, useState } from "react";
import type { Hint } from "./requests";

const NONE: Hint = { email: null, order: null, customer: null };

/** What stands behind the "#" of the address, where anything does: no server is told of it. */
export function hintBehind(hash: string): Hint | null {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const read = (name: keyof Hint) => said.get(name)?.trim().slice(0, 320) || null;
  const hint = { email: read("email"), order: read("order"), customer: read("customer") };
  return hint.email || hint.order || hint.customer ? hint : null;
}

/**
 * Whom the ticket is about. What stands behind the "#" goes before what the address asked for, and may change while the
 * page stays: that is how a helpdesk goes on to the next ticket without the frame being loaded anew.
 */
export function useHint(asked: Hint): Hint {
  const [behind, setBehind] = useState<Hint | null | undefined>();
  useEffect(() => {
    const read = () => setBehind(hintBehind(window.location.hash));
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  // Before the browser has looked nobody is looked for.
  return behind === undefined ? NONE : (behind ?? asked);
}
