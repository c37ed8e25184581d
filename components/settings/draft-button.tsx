"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import type { Policy } from "@/lib/discretion/schema";
import { createDraft } from "@/lib/policies/actions";
import { RefusalNote } from "./refusal-note";
import { useLifeCall } from "./use-life-call";

interface DraftButtonProps {
  /** What the draft begins with: a version, or a document. */
  from: { from: number } | { document: Policy };
  variant?: "primary" | "secondary";
  size?: "sm" | "md";
  children: ReactNode;
}

/** Begins a draft and opens it. */
export function DraftButton({ from, variant = "secondary", size = "md", children }: DraftButtonProps) {
  const t = useTranslations("settings.life");
  const router = useRouter();
  const { busy, refusal, call, clear } = useLifeCall();

  async function begin() {
    const answer = await call(() => createDraft(from));
    if (answer) router.push(`/settings/policies/${answer.version}`);
  }

  return (
    <>
      <Button variant={variant} size={size} busy={busy} onClick={begin}>
        {busy ? t("drafting") : children}
      </Button>
      {refusal ? (
        <div className="order-last w-full">
          <RefusalNote refusal={refusal} version={0} onSignedIn={clear} />
        </div>
      ) : null}
    </>
  );
}
