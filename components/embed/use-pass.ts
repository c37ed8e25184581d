"use client";

import { useEffect, useRef, useState } from "react";
import { newKey } from "@/components/shell/intent-key";
import { askByToken } from "@/components/shell/rest";
import { isAnswer, keepPass, type Pass, readPass, siteAround } from "./pass";

/** So long before its end the person is told. */
const ENDING_MS = 2 * 60 * 1000;
/** How often it is looked whether the pop-up was closed: no event says so. */
const CLOSED_MS = 400;
/** How often it has to be found closed: what it said last may still be on its way when it is gone. */
const CLOSED_LOOKS = 3;

export type Trouble = "blocked" | "declined" | "unknownSite";

export interface UsedPass {
  /** Undefined until the browser has looked; null while there is none. */
  pass: Pass | null | undefined;
  /** How many there were so far. */
  count: number;
  /** `over`: the server takes it no longer, or its time has passed. */
  standing: "good" | "ending" | "over";
  /** The pop-up is open. */
  waiting: boolean;
  trouble: Trouble | null;
  /** Opens the pop-up; only in answer to a press, or the browser doesn't. Calls `then` once there is a pass. */
  signIn: (then?: () => void) => void;
}

/** What the frame asks by: kept for the tab, asked for in a pop-up, and gone when its time is over. */
export function usePass(organization: string, origins: readonly string[]): UsedPass {
  const [pass, setPass] = useState<Pass | null>();
  const [count, setCount] = useState(0);
  const [standing, setStanding] = useState<UsedPass["standing"]>("good");
  const [waiting, setWaiting] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const stop = useRef<() => void>(() => undefined);

  function take(next: Pass) {
    askByToken({
      token: next.token,
      onRefused: () => {
        keepPass(organization, null);
        setStanding("over");
      },
    });
    keepPass(organization, next);
    setStanding("good");
    setTrouble(null);
    setPass(next);
    setCount((before) => before + 1);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for once, when the page comes to life.
  useEffect(() => {
    const kept = readPass(organization);
    if (kept) take(kept);
    else setPass(null);
    return () => {
      stop.current();
      askByToken(null);
    };
  }, [organization]);

  useEffect(() => {
    if (!pass) return;
    const left = pass.until - Date.now();
    const ending = setTimeout(
      () => setStanding((now) => (now === "good" ? "ending" : now)),
      left - ENDING_MS,
    );
    const over = setTimeout(() => {
      keepPass(organization, null);
      setStanding("over");
    }, left);
    return () => {
      clearTimeout(ending);
      clearTimeout(over);
    };
  }, [pass, organization]);

  function signIn(then?: () => void) {
    stop.current();
    setTrouble(null);
    const origin = siteAround(origins);
    if (origin === null) return setTrouble("unknownSite");
    const ticket = newKey();
    const query = new URLSearchParams({ organization, origin, ticket });
    const popUp = window.open(`/embed/connect?${query}`, "leeway-connect", "popup,width=480,height=680");
    if (!popUp) return setTrouble("blocked");
    setWaiting(true);

    const hear = (event: MessageEvent<unknown>) => {
      // Nobody but our own page in the very window that was opened has an answer.
      if (event.source !== popUp || event.origin !== window.location.origin) return;
      if (!isAnswer(event.data, ticket)) return;
      stop.current();
      const said = event.data;
      if ("declined" in said) return setTrouble("declined");
      const { token, seconds, employeeId, name } = said;
      take({ token, until: Date.now() + seconds * 1000, employeeId, name });
      then?.();
    };
    let gone = 0;
    const closed = setInterval(() => {
      if (popUp.closed) gone += 1;
      if (gone >= CLOSED_LOOKS) stop.current();
    }, CLOSED_MS);
    window.addEventListener("message", hear);
    stop.current = () => {
      clearInterval(closed);
      window.removeEventListener("message", hear);
      setWaiting(false);
    };
  }

  return { pass, count, standing, waiting, trouble, signIn };
}
