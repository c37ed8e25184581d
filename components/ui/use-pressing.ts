"use client";

import { useRef } from "react";

/**
 * Whether a list beside a field is being pressed. The field may lose the focus by it, and the list has to stay until what
 * was pressed is chosen.
 */
export function usePressing() {
  const pressing = useRef(false);
  function press() {
    pressing.current = true;
    // What was let go of elsewhere was not chosen.
    const release = () => setTimeout(() => (pressing.current = false), 0);
    window.addEventListener("pointerup", release, { once: true });
    window.addEventListener("pointercancel", release, { once: true });
  }
  return { pressing, press };
}
