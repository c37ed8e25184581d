"use client";

import { useState } from "react";
import type { ReviewAnswer, ReviewRefusal } from "@/lib/reviews/types";

export type Refusal = ReviewRefusal | { ok: false; code: "unexpected" };

/** Sends something that is written once; `send` says whether it stands. What was refused stays to be read. */
export function useWriting() {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  async function send(write: () => Promise<ReviewAnswer>): Promise<boolean> {
    setBusy(true);
    setRefusal(null);
    // No answer, or none of ours.
    const answer = await write().catch((): Refusal => ({ ok: false, code: "unexpected" }));
    setBusy(false);
    if (!answer.ok) setRefusal(answer);
    return answer.ok;
  }
  return { busy, refusal, send, clear: () => setRefusal(null) };
}
