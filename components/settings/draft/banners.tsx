"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import type { WholeVersion } from "@/lib/policies/types";

interface BannerProps {
  title: string;
  text: string;
  children: ReactNode;
}

/** Something about the draft that has to be known before going on. */
export function Banner({ title, text, children }: BannerProps) {
  return (
    <div role="status" className="flex flex-col gap-2 rounded-md bg-bend-soft p-3">
      <div>
        <p className="font-medium text-bend">{title}</p>
        <p>{text}</p>
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  );
}

interface CompareBannerProps {
  theirs: WholeVersion;
  onCompare: () => void;
}

/** Somebody else saved the draft. */
export function SavedMeanwhile({ theirs, onCompare }: CompareBannerProps) {
  const t = useTranslations("settings.edit.savedMeanwhile");
  const title = theirs.updater ? t("titleBy", { name: theirs.updater }) : t("title");
  return (
    <Banner title={title} text={t("text")}>
      <Button size="sm" onClick={onCompare}>
        {t("compare")}
      </Button>
    </Banner>
  );
}

/** Another version came into force than the one that the draft was made from. */
export function Behind({ theirs, base, onCompare }: CompareBannerProps & { base: number | null }) {
  const t = useTranslations("settings.edit.behind");
  const current = theirs.version;
  return (
    <Banner
      title={base === null ? t("titleFirst", { current }) : t("title", { current, base })}
      text={t("text")}
    >
      <Button size="sm" onClick={onCompare}>
        {t("compare", { current })}
      </Button>
    </Banner>
  );
}

interface OfferProps {
  onRestore: () => void;
  onForget: () => void;
}

/** What was typed before the page was left. The rest of the page waits for the answer. */
export function OfferedDraft({ onRestore, onForget }: OfferProps) {
  const t = useTranslations("settings.edit.kept");
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector("button")?.focus(), []);
  return (
    <div ref={place}>
      <Banner title={t("title")} text={t("text")}>
        <Button size="sm" onClick={onRestore}>
          {t("restore")}
        </Button>
        <Button size="sm" variant="quiet" onClick={onForget}>
          {t("forget")}
        </Button>
      </Banner>
    </div>
  );
}
