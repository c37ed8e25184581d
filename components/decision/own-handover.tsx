"use client";

import { useRouter } from "next/navigation";
import type { HandoverStory } from "@/lib/handovers/types";
import { GiveFacts } from "./give-facts";

/** On the page of a decision, what whoever asked has to answer before it goes on. */
export function OwnHandover({ handover }: { handover: HandoverStory }) {
  const router = useRouter();
  return <GiveFacts handover={handover} onDone={() => router.refresh()} />;
}
