"use client";

import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { saveSettings } from "@/lib/organizations/actions";
import type { OrganizationPage, SaveSettingsAnswer, StoredSettings } from "@/lib/organizations/types";
import { RETENTION_KINDS } from "@/lib/retention/schema";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";
import { labelOf, NumberSentence } from "./number-sentence";
import {
  faultsOf,
  readDraft,
  type SettingsDraft,
  type SettingsFaults,
  type SettingsField,
  toDraft,
} from "./settings-draft";

const DECIDING = ["undoSeconds", "handoverMinutes"] as const;

/** What holds for the whole organization, as sentences. Whatever comes of saving, what was typed stays until it worked. */
export function SettingsForm({ mayEdit, settings }: Pick<OrganizationPage, "mayEdit" | "settings">) {
  const t = useTranslations("organization");
  const form = useRef<HTMLFormElement>(null);
  const { draft, faults, save, change, take, saved, ...call } = useSettings(settings);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await save()) return;
    // Once the page shows them.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  }

  const sentence = (field: SettingsField) => (
    <NumberSentence
      key={field}
      field={field}
      value={draft[field]}
      fault={faults[field]}
      {...(mayEdit ? { onChange: (value: string) => change(field, value) } : {})}
    />
  );
  const { answer } = call;
  return (
    <div className="flex flex-col gap-6">
      <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-8">
        <Part id="deciding" title={t("deciding.title")} text={t("deciding.text")}>
          {DECIDING.map(sentence)}
        </Part>
        <Part id="keeping" title={t("keeping.title")} text={t("keeping.text")}>
          {RETENTION_KINDS.map(sentence)}
        </Part>
        {answer && !answer.ok && answer.code === "moved" ? (
          <Moved
            draft={draft}
            theirs={answer.settings}
            onMine={() => save(answer.settings.revision)}
            onTheirs={() => take(answer.settings)}
          />
        ) : null}
        {mayEdit ? (
          <div className="flex flex-wrap items-center gap-4">
            <Button type="submit" variant="primary" busy={call.busy}>
              {call.busy ? t("save.busy") : t("save.submit")}
            </Button>
            <p role="status" className="flex items-center gap-1.5 text-allow empty:hidden">
              {saved ? (
                <>
                  <CircleCheck aria-hidden className="size-4 shrink-0" />
                  {t("save.saved")}
                </>
              ) : null}
            </p>
          </div>
        ) : null}
      </form>
      {/* It may hold a form of its own. */}
      <Refused answer={answer} failed={call.failed} onSignedIn={call.clear} />
    </div>
  );
}

function useSettings(stored: StoredSettings) {
  const { answer, busy, failed, call, clear } = useCall<SaveSettingsAnswer>();
  const [seen, setSeen] = useState(stored);
  const [draft, setDraft] = useState<SettingsDraft>(() => toDraft(stored));
  const [own, setOwn] = useState<SettingsFaults>({});
  const [saved, setSaved] = useState(false);

  function take(settings: StoredSettings) {
    setSeen(settings);
    setDraft(toDraft(settings));
    setOwn({});
    clear();
  }

  /** Answers whether it worked. */
  async function save(revision = seen.revision): Promise<boolean> {
    setSaved(false);
    const read = readDraft(draft);
    setOwn(read.ok ? {} : read.faults);
    if (!read.ok) {
      clear();
      return false;
    }
    const said = await call(() => saveSettings({ ...read.settings, revision }));
    if (!said?.ok) return false;
    take(said.settings);
    setSaved(true);
    return true;
  }

  const theirs = answer && !answer.ok && answer.code === "invalid" ? faultsOf(answer.errors) : {};
  return {
    draft,
    faults: { ...theirs, ...own },
    answer,
    busy,
    failed,
    saved,
    save,
    take,
    clear,
    change(field: SettingsField, value: string) {
      setDraft((before) => ({ ...before, [field]: value }));
      setOwn(({ [field]: _, ...others }) => others);
      setSaved(false);
      if (answer?.ok === false && answer.code === "invalid") clear();
    },
  };
}

function Part({
  id,
  title,
  text,
  children,
}: {
  id: string;
  title: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <section aria-labelledby={id} className="flex max-w-prose flex-col gap-1">
      <h2 id={id} className="font-semibold text-base">
        {title}
      </h2>
      <p className="text-ink-2">{text}</p>
      <div className="mt-1 flex flex-col divide-y divide-line">{children}</div>
    </section>
  );
}

interface MovedProps {
  draft: SettingsDraft;
  theirs: StoredSettings;
  onMine: () => void;
  onTheirs: () => void;
}

/** Two changed the settings at once: the second one sees what the first one made of them, and says which holds. */
function Moved({ draft, theirs, onMine, onTheirs }: MovedProps) {
  const t = useTranslations("organization");
  const common = useTranslations("organization.moved");
  const other = toDraft(theirs);
  const fields = (Object.keys(other) as SettingsField[]).filter(
    (field) => other[field] !== draft[field].trim(),
  );
  return (
    <ErrorNote
      title={common("title")}
      className="max-w-prose"
      action={
        <div className="flex flex-wrap gap-2">
          <Button size="sm" className="pointer-coarse:h-11" onClick={onMine}>
            {common("mine")}
          </Button>
          <Button size="sm" className="pointer-coarse:h-11" onClick={onTheirs}>
            {common("theirs")}
          </Button>
        </div>
      }
    >
      <p>{common("text")}</p>
      <ul className="mt-1 list-disc pl-5">
        {fields.map((field) => (
          <li key={field} className="figures">
            {common("value", {
              label: labelOf(t, field),
              value: other[field] === "" ? common("forGood") : other[field],
            })}
          </li>
        ))}
      </ul>
    </ErrorNote>
  );
}
