"use client";

import { useRef, useState } from "react";
import type { LifeRefusal } from "./refusal-note";

interface State {
  busy: boolean;
  /** What the last one was refused for; null before it, while it is awaited, and when it was done. */
  refusal: LifeRefusal | null;
}

const IDLE: State = { busy: false, refusal: null };

/** Asks for one change in a policy's life at a time, and keeps why it was not made. */
export function useLifeCall() {
  const [state, setState] = useState(IDLE);
  const running = useRef(false);

  /** What was answered where it was done; null where it was not, or where another one is still awaited. */
  async function call<Answer extends { ok: true } | LifeRefusal>(
    ask: () => Promise<Answer>,
  ): Promise<Extract<Answer, { ok: true }> | null> {
    if (running.current) return null;
    running.current = true;
    setState({ busy: true, refusal: null });
    try {
      const answer = await ask();
      setState({ busy: false, refusal: answer.ok ? null : (answer as LifeRefusal) });
      return answer.ok ? (answer as Extract<Answer, { ok: true }>) : null;
    } catch {
      // No answer, or none of ours: whether it was done is not known here.
      setState({ busy: false, refusal: { ok: false, code: "unexpected" } });
      return null;
    } finally {
      running.current = false;
    }
  }

  return { ...state, call, clear: () => setState(IDLE) };
}
