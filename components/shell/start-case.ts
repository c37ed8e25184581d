"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";

const START = "leeway:start-case";

/** Where a button or a key elsewhere finds the search for a customer. */
export const SEARCH_FIELD_ID = "customer-search";

/**
 * Starts a case: with the customer who is before the person, where there is one; else whose it is has to be found first,
 * on the desk.
 */
export function useStartCase(): () => void {
  const router = useRouter();
  return () => {
    // A desk with a customer on it takes it, and says so by preventing the rest.
    if (!document.dispatchEvent(new Event(START, { cancelable: true }))) return;
    const field = document.getElementById(SEARCH_FIELD_ID);
    if (field) field.focus();
    else router.push("/desk");
  };
}

/** Takes a case that is started while this customer is before the person. */
export function useOnStartCase(take: () => void): void {
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    function onStart(event: Event) {
      event.preventDefault();
      latest.current();
    }
    document.addEventListener(START, onStart);
    return () => document.removeEventListener(START, onStart);
  }, []);
}
