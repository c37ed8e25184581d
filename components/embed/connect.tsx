"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { AuthPage } from "@/components/auth/auth-page";
import { useCall } from "@/components/settings/rates/use-call";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { useHydrated } from "@/components/ui/use-hydrated";
import { givePass } from "@/lib/embed/actions";
import type { ConnectState, GivePassAnswer } from "@/lib/embed/types";
import type { PopUpAnswer } from "./pass";
import { useRested } from "./use-rested";

interface ConnectProps {
  organization: string;
  /** What the frame knows its pop-up's answer by. */
  ticket: string;
  connecting: ConnectState;
}

/** What the pop-up of a frame shows: the question whether the site may show the desk, the first time in a session. */
export function Connect({ organization, ticket, connecting }: ConnectProps) {
  const t = useTranslations("embed.connect");
  const isHydrated = useHydrated();
  if (connecting.state === "refused") {
    return (
      <AuthPage title={t("refused.title")}>
        <p className="text-base text-ink-2">{t(`refused.${connecting.why}`)}</p>
      </AuthPage>
    );
  }
  if (isHydrated && window.opener === null) {
    return (
      <AuthPage title={t("page")}>
        <p className="text-base text-ink-2">{t("lost")}</p>
      </AuthPage>
    );
  }
  const asked = { organization, ticket, origin: connecting.origin };
  return connecting.state === "again" ? <Again {...asked} /> : <Ask {...asked} {...connecting} />;
}

interface Asked {
  organization: string;
  ticket: string;
  origin: string;
}

/** Says it to the frame, which is our own page: in whatever page it stands, nobody else hears it. */
function tell(answer: PopUpAnswer): void {
  (window.opener as Window | null)?.postMessage(answer, window.location.origin);
  window.close();
}

function useGiving({ organization, ticket, origin }: Asked) {
  const { answer, busy, failed, call } = useCall<GivePassAnswer>();
  const [told, setTold] = useState(false);

  async function give(confirmed: boolean) {
    const given = await call(() => givePass({ organization, origin, confirmed }));
    if (!given?.ok) {
      // Signed out meanwhile, or no longer allowed: this very page says so when it is read anew.
      if (given) window.location.reload();
      return;
    }
    const { token, seconds, employeeId, name } = given;
    setTold(true);
    tell({ kind: "leeway.pass", ticket, token, seconds, employeeId, name });
  }

  return { busy: busy || (answer !== null && !answer.ok), failed, told, give };
}

/** It was allowed before: nothing is asked, and the window is gone at once. */
function Again(asked: Asked) {
  const t = useTranslations("embed.connect");
  const { failed, told, give } = useGiving(asked);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void give(false);
  });
  return (
    <AuthPage title={t("page")}>
      <p role="status" className="text-base text-ink-2">
        {failed ? null : t(told ? "done" : "going")}
      </p>
      {failed ? (
        <ErrorNote title={t("failed")} action={<Button onClick={() => give(false)}>{t("again")}</Button>} />
      ) : null}
    </AuthPage>
  );
}

function Ask({ name, organizationName, ...asked }: Asked & Extract<ConnectState, { state: "ask" }>) {
  const t = useTranslations("embed.connect");
  const { busy, failed, told, give } = useGiving(asked);
  const rested = useRested();
  if (told) {
    return (
      <AuthPage title={t("page")}>
        <p role="status" className="text-base text-ink-2">
          {t("done")}
        </p>
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t("title")}>
      <p className="break-all rounded-md bg-sunken p-3 font-medium font-mono text-sm">{asked.origin}</p>
      <div className="flex flex-col gap-2 text-ink-2">
        <p className="break-words">{t("who", { name, organization: organizationName })}</p>
        <p>{t("may")}</p>
      </div>
      {failed ? <ErrorNote title={t("failed")} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          size="lg"
          autoFocus
          busy={busy || !rested}
          onClick={() => give(true)}
          // A key that is still held down from the page before presses nothing here.
          onKeyDown={(event) => {
            if (event.repeat) event.preventDefault();
          }}
        >
          {busy ? t("busy") : t("allow")}
        </Button>
        <Button
          variant="quiet"
          size="lg"
          onClick={() => tell({ kind: "leeway.pass", ticket: asked.ticket, declined: true })}
        >
          {t("decline")}
        </Button>
      </div>
    </AuthPage>
  );
}
