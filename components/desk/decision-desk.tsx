"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useState } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { useOnStartCase } from "@/components/shell/start-case";
import { Dialog } from "@/components/ui/dialog";
import { CaseSteps } from "./case-steps";
import { useChosenOrder } from "./chosen-order";
import { DecisionForm } from "./decision-form";
import { type DeskFacts, useCase } from "./use-case";
import { useUnsent } from "./use-unsent";

/** The case of a customer on the desk itself. */
export function DecisionDesk({ facts }: { facts: DeskFacts }) {
  const router = useRouter();
  const theCase = useCase(facts, useChosenOrder());
  const { onLooked, onSent } = useUnsent(theCase.place);
  const [afterSignIn, setAfterSignIn] = useState<{ go: () => void } | null>(null);
  const askToSignIn = (go: () => void) => setAfterSignIn({ go });

  // A case that is started by its key, while a receipt stands here, is another one for the same customer.
  useOnStartCase(() => {
    if (theCase.step.at === "receipt") theCase.begin();
    else document.querySelector<HTMLElement>("[name=happened]")?.focus();
  });

  // Allowance, orders and history are the server's to tell.
  const refresh = useCallback(() => router.refresh(), [router]);
  return (
    <>
      <CaseSteps
        facts={facts}
        theCase={theCase}
        form={
          <DecisionForm
            facts={facts}
            theCase={theCase}
            onLooked={onLooked}
            onOtherPolicy={refresh}
            onSignIn={askToSignIn}
          />
        }
        onRecorded={onSent}
        onReachable={refresh}
        onSignIn={askToSignIn}
      />
      <SignInDialog after={afterSignIn} onClose={() => setAfterSignIn(null)} />
    </>
  );
}

interface SignInDialogProps {
  after: { go: () => void } | null;
  onClose: () => void;
}

/** Whoever was signed out signs in over the page, and goes on where they were. */
function SignInDialog({ after, onClose }: SignInDialogProps) {
  const t = useTranslations("desk.review");
  const common = useTranslations("common");
  return (
    <Dialog
      open={after !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("signInTitle")}
      description={t("signInText")}
      closeLabel={common("close")}
    >
      <SignInForm
        to={null}
        onSignedIn={() => {
          onClose();
          after?.go();
        }}
      />
    </Dialog>
  );
}
