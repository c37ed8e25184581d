"use client";

import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { call } from "@/components/shell/rest";
import { useEvents } from "@/components/shell/use-events";
import type { ExecutionState, ToldExecution } from "@/lib/execution/types";
import { ExecutionWords } from "./execution-words";

const OVER: readonly ExecutionState[] = ["succeeded", "failed", "by_hand", "cancelled"];

/** Whether nothing more comes of it by itself. */
export function isOver(status: ExecutionState): boolean {
  return OVER.includes(status);
}

/**
 * How far it is with carrying out what was decided, as it goes on; null until that is known, or without a decision. `onOver`
 * hears that it is over, one way or the other: what the customer may be given is another amount then.
 */
export function useExecution(decisionId: string | null, onOver: () => void): ToldExecution | null {
  const [told, setTold] = useState<ToldExecution | null>(null);
  const latest = useRef(onOver);
  useEffect(() => {
    latest.current = onOver;
  });
  const read = useCallback(async () => {
    if (decisionId === null) return;
    const answer = await call<ToldExecution | null>(`/desk/decisions/${decisionId}/execution`, {});
    if (answer.ok && answer.value) setTold(answer.value);
  }, [decisionId]);
  useEffect(() => void read(), [read]);
  const status = told?.execution.status ?? "queued";
  useEvents(
    ["execution"],
    ({ id }) => {
      if (id === null || id === decisionId) void read();
    },
    { urgent: decisionId !== null && !isOver(status) },
  );
  useEffect(() => {
    if (status === "succeeded" || status === "failed") latest.current();
  }, [status]);
  return told;
}

/** The same in words, and what to tell the customer where it failed. */
export function FollowedExecution({ told }: { told: ToldExecution | null }) {
  const t = useTranslations("execution");
  return (
    <section
      aria-label={t("title")}
      role="status"
      data-testid="execution"
      className="flex min-h-14 flex-col border-line border-t pt-3"
    >
      {told ? <ExecutionWords {...told} /> : null}
    </section>
  );
}
