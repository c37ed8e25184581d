"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { runExamples } from "@/lib/discretion/examples";
import { formatMoment } from "@/lib/format/wall-time";
import type { DraftPage } from "@/lib/policies/types";
import { DifferenceList } from "../difference-list";
import { PolicyProse } from "../policy-prose";
import { usePolicyWords } from "../policy-words";
import { PublishPanel } from "../publish-panel";
import { DraftHeader } from "./draft-header";
import { ExampleStatus } from "./example-item";
import { exampleSentence, useExampleSpeaker } from "./example-words";
import { LeftBehind } from "./left-behind";

/** A draft to be read: by who may not change it, or by anybody while it waits for its moment. */
export function DraftReader(page: DraftPage) {
  const t = useTranslations("settings.edit");
  const { draft, mayEdit, timeZone } = page;
  const outcomes = useMemo(() => runExamples(draft.document), [draft.document]);
  const failing = outcomes.filter(({ passes }) => !passes).length;
  return (
    <div className="flex flex-col gap-6">
      {mayEdit ? <LeftBehind version={draft} /> : null}
      <DraftHeader page={page} />
      <p className={draft.publishAt ? "rounded-md bg-accent-soft p-3" : "text-ink-2"}>
        {draft.publishAt
          ? t("scheduled", { at: formatMoment(new Date(draft.publishAt), timeZone) })
          : t("readOnly")}
      </p>
      {draft.note ? <p className="wrap-anywhere max-w-prose whitespace-pre-line">{draft.note}</p> : null}
      <div className="grid min-w-0 gap-x-12 gap-y-10 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-10">
          <PolicyProse policy={draft.document} />
          <ReadExamples page={page} outcomes={outcomes} />
        </div>
        <div className="min-w-0 border-line border-t pt-6 pb-16 xl:sticky xl:top-16 xl:self-start xl:border-t-0 xl:pt-4">
          <span id="saving" />
          {mayEdit ? (
            <PublishPanel
              page={page}
              revision={draft.revision}
              dirty={false}
              failing={failing}
              onSave={async () => true}
              // Nothing is compared while it waits; the page says what to take back first.
              onStale={() => undefined}
            />
          ) : (
            <Changes page={page} />
          )}
        </div>
      </div>
    </div>
  );
}

function Changes({ page }: { page: DraftPage }) {
  const t = useTranslations("settings.publish");
  const { current, draft } = page;
  return (
    <section aria-labelledby="changes" className="flex flex-col gap-2">
      <h2 id="changes" className="font-semibold text-base">
        {current ? t("changes", { version: current.version }) : t("changesFirst")}
      </h2>
      <DifferenceList
        before={current?.document ?? null}
        after={draft.document}
        {...(current ? { empty: t("same", { version: current.version }) } : {})}
      />
    </section>
  );
}

function ReadExamples({ page, outcomes }: { page: DraftPage; outcomes: ReturnType<typeof runExamples> }) {
  const t = useTranslations("settings.example");
  const { document } = page.draft;
  const words = usePolicyWords(document.currency);
  const speaker = useExampleSpeaker(words, document.currency, page.teams);
  const examples = document.examples ?? [];
  return (
    <section aria-labelledby="examples" className="flex flex-col gap-1">
      <h2 id="examples" className="font-semibold text-base">
        {t("title")}
      </h2>
      <p className="text-ink-2">{examples.length === 0 ? t("noneRead") : t("textRead")}</p>
      <ol className="mt-2 flex flex-col divide-y divide-line border-line border-t empty:hidden">
        {examples.map((example, index) => (
          <li key={example.id} className="flex flex-col gap-1 py-4">
            <h3 className="wrap-anywhere font-medium text-sm">{example.says ?? example.id}</h3>
            <ExampleStatus outcome={outcomes[index]} />
            <p className="figures max-w-prose text-ink-2">{exampleSentence(example, speaker)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
