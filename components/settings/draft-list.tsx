"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button, ButtonLink } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { formatMoment } from "@/lib/format/wall-time";
import { discardDraft } from "@/lib/policies/actions";
import type { ListedVersion } from "@/lib/policies/types";
import { Author } from "./author";
import { DifferenceList } from "./difference-list";
import { type LifeRefusal, RefusalNote } from "./refusal-note";
import { useLifeCall } from "./use-life-call";

interface DraftListProps {
  drafts: readonly ListedVersion[];
  mayEdit: boolean;
  now: string;
  timeZone: string;
}

/** Every draft with what it would change; what is discarded here can be taken back here. */
export function DraftList({ drafts, mayEdit, now, timeZone }: DraftListProps) {
  const t = useTranslations("settings.life.drafts");
  const [discarded, setDiscarded] = useState<readonly ListedVersion[]>([]);
  /** The one that was just taken back: its name takes the focus that the button had. */
  const [restored, setRestored] = useState<number | null>(null);
  const { busy, refusal, call, clear } = useLifeCall();
  // The server's list leaves out what was discarded here; it stays in its place until the page is left.
  const shown = [
    ...drafts,
    ...discarded.filter(({ version }) => drafts.every((draft) => draft.version !== version)),
  ].sort((a, b) => b.version - a.version);

  async function discard(draft: ListedVersion, discard: boolean) {
    const answer = await call(() => discardDraft({ version: draft.version, discard }));
    if (!answer) return;
    const others = discarded.filter(({ version }) => version !== draft.version);
    setDiscarded(discard ? [...others, draft] : others);
    setRestored(discard ? null : draft.version);
  }

  return (
    <section aria-labelledby="drafts" className="flex flex-col gap-1">
      <h2 id="drafts" className="font-semibold text-base">
        {t("title")}
      </h2>
      {shown.length === 0 ? <p className="text-ink-2">{t("none")}</p> : null}
      {refusal ? <Refused refusal={refusal} onSignedIn={clear} /> : null}
      <ul className="flex flex-col divide-y divide-line">
        {shown.map((draft) =>
          discarded.some(({ version }) => version === draft.version) ? (
            <Discarded
              key={draft.version}
              version={draft.version}
              busy={busy}
              onUndo={() => discard(draft, false)}
            />
          ) : (
            <DraftLine
              key={draft.version}
              draft={draft}
              now={now}
              timeZone={timeZone}
              busy={busy}
              restored={restored === draft.version}
              onDiscard={mayEdit ? () => discard(draft, true) : null}
            />
          ),
        )}
      </ul>
    </section>
  );
}

function Refused(props: { refusal: LifeRefusal; onSignedIn: () => void }) {
  return <RefusalNote {...props} version={0} />;
}

interface DraftLineProps {
  draft: ListedVersion;
  now: string;
  timeZone: string;
  busy: boolean;
  restored: boolean;
  /** Null for who may only read. */
  onDiscard: (() => void) | null;
}

function DraftLine({ draft, now, timeZone, busy, restored, onDiscard }: DraftLineProps) {
  const t = useTranslations("settings.life.drafts");
  const versions = useTranslations("settings.versions");
  const { version, before, document, publishAt, publishFault } = draft;
  const href = `/settings/policies/${version}`;
  const name = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (restored) name.current?.focus();
  }, [restored]);
  const savedAt = draft.updatedAt ?? draft.createdAt;
  return (
    <li className="flex min-w-0 flex-col gap-2 py-3">
      <div className="flex flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Link
            ref={name}
            href={href}
            className="inline-flex items-center rounded-inner font-medium hover:underline hover:underline-offset-4 pointer-coarse:min-h-11"
          >
            {t("name", { version })}
          </Link>
          {publishAt ? <Badge>{versions("scheduled")}</Badge> : null}
        </p>
        <p className="text-ink-2">
          {[
            before ? t("from", { version: before.version }) : t("first"),
            t("examples", { count: document.examples?.length ?? 0 }),
          ].join(", ")}
          {", "}
          {t.rich("saved", {
            at: () => <Time at={savedAt} now={now} timeZone={timeZone} className="figures" />,
            by: () => <Author name={draft.updater ?? draft.author} />,
          })}
        </p>
        {draft.note ? <p className="wrap-anywhere">{draft.note}</p> : null}
        {publishAt ? <p>{t("publishAt", { at: formatMoment(new Date(publishAt), timeZone) })}</p> : null}
        {publishFault ? <p className="text-deny">{t("publishFault", { fault: publishFault })}</p> : null}
      </div>
      <DifferenceList before={before?.document ?? null} after={document} fold={3} empty={t("same")} />
      <div className="flex flex-wrap gap-2">
        <ButtonLink href={href} size="sm">
          {onDiscard ? t("open") : t("read")}
        </ButtonLink>
        {onDiscard ? (
          <Button
            size="sm"
            variant="quiet"
            busy={busy}
            aria-label={t("discardName", { version })}
            onClick={onDiscard}
          >
            {t("discard")}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

/** Where the draft stood: what was pressed is gone, and what takes it back has the focus. */
function Discarded({ version, busy, onUndo }: { version: number; busy: boolean; onUndo: () => void }) {
  const t = useTranslations("settings.life.drafts");
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => line.current?.querySelector("button")?.focus(), []);
  return (
    <li ref={line} className="flex flex-wrap items-center gap-3 py-3">
      <p role="status">{t("discarded", { version })}</p>
      <Button size="sm" busy={busy} aria-label={t("undoName", { version })} onClick={onUndo}>
        {t("undo")}
      </Button>
    </li>
  );
}
