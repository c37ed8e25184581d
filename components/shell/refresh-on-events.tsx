"use client";

import { useRouter } from "next/navigation";
import type { EventKind } from "@/lib/events/types";
import { useEvents } from "./use-events";

/** Reads the page anew when something that it shows has changed. What was typed into it stays. */
export function RefreshOnEvents({ kinds }: { kinds: readonly EventKind[] }) {
  const router = useRouter();
  useEvents(kinds, () => router.refresh());
  return null;
}
