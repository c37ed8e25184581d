"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import type { SpanSearch } from "@/lib/dashboards/schema";
import { draftProposal } from "@/lib/hot-spots/actions";

interface DraftProposalProps {
  check: string;
  given: SpanSearch["given"];
  /** The number, as it is said. */
  number: string;
}

/** Begins a draft with the number that would have been right, and goes to where these days are replayed under it. */
export function DraftProposal({ check, given, number }: DraftProposalProps) {
  const t = useTranslations("insights.hot.right");
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [refusal, setRefusal] = useState<string | null>(null);

  function draft() {
    setRefusal(null);
    startTransition(async () => {
      const answer = await draftProposal({ check, given }).catch(() => null);
      if (!answer) return setRefusal(t("refused.unexpected"));
      if (!answer.ok) return setRefusal(t(`refused.${answer.code}`));
      const run = answer.simulation ? `?run=${answer.simulation}` : "";
      router.push(`/settings/policies/${answer.version}/simulation${run}`);
    });
  }

  return (
    <>
      <Button variant="primary" size="sm" busy={pending} onClick={draft} className="pointer-coarse:h-11">
        {pending ? t("drafting") : t("draft", { number })}
      </Button>
      <p className="text-ink-3 text-xs">{t("draftHint")}</p>
      {refusal ? <ErrorNote title={refusal} /> : null}
    </>
  );
}
