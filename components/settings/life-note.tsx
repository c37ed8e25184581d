"use client";

import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef } from "react";
import { formatMoment } from "@/lib/format/wall-time";
import { type Announcement, useAnnouncement } from "./announcement";

interface LifeNoteProps {
  version: number;
  timeZone: string;
}

/** Says, where a version is shown, what has just been done with it; and takes the focus, which what was pressed has lost. */
export function LifeNote({ version, timeZone }: LifeNoteProps) {
  const announcement = useAnnouncement(version);
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (announcement) note.current?.focus();
  }, [announcement]);
  if (!announcement) return null;
  return (
    <div
      ref={note}
      role="status"
      tabIndex={-1}
      className="arrive flex items-start gap-2 rounded-md bg-allow-soft p-3 outline-none"
    >
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-allow" />
      <div className="flex min-w-0 flex-col gap-0.5">
        <NoteText announcement={announcement} timeZone={timeZone} />
      </div>
    </div>
  );
}

function NoteText({ announcement, timeZone }: { announcement: Announcement; timeZone: string }) {
  const t = useTranslations("settings.life.done");
  switch (announcement.kind) {
    case "published":
      return (
        <>
          <NoteTitle>{t("published.title", { version: announcement.version })}</NoteTitle>
          <p>{t("published.text")}</p>
          <p className="flex flex-wrap gap-x-4">
            <NoteLink href="/settings">{t("version", { version: announcement.version })}</NoteLink>
            <NoteLink href="/settings/policies">{t("all")}</NoteLink>
          </p>
        </>
      );
    case "trial": {
      const { version, team, endsAt, current } = announcement;
      return (
        <>
          <NoteTitle>{t("trial.title", { team, version })}</NoteTitle>
          <p>{t("trial.text", { until: formatMoment(new Date(endsAt), timeZone), current })}</p>
          <NoteLink href={`/settings/policies/${version}/trial`}>{t("compare")}</NoteLink>
        </>
      );
    }
    case "trialEnded":
      return (
        <>
          <NoteTitle>{t("trialEnded.title")}</NoteTitle>
          <p>{t("trialEnded.text", { team: announcement.team })}</p>
        </>
      );
    default:
      return announcement satisfies never;
  }
}

function NoteTitle({ children }: { children: ReactNode }) {
  return <p className="font-medium text-allow">{children}</p>;
}

function NoteLink(props: { href: string; children: ReactNode }) {
  return (
    <Link
      {...props}
      className="flex w-fit items-center rounded-inner underline underline-offset-4 pointer-coarse:min-h-11"
    />
  );
}
