"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import type { OpenExecution } from "@/lib/execution/types";
import { ByHandItem, type Said, SaidOfItem } from "./by-hand-item";

interface OwnByHandProps {
  items: readonly OpenExecution[];
  employeeId: string;
  timeZone: string;
  now: string;
}

/** What somebody was given to do by hand, in their own day. Nothing is there where nobody gave them anything. */
export function OwnByHand({ items, employeeId, timeZone, now }: OwnByHandProps) {
  const t = useTranslations("execution.mine");
  const [said, setSaid] = useState<Said | null>(null);
  if (items.length === 0 && said === null) return null;
  return (
    <section aria-labelledby="by-hand" className="flex flex-col gap-1">
      <h2 id="by-hand" className="font-semibold text-base">
        {t("title")}
      </h2>
      {items.length > 0 ? <p className="text-ink-2">{t("text")}</p> : null}
      {said ? <SaidOfItem said={said} onSaid={setSaid} /> : null}
      <ul className="flex flex-col divide-y divide-line">
        {items.map((item) => (
          <li key={`${item.of} ${item.decisionId}`} className="py-3">
            <ByHandItem
              item={item}
              employeeId={employeeId}
              may="own"
              href={`/desk/decisions/${item.decisionId}`}
              timeZone={timeZone}
              now={now}
              onSaid={setSaid}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
