"use client";

import { useRef, useState } from "react";

interface State<Answer> {
  busy: boolean;
  /** Null before the first one, and while another is awaited. */
  answer: Answer | null;
  /** No answer came, or none of ours. */
  failed: boolean;
}

/** Asks the server one thing at a time, and keeps what it last said. */
export function useCall<Answer>() {
  const idle: State<Answer> = { busy: false, answer: null, failed: false };
  const [state, setState] = useState(idle);
  const running = useRef(false);

  async function call(ask: () => Promise<Answer>): Promise<Answer | null> {
    if (running.current) return null;
    running.current = true;
    setState({ ...idle, busy: true });
    try {
      const answer = await ask();
      setState({ ...idle, answer });
      return answer;
    } catch {
      setState({ ...idle, failed: true });
      return null;
    } finally {
      running.current = false;
    }
  }

  return { ...state, call, clear: () => setState(idle) };
}
