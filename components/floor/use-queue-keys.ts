"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { isTyping } from "@/components/shell/is-typing";

/** J opens the next request and K the one before, wherever the focus is but in a field. */
export function useQueueKeys(ids: readonly string[], openId: string | null, hrefOf: (id: string) => string) {
  const router = useRouter();
  const latest = useRef({ ids, openId, hrefOf });
  useEffect(() => {
    latest.current = { ids, openId, hrefOf };
  });
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || isTyping(event)) return;
      const key = event.key.toLowerCase();
      if (key !== "j" && key !== "k") return;
      const { ids: all, openId: open, hrefOf: href } = latest.current;
      const at = open === null ? -1 : all.indexOf(open);
      // One that was answered is in the list no more: from it both keys lead to the first.
      const next = at === -1 ? all[0] : all[at + (key === "j" ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      router.push(href(next), { scroll: false });
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [router]);
}
