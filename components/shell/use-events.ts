"use client";

import { useEffect, useRef } from "react";
import type { ChangeEvent, EventKind, Marks } from "@/lib/events/types";
import { createEventChannel } from "./event-channel";
import { asksByToken, call } from "./rest";

const STREAM = "/api/events";
const MARKS = "/api/events/marks";

/** The page's one channel, whatever on it wants to know. */
const channel = createEventChannel({
  open: () => (asksByToken() ? null : new EventSource(STREAM)),
  readMarks: async () => {
    const answer = await call<Marks>(MARKS, {});
    if (answer.ok) return answer.value;
    return answer.reason === "signed_out" ? "signed_out" : "away";
  },
  isVisible: () => document.visibilityState === "visible",
  onStir: (hear) => {
    document.addEventListener("visibilitychange", hear);
    window.addEventListener("focus", hear);
    window.addEventListener("online", hear);
  },
});

/**
 * Calls `onEvent` soon after something of these kinds has changed in the organization: at once while there is a stream,
 * else within seconds. It may be called for one change twice; what it is now has to be asked for. With `urgent` it is
 * asked for every few seconds where there is no stream; with `hidden` also while nobody looks at the page.
 */
export function useEvents(
  kinds: readonly EventKind[],
  onEvent: (event: ChangeEvent) => void,
  { urgent = false, hidden = false }: { urgent?: boolean; hidden?: boolean } = {},
): void {
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });
  const wanted = kinds.join(" ");
  useEffect(
    () =>
      channel.listen({
        kinds: wanted.split(" ") as EventKind[],
        hear: (event) => latest.current(event),
        urgent,
        hidden,
      }),
    [wanted, urgent, hidden],
  );
}

/** Says how everything stood when the page was made, so that a change while it was on its way is heard of too. */
export function EventsSince({ marks }: { marks: Marks }) {
  useEffect(() => channel.begin(marks), [marks]);
  return null;
}
