"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import type { Refused } from "@/components/shell/rest";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import type { FollowUp } from "@/lib/follow-ups/types";
import { formatDay } from "@/lib/format/dates";
import { isolated } from "@/lib/format/names";
import { tickPromise } from "./requests";

interface PromiseListProps {
  title: string;
  promises: readonly FollowUp[];
  /** The organization's local day, ISO date. */
  today: string;
  /** Whose page it is: their own promises need no name. */
  employeeId: string;
  /** Whether each says whom it was made to, with a link there. */
  withCustomer?: boolean;
}

/** What was promised and is open, or was ticked today; ticked where it was kept. */
export function PromiseList({ title, promises, ...rest }: PromiseListProps) {
  if (promises.length === 0) return null;
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <h2 className="font-semibold text-base">{title}</h2>
      <ul className="flex flex-col divide-y divide-line">
        {promises.map((promise) => (
          <li key={promise.caseId} className="py-1">
            <PromiseLine promise={promise} {...rest} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type PromiseLineProps = Omit<PromiseListProps, "title" | "promises"> & { promise: FollowUp };

function PromiseLine({ promise, today, employeeId, withCustomer = false }: PromiseLineProps) {
  const t = useTranslations("desk.promises");
  const router = useRouter();
  // What was just ticked stays as it is until the page was read anew.
  const [ticked, setTicked] = useState<boolean | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const done = ticked ?? promise.doneAt !== null;
  const late = !done && promise.dueOn < today;

  async function tick(next: boolean) {
    setTicked(next);
    setRefused(null);
    const answer = await tickPromise(promise.caseId, next);
    if (answer.ok) return router.refresh();
    setTicked(null);
    setRefused(answer);
  }

  // A day has no time zone; any one does to write it, as long as it is the one it is read in.
  const day = formatDay(new Date(promise.dueOn), "UTC");
  const name = isolated(promise.customer.name);
  return (
    <div className="flex flex-col gap-2">
      <Checkbox
        checked={done}
        onChange={(event) => void tick(event.currentTarget.checked)}
        className="items-start py-1.5 [&_input]:mt-0.5"
        label={
          <span className="flex min-w-0 flex-col">
            <span dir="auto" className={cn("break-words", done && "text-ink-3 line-through")}>
              {promise.text}
            </span>
            <span className={cn("text-xs", late ? "text-bend" : "text-ink-3")}>
              {[
                promise.dueOn === today ? t("today") : t(late ? "late" : "due", { day }),
                withCustomer ? t("to", { name }) : null,
                promise.employee.id === employeeId
                  ? null
                  : t("by", { name: isolated(promise.employee.name) }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </span>
        }
      />
      {refused ? (
        <RefusedNote refused={refused} unsure={t("unsure")} onAgain={() => void tick(!done)} />
      ) : null}
    </div>
  );
}
