"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { WholeVersion } from "@/lib/policies/types";
import { PublishDialog } from "./publish-dialog";

interface RestoreButtonProps {
  version: WholeVersion;
  current: WholeVersion | null;
}

/** Puts an old version in force again, as a new one that says the same. */
export function RestoreButton({ version: { version, document, publishedAt }, current }: RestoreButtonProps) {
  const t = useTranslations("settings.versions.restore");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  // What was only ever tried comes into force for the first time.
  const words = publishedAt === null ? "first" : "again";
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        {t(`${words}.open`, { version })}
      </Button>
      {open ? (
        <PublishDialog
          open
          onOpenChange={setOpen}
          title={t(`${words}.title`, { version })}
          text={t("text")}
          submit={t(`${words}.submit`)}
          request={{ version, base: current?.version ?? null }}
          before={current}
          after={document}
          onDone={(next) => router.push(`/settings/policies/${next}`)}
          onStale={() => router.refresh()}
        />
      ) : null}
    </>
  );
}
