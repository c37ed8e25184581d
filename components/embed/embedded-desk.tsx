"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { SignInElsewhere } from "@/components/auth/sign-in-elsewhere";
import { InFrame } from "@/components/shell/desk-link";
import { PassCount } from "@/components/shell/pass-count";
import { Button, ButtonLink } from "@/components/ui/button";
import { useHydrated } from "@/components/ui/use-hydrated";
import { CustomerFinder } from "./customer-finder";
import type { Hint } from "./requests";
import { SignInButton } from "./sign-in-button";
import { useHint } from "./use-hint";
import { type UsedPass, usePass } from "./use-pass";

interface EmbeddedDeskProps {
  organization: string;
  /** The sites whose pages may show this. */
  origins: readonly string[];
  /** What the address asked the server for. */
  hint: Hint;
}

/** The desk in a helpdesk's sidebar. Without a pass it holds nothing; with one it is what the person's own desk is, smaller. */
export function EmbeddedDesk({ organization, origins, hint: asked }: EmbeddedDeskProps) {
  const t = useTranslations("embed.frame");
  const isHydrated = useHydrated();
  const used = usePass(organization, origins);
  const hint = useHint(asked);
  if (!isHydrated || used.pass === undefined) {
    return (
      <Frame>
        <p className="text-ink-2">{t("opening")}</p>
      </Frame>
    );
  }
  if (window.parent === window) return <Alone />;
  if (used.pass === null) return <Gate used={used} />;
  return (
    <InFrame value={true}>
      <SignInElsewhere value={(onSignedIn) => <GoOn used={used} onSignedIn={onSignedIn} />}>
        <PassCount value={used.count}>
          <Frame>
            <Ending used={used} />
            <CustomerFinder
              key={`${used.pass.employeeId} ${JSON.stringify(hint)}`}
              hint={hint}
              name={used.pass.name}
            />
          </Frame>
        </PassCount>
      </SignInElsewhere>
    </InFrame>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const t = useTranslations("embed.frame");
  return (
    // Named, because the page around the frame has a main part of its own.
    <main id="content" aria-label={t("label")} className="mx-auto flex max-w-xl flex-col gap-5 p-4">
      {children}
    </main>
  );
}

/** Whoever opens the page by itself is on their way to the whole desk. */
function Alone() {
  const t = useTranslations("embed.frame.alone");
  return (
    <Frame>
      <h1 className="font-semibold text-lg">{t("title")}</h1>
      <p className="text-ink-2">{t("text")}</p>
      <ButtonLink href="/desk" className="w-fit">
        {t("open")}
      </ButtonLink>
    </Frame>
  );
}

function Gate({ used }: { used: UsedPass }) {
  const t = useTranslations("embed.frame.signIn");
  return (
    <Frame>
      <div className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("title")}</h1>
        <p className="text-ink-2">{t("text")}</p>
      </div>
      <SignInButton {...used} />
    </Frame>
  );
}

/** Where something was refused because the pass was over: another one is asked for, unless that was done elsewhere in the frame. */
function GoOn({ used, onSignedIn }: { used: UsedPass; onSignedIn: (() => void) | undefined }) {
  const t = useTranslations("embed.frame.signIn");
  if (used.standing === "over") return <SignInButton again {...used} onSignedIn={onSignedIn} />;
  return (
    <Button className="h-11 w-fit" onClick={onSignedIn}>
      {t("again")}
    </Button>
  );
}

/** Says when the pass comes to its end, with the press that gets another one; what was typed stays meanwhile. */
function Ending({ used }: { used: UsedPass }) {
  const t = useTranslations("embed.frame.signIn");
  return (
    <div role="status" className="empty:hidden">
      {used.standing === "good" ? null : (
        <div className="flex flex-col gap-3 rounded-md bg-sunken p-3">
          <p>{t(used.standing)}</p>
          <SignInButton again {...used} />
        </div>
      )}
    </div>
  );
}
