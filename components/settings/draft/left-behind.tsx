"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";
import { createDraft } from "@/lib/policies/actions";
import { RefusalNote } from "../refusal-note";
import { useLifeCall } from "../use-life-call";
import { Banner } from "./banners";
import { useOfferedDraft } from "./keep-draft";
import { readDraft } from "./read-draft";
import { storedDraftKey } from "./stored-draft";

interface LeftBehindProps {
  version: { version: number; createdAt: string };
}

/** What was typed into a draft that can't be edited any more, because it was published or scheduled meanwhile. */
export function LeftBehind({ version: { version, createdAt } }: LeftBehindProps) {
  const t = useTranslations("settings.edit.kept");
  const router = useRouter();
  const [offered, decide] = useOfferedDraft(storedDraftKey({ version, createdAt }));
  const { busy, refusal, call, clear } = useLifeCall();
  if (!offered) return null;
  const { draft } = offered;

  async function goOn() {
    const { document } = readDraft(draft);
    const answer = await call(() => createDraft({ document, note: draft.note.trim() }));
    if (!answer) return;
    decide();
    router.push(`/settings/policies/${answer.version}`);
  }

  return (
    <div className="mb-6 flex flex-col gap-2">
      <Banner title={t("title")} text={t("ended")}>
        <Button size="sm" busy={busy} onClick={goOn}>
          {t("create")}
        </Button>
        <Button size="sm" variant="quiet" onClick={decide}>
          {t("forget")}
        </Button>
      </Banner>
      {refusal ? <RefusalNote refusal={refusal} version={version} onSignedIn={clear} /> : null}
    </div>
  );
}
