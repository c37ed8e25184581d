"use client";

import { useEffect, useRef, useState } from "react";
import type { Refused } from "@/components/shell/rest";
import { bodyToSend, type Intent, nextPart, withRecorded, writeIntent } from "./intent";
import { createDecision } from "./requests";

interface Sending {
  /** `again`: no answer came yet, and it is sent once more. */
  step: "sending" | "again" | null;
  /** Why it stopped where it did. */
  refused: Refused | null;
  send: () => Promise<void>;
}

interface Options {
  /** Where the intent is kept while it is on its way. */
  place: string;
  intent: Intent;
  /** It was on its way when the page was left. */
  interrupted: boolean;
  /** One part after the other was recorded. */
  onProgress: (intent: Intent) => void;
  onDone: (intent: Intent) => void;
  /** Asked of what stopped it: whether that is taken care of elsewhere. */
  onRefused: (refused: Refused, intent: Intent) => boolean;
}

/**
 * Sends the parts of an intent one after the other, each under its own key. What stops in the middle goes on there: what was
 * recorded is not sent again, and what may have been recorded is sent under the same key. It goes on by itself when the
 * browser is back on the network.
 */
export function useSending(options: Options): Sending {
  const { place, intent, interrupted } = options;
  const [step, setStep] = useState<Sending["step"]>(null);
  const [refused, setRefused] = useState<Refused | null>(
    interrupted ? { ok: false, reason: "network" } : null,
  );
  const running = useRef(false);

  async function send() {
    if (running.current) return;
    running.current = true;
    setRefused(null);
    let current = intent;
    writeIntent(place, current);
    for (let index = nextPart(current); index !== null; index = nextPart(current)) {
      const part = current.parts[index];
      const body = bodyToSend(current, index);
      if (!part || !body) break;
      setStep("sending");
      const answer = await createDecision(body, part.idempotencyKey, () => setStep("again"));
      if (!answer.ok) {
        running.current = false;
        setStep(null);
        // A refusal is an answer: nothing is on its way any more.
        if (answer.reason === "problem") writeIntent(place, null);
        if (!options.onRefused(answer, current)) setRefused(answer);
        return;
      }
      const { value: decision, replayed, at: answeredAt } = answer;
      current = withRecorded(current, index, { decision, replayed, answeredAt });
      writeIntent(place, current);
      if (nextPart(current) !== null) options.onProgress(current);
    }
    running.current = false;
    writeIntent(place, null);
    options.onDone(current);
  }

  const latest = useRef(send);
  useEffect(() => {
    latest.current = send;
  });
  const isWaiting = refused?.reason === "network";
  useEffect(() => {
    if (!isWaiting) return;
    const go = () => void latest.current();
    window.addEventListener("online", go);
    return () => window.removeEventListener("online", go);
  }, [isWaiting]);

  return { step, refused, send };
}
