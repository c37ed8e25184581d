"use client";

import { FlaskConical } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useEvents } from "@/components/shell/use-events";
import type { DeskPolicy } from "@/lib/customers/types";
import { formatUntil } from "@/lib/format/dates";
import { readAllowance } from "./requests";

interface PolicyLineProps {
  policy: DeskPolicy;
  customerId: string;
  now: string;
  timeZone: string;
}

/** Whether the person's team tries a version, and that another one came into force while the page was open. */
export function PolicyLine({ policy, customerId, now, timeZone }: PolicyLineProps) {
  const t = useTranslations("desk.policy");
  const router = useRouter();
  const [opened] = useState(policy.version);
  const { version, triedUntil } = policy;
  const changed = version !== opened;

  // Not every change is one for this person: it may be another team's trial. Asked of the server first, because a page
  // that can't be had would put an error in place of what was typed.
  useEvents(["policy"], async () => {
    const answer = await readAllowance(customerId);
    if (answer.ok && answer.value.policyVersion !== version) router.refresh();
  });

  return (
    <div className="flex flex-col gap-1">
      <p role="status" className={changed ? "text-ink-2 text-sm" : "sr-only"}>
        {changed ? t(triedUntil ? "changedTrial" : "changed", { version }) : null}
      </p>
      {triedUntil ? (
        <p className="flex items-center gap-1.5 text-ink-3 text-sm">
          <FlaskConical aria-hidden className="size-3.5 shrink-0" />
          {t("trial", { version, until: formatUntil(new Date(triedUntil), new Date(now), timeZone) })}
        </p>
      ) : null}
    </div>
  );
}
