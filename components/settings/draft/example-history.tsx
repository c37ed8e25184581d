"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ComponentProps, useRef, useState } from "react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Suggest } from "@/components/ui/suggest";
import { EXAMPLE_HISTORY_MAX } from "@/lib/discretion/schema";
import type { KnownNames } from "@/lib/policies/types";
import { CHANNELS, type PolicyWords } from "../policy-words";
import { AmountParts } from "./amount-parts";
import { newHistory } from "./example-draft";
import { PathFaults, useFault } from "./fault";
import { NameSelect } from "./name-select";
import type { PolicyDraft } from "./policy-draft";
import { PartInput, PartSelect } from "./sentence-parts";
import { useDraftChoice, useDraftField } from "./use-draft-field";

type HistoryPath = `examples.${number}.given.history`;
type RowPath = `${HistoryPath}.${number}`;

interface HistoryProps {
  index: number;
  words: PolicyWords;
  known: KnownNames;
}

/** What was given before what the example is about. */
export function ExampleHistoryRows({ index, words, known }: HistoryProps) {
  const t = useTranslations("settings.example.write");
  const path: HistoryPath = `examples.${index}.given.history`;
  const { getValues } = useFormContext<PolicyDraft>();
  const { fields, append, remove } = useFieldArray<PolicyDraft, HistoryPath, "key">({
    name: path,
    keyName: "key",
  });
  const adder = useRef<HTMLButtonElement>(null);
  return (
    <>
      {fields.length > 0 ? (
        <ol aria-label={t("history")} className="flex w-full flex-col gap-3 border-line border-l-2 pl-3">
          {fields.map((field, row) => (
            <li key={field.key} className="flex items-start gap-2">
              <HistoryRow path={`${path}.${row}`} number={row + 1} words={words} causes={known.causes} />
              <Button
                variant="quiet"
                size="icon"
                aria-label={t("removePast", { number: row + 1 })}
                onClick={() => {
                  remove(row);
                  adder.current?.focus();
                }}
                className="mt-1"
              >
                <X aria-hidden />
              </Button>
            </li>
          ))}
        </ol>
      ) : null}
      <Button
        ref={adder}
        variant="quiet"
        size="sm"
        disabled={fields.length >= EXAMPLE_HISTORY_MAX}
        onClick={() =>
          append(newHistory(getValues(`examples.${index}.when`)), {
            focusName: `${path}.${fields.length}.amount`,
          })
        }
        className="-ml-2 w-fit px-2 pointer-coarse:h-11"
      >
        <Plus aria-hidden />
        {t("addHistory")}
      </Button>
    </>
  );
}

interface RowProps {
  path: RowPath;
  number: number;
  words: PolicyWords;
  causes: readonly string[];
}

function HistoryRow({ path, number, words, causes }: RowProps) {
  const t = useTranslations("settings");
  const fields = {
    remedy: useDraftField(`${path}.remedy`),
    days: useDraftField(`${path}.daysAgo`),
    by: useDraftField(`${path}.by`),
    whom: useDraftField(`${path}.for`),
  };
  const labels = {
    amount: t("example.write.pastAmount", { number }),
    currency: t("example.write.pastCurrency", { number }),
    rate: t("example.write.pastRate", { number }),
  };
  const people = (name: "by" | "for", label: "pastBy" | "pastFor", field: ComponentProps<"select">) => (
    <PartSelect aria-label={t(`example.write.${label}`, { number })} {...field}>
      <option value="same">{t(`example.write.${name}.same`)}</option>
      <option value="other">{t(`example.write.${name}.other`)}</option>
    </PartSelect>
  );
  return (
    <div className="flex min-w-0 grow flex-col gap-1">
      <div>
        {t.rich("example.write.historyRow", {
          remedy: () => (
            <PartSelect aria-label={t("example.write.pastRemedy", { number })} {...fields.remedy}>
              {REMEDY_ORDER.map((each) => (
                <option key={each} value={each}>
                  {t(`policy.remedy.${each}`)}
                </option>
              ))}
            </PartSelect>
          ),
          amount: () => <AmountParts path={path} labels={labels} />,
          days: () => (
            <PartInput
              path={`${path}.daysAgo`}
              inputMode="numeric"
              placeholder="0"
              aria-label={t("example.write.pastDays", { number })}
              {...fields.days}
            />
          ),
          by: () => people("by", "pastBy", fields.by),
          whom: () => people("for", "pastFor", fields.whom),
        })}
      </div>
      <PathFaults paths={["amount", "currency", "rate", "daysAgo"].map((name) => `${path}.${name}`)} />
      <RowFlags path={path} />
      <RowCase path={path} words={words} causes={causes} />
    </div>
  );
}

function RowFlags({ path }: { path: RowPath }) {
  const t = useTranslations("settings.example.write");
  const { register } = useFormContext<PolicyDraft>();
  return (
    <div className="flex flex-wrap gap-x-5 leading-5">
      <Checkbox label={t("sameOrder")} {...register(`${path}.sameOrder`)} />
      <Checkbox label={t("sameCase")} {...register(`${path}.sameCase`)} />
    </div>
  );
}

/** Where limits count by cause or channel, what was given before needs one, too. */
function RowCase({ path, words, causes }: Omit<RowProps, "number">) {
  const t = useTranslations("settings.example.write");
  const { setValue } = useFormContext<PolicyDraft>();
  const cause = useWatch<PolicyDraft, `${RowPath}.cause`>({ name: `${path}.cause` });
  const channel = useDraftChoice(`${path}.channel`);
  const faults = [useFault(`${path}.cause`), useFault(`${path}.channel`)];
  // Open from the start where there is something: later it stays as it was left.
  const [told] = useState(cause !== "" || channel.value !== "");
  return (
    <details className="text-sm leading-5" open={told || faults.some(Boolean)}>
      <summary className="w-fit rounded-inner text-ink-3 text-xs hover:text-ink pointer-coarse:py-3.5">
        {t("more")}
      </summary>
      <div className="flex flex-wrap items-end gap-4 py-2">
        <Field label={t("fact.cause")} error={faults[0]} className="w-56">
          <Suggest
            value={cause}
            onChange={(text) => setValue(`${path}.cause`, text, { shouldDirty: true })}
            items={causes}
            maxLength={200}
          />
        </Field>
        <NameSelect
          path={`${path}.channel`}
          aria-label={t("fact.channel")}
          none={t("noChannel")}
          names={CHANNELS.map((name) => ({ value: name, label: words.channel(name) }))}
          {...channel}
        />
      </div>
    </details>
  );
}
