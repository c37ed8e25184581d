"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { EventKind } from "@/lib/events/types";
import { useEvents } from "./use-events";

/** Reads the page anew when something that it shows has changed. What was typed into it stays. */
export function RefreshOnEvents({
  kinds,
  about,
  urgent = false,
}: {
  kinds: readonly EventKind[];
  /** What the page is about, where it is about a few things: it stays as it is when something else has changed. */
  about?: readonly string[];
  /** Somebody waits for it. */
  urgent?: boolean;
}) {
  const router = useRouter();
  const soon = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(soon.current), []);
  useEvents(
    kinds,
    ({ id }) => {
      if (id !== null && about && !about.includes(id)) return;
      // Who is told of ten things at once reads the page once.
      clearTimeout(soon.current);
      soon.current = setTimeout(() => router.refresh(), GATHER_MS);
    },
    { urgent },
  );
  return null;
}

const GATHER_MS = 80;
