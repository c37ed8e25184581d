"use client";

import { type RefObject, useEffect, useState } from "react";
import { useHydrated } from "@/components/ui/use-hydrated";
import type { Policy } from "@/lib/discretion/schema";
import type { DraftPage, WholeVersion } from "@/lib/policies/types";
import { usePolicyWords } from "../policy-words";
import { PublishPanel } from "../publish-panel";
import { Behind, OfferedDraft, SavedMeanwhile } from "./banners";
import { ChecksSummary, useFailing } from "./checks-summary";
import { useDirty } from "./draft-context";
import { DraftHeader } from "./draft-header";
import type { DraftForm, DraftStore } from "./draft-store";
import { Examples } from "./example-list";
import { KeepDraft, useOfferedDraft } from "./keep-draft";
import { LeaveGuard } from "./leave-guard";
import { type Comparison, MergeView } from "./merge-view";
import { MissionField } from "./mission-field";
import { LimitEditor, RuleEditor, ValueEditor } from "./part-editors";
import { Parts } from "./part-list";
import { newLimit, newRule, newValue, settledIds, toDraft } from "./policy-draft";
import { Preview, type PreviewState, usePreview } from "./preview";
import { OUTCOME, SaveBar, SavePanel } from "./save-panel";
import { type DraftBase, type SavedDraft, storedDraftKey } from "./stored-draft";
import { useDraftKeys } from "./use-draft-keys";
import { useFreshPage } from "./use-fresh-page";
import { type Outcome, useSaving } from "./use-saving";
import { useSteps } from "./use-steps";

interface WorkplaceProps {
  page: DraftPage;
  place: RefObject<HTMLFieldSetElement | null>;
  form: DraftForm;
  store: DraftStore;
  saved: SavedDraft;
  setSaved: (saved: SavedDraft) => void;
  base: DraftBase;
  setBase: (base: DraftBase) => void;
}

/** Everything about a draft on one page: its parts, its examples, a question to it; saving and publishing beside them. */
export function DraftWorkplace(props: WorkplaceProps) {
  const { page, place, form, store, saved, setSaved, base } = props;
  const { version } = page.draft;
  const storageKey = storedDraftKey(page.draft);
  const [offered, decide] = useOfferedDraft(storageKey);
  const [comparison, setComparison] = useState<Comparison | null>(null);
  const saving = useSaving({
    version,
    form,
    store,
    page: place,
    saved,
    setSaved,
    base: base.version,
    onChanged: (theirs, mine) => setComparison({ kind: "draft", base: saved.document, mine, theirs }),
  });
  const { told, step } = useSteps(store, place);
  useEffect(() => store.listen(), [store]);
  useFreshPage();
  useDraftKeys({
    onSave: () => void save(),
    onStep: (direction) => (comparison ? undefined : step(direction)),
  });

  /** While two versions are compared nothing is saved: first it has to be known what. */
  function save(): Promise<boolean> {
    return comparison || offered ? Promise.resolve(false) : saving.save();
  }

  async function compare(kind: Comparison["kind"], theirs: WholeVersion) {
    const mine = await saving.readWhole();
    if (!mine) return;
    saving.setOutcome({ kind: "none" });
    setComparison({ kind, base: kind === "draft" ? saved.document : base.document, mine, theirs });
  }

  function goOn(merged: Policy) {
    if (comparison) adopt(comparison, merged, props);
    saving.setOutcome(
      comparison?.kind === "current"
        ? { kind: "rebased", version: comparison.theirs.version }
        : { kind: "merged" },
    );
    setComparison(null);
    focusPanel();
  }

  function restore() {
    if (!offered) return;
    setSaved(offered.saved);
    props.setBase(offered.base);
    store.restart(offered.draft);
    saving.setOutcome({ kind: "restored" });
    decide();
    focusPanel();
  }

  function discard() {
    const settled = settledIds(base.document, page.current?.document);
    props.setBase(saved.base === base.version ? base : baseOf(page, saved.base));
    store.restart(toDraft(saved.document, settled, saved.note));
    saving.setOutcome({ kind: "none" });
    focusPanel();
  }

  useShownOutcome(saving.outcome);
  const hydrated = useHydrated();
  const preview = usePreview(page.currency);
  const isSaving = saving.outcome.kind === "saving";
  return (
    // Not before the page is ready: what would be typed until then would be lost.
    <fieldset ref={place} disabled={!hydrated} className="min-w-0">
      <LeaveGuard />
      <KeepDraft storageKey={storageKey} waiting={offered !== null} saved={saved} base={base} />
      <p role="status" className="sr-only">
        {told}
      </p>
      <div className="flex flex-col gap-6">
        <DraftHeader page={page} />
        {offered ? <OfferedDraft onRestore={restore} onForget={decide} /> : null}
        {comparison || isSaving ? null : (
          <Banners page={page} saved={saved} base={base} onCompare={compare} />
        )}
        {comparison ? (
          <Merging
            comparison={comparison}
            page={page}
            onDone={goOn}
            onLater={() => {
              setComparison(null);
              focusPanel();
            }}
          />
        ) : (
          <fieldset
            disabled={offered !== null}
            className="grid min-w-0 gap-x-12 gap-y-10 xl:grid-cols-[minmax(0,1fr)_22rem]"
          >
            <DraftParts page={page} preview={preview} />
            <div
              // It scrolls by itself where it is higher than the window; room at its sides for the outlines of focus.
              className="flex min-w-0 flex-col gap-8 border-line border-t pt-6 pb-20 xl:sticky xl:top-16 xl:-mx-2 xl:max-h-[calc(100dvh-4rem)] xl:self-start xl:overflow-y-auto xl:border-t-0 xl:px-2 xl:py-4"
            >
              <SavePanel
                version={version}
                saved={saved}
                outcome={saving.outcome}
                onSave={() => void save()}
                onStep={step}
                onDiscard={discard}
                onNextFault={saving.nextFault}
                onGoneOn={decide}
              >
                <ChecksSummary preview={preview} page={page} />
              </SavePanel>
              <Publishing
                page={{ ...page, base: base.version === page.current?.version ? page.current : page.base }}
                revision={saved.revision}
                onSave={save}
                onStale={(current) => current && void compare("current", current)}
              />
            </div>
            <SaveBar outcome={saving.outcome} onSave={() => void save()} />
          </fieldset>
        )}
      </div>
    </fieldset>
  );
}

/** What a draft is compared with, as far as the page knows its words. */
function baseOf({ base, current }: DraftPage, version: number | null): DraftBase {
  const known = [base, current].find((each) => each?.version === version);
  return { version, document: known?.document ?? null };
}

/** Makes what came of two versions the draft that is edited. Nothing of it is saved yet. */
function adopt({ kind, theirs }: Comparison, merged: Policy, props: WorkplaceProps) {
  const { form, store, saved, base, page } = props;
  const note = form.getValues("note");
  const mine = note.trim() !== saved.note;
  if (kind === "current") {
    props.setBase({ version: theirs.version, document: theirs.document });
  } else {
    props.setSaved({
      revision: theirs.revision,
      document: theirs.document,
      note: theirs.note ?? "",
      base: theirs.baseVersion,
    });
    // Whoever compared with the later version in force has its changes in theirs, or in mine.
    if ((theirs.baseVersion ?? 0) > (base.version ?? 0)) props.setBase(baseOf(page, theirs.baseVersion));
  }
  const settled = settledIds(
    base.document,
    page.current?.document,
    kind === "current" ? theirs.document : null,
  );
  store.restart(toDraft(merged, settled, kind === "draft" && !mine ? (theirs.note ?? "") : note));
}

/** What was pressed is gone; saving is what comes next. */
function focusPanel() {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.getElementById("saving")?.focus({ preventScroll: false })),
  );
}

/** What kept it from being saved and stands at no field is said in the panel, which may be far from what was pressed. */
function useShownOutcome(outcome: Outcome) {
  useEffect(() => {
    switch (outcome.kind) {
      case "none":
      case "saving":
      case "saved":
      case "merged":
      case "restored":
      case "rebased":
        return;
      case "faults":
        if (outcome.count > 0) return;
    }
    document.getElementById(OUTCOME)?.scrollIntoView({ block: "nearest" });
  }, [outcome]);
}

interface BannersProps {
  page: DraftPage;
  saved: SavedDraft;
  base: DraftBase;
  onCompare: (kind: Comparison["kind"], theirs: WholeVersion) => void;
}

/** That others went on meanwhile; first with the draft itself. */
function Banners({ page, saved, base, onCompare }: BannersProps) {
  const { draft, current } = page;
  if (draft.revision > saved.revision) {
    return <SavedMeanwhile theirs={draft} onCompare={() => onCompare("draft", draft)} />;
  }
  if (!current || current.version === base.version) return null;
  return <Behind theirs={current} base={base.version} onCompare={() => onCompare("current", current)} />;
}

interface MergingProps {
  comparison: Comparison;
  page: DraftPage;
  onDone: (merged: Policy) => void;
  onLater: () => void;
}

function Merging({ page, ...props }: MergingProps) {
  const words = usePolicyWords(props.comparison.mine.currency);
  return <MergeView words={words} teams={page.teams} {...props} />;
}

function DraftParts({ page, preview }: { page: DraftPage; preview: PreviewState }) {
  const words = usePolicyWords(page.draft.document.currency);
  const { known } = page;
  return (
    <div className="flex min-w-0 flex-col gap-10">
      <MissionField />
      <Parts list="limits" make={newLimit} Editor={LimitEditor} words={words} known={known} />
      <Parts list="rules" make={newRule} Editor={RuleEditor} words={words} known={known} />
      <Parts list="values" make={newValue} Editor={ValueEditor} words={words} known={known} />
      <Examples words={words} page={page} />
      <Preview {...preview} page={page} />
    </div>
  );
}

interface PublishingProps {
  page: DraftPage;
  revision: number;
  onSave: () => Promise<boolean>;
  onStale: (current: WholeVersion | null) => void;
}

function Publishing(props: PublishingProps) {
  const dirty = useDirty();
  return (
    <div className="border-line border-t pt-6">
      <PublishPanel {...props} dirty={dirty} failing={useFailing()} />
    </div>
  );
}
