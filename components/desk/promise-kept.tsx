"use client";

import { CalendarCheck, CalendarClock } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import { keep, readKept } from "@/components/shell/own-storage";
import type { Answer } from "@/components/shell/rest";
import type { FollowUp } from "@/lib/follow-ups/types";
import { formatDay } from "@/lib/format/dates";
import type { PromiseDraft } from "./intent";
import { keepPromise } from "./requests";

/** A promise that the server doesn't have yet. */
export interface Unkept extends PromiseDraft {
  decisionId: string;
}

function storageKey(place: string): string {
  return `${place}.promise`;
}

/** What was promised on this page before and may not have arrived; null where everything did. */
export function readUnkept(place: string): Unkept | null {
  const kept = readKept(storageKey(place)) as Unkept | null;
  return typeof kept?.decisionId === "string" && typeof kept.text === "string" ? kept : null;
}

function writeUnkept(place: string, unkept: Unkept | null): void {
  keep(storageKey(place), unkept);
}

interface PromiseKeptProps {
  decisionId: string;
  promise: PromiseDraft;
  place: string;
}

/**
 * Keeps what was promised as soon as the decision is recorded, and says whether it is kept. Until the server has it, it is
 * kept in the browser too, and sent again when the customer's page is opened the next time.
 */
export function PromiseKept({ decisionId, promise, place }: PromiseKeptProps) {
  const t = useTranslations("desk.promise");
  const [answer, setAnswer] = useState<Answer<FollowUp> | null>(null);
  const running = useRef(false);
  const { text, dueOn } = promise;

  const send = useCallback(async () => {
    if (running.current) return;
    running.current = true;
    writeUnkept(place, { decisionId, text, dueOn });
    setAnswer(null);
    const heard = await keepPromise(decisionId, text, dueOn);
    running.current = false;
    // What is refused is said, and not sent again by itself.
    if (heard.ok || heard.reason === "problem") writeUnkept(place, null);
    setAnswer(heard);
  }, [place, decisionId, text, dueOn]);
  useEffect(() => void send(), [send]);

  // A day has no time zone; any one does to write it, as long as it is the one it is read in.
  const day = formatDay(new Date(dueOn), "UTC");
  const Icon = answer?.ok ? CalendarCheck : CalendarClock;
  return (
    <div className="flex flex-col gap-2" data-testid="promise">
      <p role="status" className="flex items-start gap-2 text-sm">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
        <span className="min-w-0 break-words">
          {answer?.ok ? t("kept", { day }) : t("keeping", { day })} <bdi>{text}</bdi>
        </span>
      </p>
      {answer && !answer.ok ? (
        <RefusedNote refused={answer} unsure={t("unsure")} onAgain={() => void send()} />
      ) : null}
    </div>
  );
}
