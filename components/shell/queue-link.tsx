"use client";

import { Inbox } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import { formatAmount } from "@/lib/format/money";
import type { QueueLine } from "@/lib/handovers/types";
import { chime, showNotification, useAlert } from "./alerts";
import { call } from "./rest";
import { useEvents } from "./use-events";

interface Waiting {
  count: number;
  newest: QueueLine | null;
}

const QUEUE = "/floor/handovers";

/** What waits for the person, counted live, on every page; with a sound or a notification where they want one. */
export function QueueLink({ waiting, isAlways }: { waiting: number; isAlways: boolean }) {
  const t = useTranslations("handovers");
  const remedy = useTranslations("common.remedy");
  const path = usePathname();
  const sound = useAlert("sound");
  const notify = useAlert("notify");
  const [count, setCount] = useState(waiting);
  useEffect(() => setCount(waiting), [waiting]);
  const known = useRef<string | null>(null);
  const reading = useRef(false);

  async function read() {
    // Who is told of ten things at once looks once.
    if (reading.current) return;
    reading.current = true;
    await new Promise((go) => setTimeout(go, GATHER_MS));
    reading.current = false;
    const answer = await call<Waiting>(`${QUEUE}/waiting`, {});
    if (!answer.ok) return;
    setCount(answer.value.count);
    const { newest } = answer.value;
    const isNew = newest !== null && known.current !== null && newest.id > known.current;
    known.current = newest?.id ?? known.current ?? "";
    if (isNew) tell(newest);
  }

  function tell(newest: QueueLine) {
    if (sound) chime();
    if (!notify || document.visibilityState === "visible") return;
    // It stands over whatever else is on the screen, which others may be looking at: nobody is named.
    const { id, amount, currency } = newest;
    const words = { remedy: remedy(newest.remedy), amount: formatAmount(amount, currency), currency };
    const shown = showNotification(t("alert.title"), { body: t("alert.text", words), tag: id });
    shown?.addEventListener("click", () => {
      window.focus();
      window.location.assign(`${QUEUE}?open=${id}`);
    });
  }

  useEvents(["handover"], () => void read(), { hidden: sound || notify });
  // What is there already when the page is opened is nothing new.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is there.
  useEffect(() => {
    if (sound || notify) void read();
  }, [sound, notify]);

  if (!isAlways && count === 0) return null;
  const here = path === QUEUE;
  return (
    <Link
      href={QUEUE}
      aria-current={here ? "page" : undefined}
      aria-label={t("nav", { count })}
      title={t("nav", { count })}
      className={cn(
        "flex h-8 min-w-8 items-center justify-center gap-1.5 rounded-md px-2 text-ink-2 text-sm transition-colors hover:bg-sunken hover:text-ink pointer-coarse:h-11 pointer-coarse:min-w-11",
        here && "bg-sunken font-medium text-ink",
        count > 0 && "text-handover",
      )}
    >
      <Inbox aria-hidden className="size-4 shrink-0" />
      {count > 0 ? (
        <span aria-hidden className="figures font-medium">
          {count > COUNT_MAX ? `${COUNT_MAX}+` : count}
        </span>
      ) : null}
    </Link>
  );
}

const GATHER_MS = 150;
const COUNT_MAX = 99;
