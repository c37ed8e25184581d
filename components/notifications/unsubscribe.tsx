"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { useHydrated } from "@/components/ui/use-hydrated";
import { unsubscribe } from "@/lib/notifications/actions";

/** One button: a program that only opens links, to look at what is behind them, changes nothing. */
export function Unsubscribe({ token, isEmployee }: { token: string; isEmployee: boolean }) {
  const t = useTranslations("notifications.unsubscribe");
  const [state, setState] = useState<"asked" | "busy" | "done" | "failed">("asked");
  const hydrated = useHydrated();

  async function submit() {
    setState("busy");
    const answer = await unsubscribe(token).catch(() => ({ ok: false }));
    setState(answer.ok ? "done" : "failed");
  }

  return (
    <div className="flex flex-col gap-4">
      {state === "done" ? null : (
        <Button variant="primary" disabled={!hydrated} busy={state === "busy"} onClick={() => void submit()}>
          {t(state === "busy" ? "busy" : "submit")}
        </Button>
      )}
      <div role="status" className="flex flex-col gap-1 empty:hidden">
        {state === "done" ? <p className="font-medium text-allow">{t("done")}</p> : null}
        {state === "done" && isEmployee ? <p className="text-ink-2">{t("again")}</p> : null}
      </div>
      {state === "failed" ? <ErrorNote title={t("failed")} /> : null}
    </div>
  );
}
