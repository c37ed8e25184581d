"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { useHydrated } from "@/components/ui/use-hydrated";
import { requestVerification } from "@/lib/seals/actions";

type Refusal = "signed_out" | "not_allowed" | "unexpected";

/** Has the worker hold all of history against its seals, and shows how far it is. */
export function VerifyNow() {
  const t = useTranslations("seals.verify");
  const router = useRouter();
  const hydrated = useHydrated();
  const [busy, start] = useTransition();
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  function verify() {
    setRefusal(null);
    start(async () => {
      try {
        const answer = await requestVerification();
        if (answer.ok) router.refresh();
        else setRefusal(answer.code);
      } catch {
        // No answer, or none of ours: whether it was asked for is not known here.
        setRefusal("unexpected");
      }
    });
  }

  return (
    <div className="flex flex-col gap-3">
      <Button variant="primary" className="w-fit" busy={busy} disabled={!hydrated} onClick={verify}>
        {busy ? t("starting") : t("now")}
      </Button>
      {refusal === "unexpected" ? <ErrorNote title={t("refused.unexpected")} /> : null}
      {refusal === "not_allowed" ? <ErrorNote title={t("refused.notAllowed")} /> : null}
      {refusal === "signed_out" ? (
        <>
          <ErrorNote title={t("refused.signedOut")}>
            <p>{t("refused.signedOutText")}</p>
          </ErrorNote>
          <SignInForm to={null} onSignedIn={() => setRefusal(null)} />
        </>
      ) : null}
    </div>
  );
}
