"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { formatMoment } from "@/lib/format/wall-time";
import { scheduleVersion } from "@/lib/policies/actions";
import type { DraftPage, WholeVersion } from "@/lib/policies/types";
import { DifferenceList } from "./difference-list";
import { DiscardButton } from "./discard-button";
import { PublishDialog } from "./publish-dialog";
import { PublishGates } from "./publish-gates";
import { RefusalNote } from "./refusal-note";
import { ScheduleDialog } from "./schedule-dialog";
import { TrialDialog } from "./trial-dialog";
import { useLifeCall } from "./use-life-call";

interface PublishPanelProps {
  page: DraftPage;
  /** The revision that the editor holds. */
  revision: number;
  /** Something was typed since. */
  dirty: boolean;
  /** How many examples fail. */
  failing: number;
  /** Saves what was typed; answers whether it was. Whatever kept it from that is said by the editor. */
  onSave: () => Promise<boolean>;
  /** Somebody put another version in force since the draft was begun. */
  onStale: (current: WholeVersion | null) => void;
}

/** What may become of a draft: in force at once or at a time, on trial with one team, or nothing. */
export function PublishPanel(props: PublishPanelProps) {
  const { page, dirty, onStale } = props;
  const { current, base, draft, mayEdit } = page;
  const t = useTranslations("settings.publish");
  const stale = (base?.version ?? null) !== (current?.version ?? null);
  return (
    <section aria-labelledby="publish" className="flex min-w-0 flex-col gap-4">
      <h2 id="publish" className="scroll-mt-20 font-semibold text-base">
        {t("title")}
      </h2>
      <div className="flex flex-col gap-2">
        {current ? (
          <h3 className="text-ink-2">{t("changes", { version: current.version })}</h3>
        ) : (
          <p className="text-ink-2">{t("changesFirst")}</p>
        )}
        <DifferenceList
          before={current?.document ?? null}
          after={draft.document}
          fold={6}
          {...(current ? { empty: t("same", { version: current.version }) } : {})}
        />
        {dirty ? <p className="text-ink-3 text-xs">{t("unsavedChanges")}</p> : null}
      </div>
      <PublishGates {...props} />
      {draft.publishFault ? <ErrorNote title={t("at.fault", { fault: draft.publishFault })} /> : null}
      {mayEdit && stale && current ? (
        <div className="flex flex-col items-start gap-2 rounded-md bg-bend-soft p-3">
          <p className="text-bend">{t("stale.text", { version: current.version })}</p>
          <Button size="sm" onClick={() => onStale(current)}>
            {t("stale.compare", { version: current.version })}
          </Button>
        </div>
      ) : null}
      {mayEdit ? <PublishActions {...props} stale={stale} /> : null}
    </section>
  );
}

type Way = "now" | "at" | "trial";

function PublishActions(props: PublishPanelProps & { stale: boolean }) {
  const { page, revision, dirty, failing, stale, onSave } = props;
  const t = useTranslations("settings.publish");
  const [open, setOpen] = useState<Way | null>(null);
  const [saving, setSaving] = useState<Way | null>(null);
  const [notSaved, setNotSaved] = useState(false);
  const scheduled = page.draft.publishAt !== null;
  const blocked = failing > 0 || stale;

  /** What is asked about has to be what is saved. */
  async function begin(way: Way) {
    setNotSaved(false);
    if (dirty) {
      setSaving(way);
      const saved = await onSave();
      setSaving(null);
      setNotSaved(!saved);
      if (!saved) return;
    }
    setOpen(way);
  }

  const button = (way: Way, label: string) => (
    <Button
      variant={way === "now" && !dirty && !blocked && !scheduled ? "primary" : "secondary"}
      disabled={blocked}
      busy={saving !== null}
      onClick={() => begin(way)}
    >
      {saving === way ? t("saving") : label}
    </Button>
  );
  return (
    <>
      {scheduled ? <Scheduled page={page} /> : null}
      {notSaved ? <ErrorNote title={t("notSaved")} /> : null}
      <div className="flex flex-wrap gap-2">
        {button("now", t("now.open"))}
        {scheduled ? null : button("at", t("at.open"))}
        {scheduled || !page.current ? null : button("trial", t("trial.open"))}
        <DiscardButton version={page.draft.version} dirty={dirty} />
      </div>
      {open ? <Dialogs {...props} revision={revision} way={open} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

interface DialogsProps extends PublishPanelProps {
  way: Way;
  onClose: () => void;
}

function Dialogs({ page, revision, way, onClose, onSave, onStale, dirty }: DialogsProps) {
  const t = useTranslations("settings.publish");
  const router = useRouter();
  const { draft, current, running, timeZone } = page;
  const { version } = draft;
  const behind = draft.revision < revision;
  // What the page tells of the draft may be of the moment before it was saved.
  useEffect(() => {
    if (behind) router.refresh();
  }, [behind, router]);
  if (behind) return <p role="status">{t("saving")}</p>;

  const common = {
    open: true,
    onOpenChange: (open: boolean) => {
      if (!open) onClose();
    },
    onStale,
    // The editor finds out what somebody saved by saving, and shows both; with nothing to save the page is read anew.
    onDraftChanged: () => (dirty ? void onSave() : window.location.reload()),
  };
  switch (way) {
    case "now": {
      const teams = new Intl.ListFormat("en").format(running.map(({ team }) => team.name));
      return (
        <PublishDialog
          {...common}
          title={t("now.title", { version })}
          text={running.length > 0 ? t("now.textTrials", { teams }) : t("now.text")}
          submit={t("now.submit")}
          request={{ version, revision }}
          before={current}
          after={draft.document}
          note={draft.note}
        />
      );
    }
    case "at":
      return <ScheduleDialog {...common} version={version} revision={revision} timeZone={timeZone} />;
    case "trial":
      return current ? <TrialDialog {...common} page={page} current={current} revision={revision} /> : null;
    default:
      return way satisfies never;
  }
}

/** The draft waits for its moment. */
function Scheduled({ page }: { page: DraftPage }) {
  const { version, revision, publishAt } = page.draft;
  const t = useTranslations("settings.publish.at");
  const { busy, refusal, call, clear } = useLifeCall();
  if (publishAt === null) return null;
  return (
    <div className="flex flex-col items-start gap-2 rounded-md bg-accent-soft p-3">
      <p className="font-medium">
        {t("scheduled", { at: formatMoment(new Date(publishAt), page.timeZone) })}
      </p>
      <p className="text-ink-2">{t("scheduledText")}</p>
      <Button
        size="sm"
        busy={busy}
        onClick={() => call(() => scheduleVersion({ version, revision, at: null }))}
      >
        {t("takeBack")}
      </Button>
      {refusal ? <RefusalNote refusal={refusal} version={version} onSignedIn={clear} /> : null}
    </div>
  );
}
