"use client";

import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useState } from "react";
import { call } from "@/components/shell/rest";
import { useEvents } from "@/components/shell/use-events";
import type { ToldExecution } from "@/lib/execution/types";
import { ExecutionWords } from "./execution-words";

interface FollowedExecutionProps {
  decisionId: string;
  /** It is over, one way or the other: what the customer may be given is another amount now. */
  onOver: () => void;
}

const OVER: readonly string[] = ["succeeded", "failed", "by_hand", "cancelled"];

/** How far it is with carrying out what was just decided, as it goes on. */
export function FollowedExecution({ decisionId, onOver }: FollowedExecutionProps) {
  const t = useTranslations("execution");
  const [told, setTold] = useState<ToldExecution | null>(null);
  const latest = useRef(onOver);
  useEffect(() => {
    latest.current = onOver;
  });
  const read = useCallback(async () => {
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
    { urgent: !OVER.includes(status) },
  );
  useEffect(() => {
    if (status === "succeeded" || status === "failed") latest.current();
  }, [status]);
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
