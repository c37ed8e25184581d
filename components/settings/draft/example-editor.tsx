"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { useWatch } from "react-hook-form";
import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { Field, Textarea } from "@/components/ui/field";
import { EXCHANGE_RATE, ORDER_REFUNDABLE, ROLES, VERDICTS } from "@/lib/discretion/schema";
import type { DraftPage } from "@/lib/policies/types";
import type { PolicyWords } from "../policy-words";
import { AmountParts } from "./amount-parts";
import { useLiveDraft } from "./draft-context";
import { NO_CHECK } from "./example-draft";
import { Circumstances } from "./example-facts";
import { ExampleHistoryRows } from "./example-history";
import { PathFaults, useFault } from "./fault";
import { NameSelect } from "./name-select";
import { IdField } from "./part-frame";
import type { PolicyDraft } from "./policy-draft";
import { namesWith } from "./policy-names";
import { PartSelect } from "./sentence-parts";
import { useDraftChoice, useDraftField } from "./use-draft-field";

export interface ExampleEditorProps {
  index: number;
  words: PolicyWords;
  page: Pick<DraftPage, "known" | "teams">;
}

/** An example as a sentence whose words can be changed. */
export function ExampleEditor({ index, words, page }: ExampleEditorProps) {
  const t = useTranslations("settings");
  const path = `examples.${index}` as const;
  const timeZone = useWatch<PolicyDraft, "timeZone">({ name: "timeZone" });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-col gap-2 text-base text-ink-2 leading-10 pointer-coarse:leading-[3.25rem]">
        <GivenLine index={index} page={page} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <ExampleHistoryRows index={index} words={words} known={page.known} />
          <Circumstances index={index} words={words} known={page.known} timeZone={timeZone} />
        </div>
        <WhenLine index={index} />
        <ThenLine index={index} />
      </div>
      <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_20rem]">
        <Field
          label={t("example.write.says")}
          hint={t("example.write.saysHint")}
          error={useFault(`${path}.says`)}
        >
          <Textarea {...useDraftField(`${path}.says`)} rows={1} />
        </Field>
        <IdField path={path} hint={t("edit.exampleIdHint")} />
      </div>
    </div>
  );
}

function GivenLine({ index, page }: Pick<ExampleEditorProps, "index" | "page">) {
  const t = useTranslations("settings");
  const path = `examples.${index}.given` as const;
  const { document } = useLiveDraft().read;
  const names = useMemo(() => namesWith(page.known, document), [page.known, document]);
  const role = useDraftField(`${path}.employee.role`);
  const fields = {
    team: useDraftChoice(`${path}.employee.team`),
    tier: useDraftChoice(`${path}.customer.tier`),
  };
  const nameOf = (key: string) => page.teams.find((each) => each.key === key)?.name ?? key;
  return (
    <p>
      {t.rich("example.write.given", {
        role: () => (
          <PartSelect aria-label={t("example.write.role")} {...role}>
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {t(`policy.who.one.${each}`)}
              </option>
            ))}
          </PartSelect>
        ),
        team: () => (
          <NameSelect
            aria-label={t("example.write.team")}
            none={t("example.write.noTeam")}
            names={names.teams.map((key) => ({ value: key, label: nameOf(key) }))}
            {...fields.team}
          />
        ),
        tier: () => (
          <NameSelect
            aria-label={t("example.write.tier")}
            none={t("example.write.noTier")}
            names={names.tiers.map((name) => ({ value: name, label: name }))}
            {...fields.tier}
          />
        ),
      })}
    </p>
  );
}

function WhenLine({ index }: { index: number }) {
  const t = useTranslations("settings");
  const path = `examples.${index}.when` as const;
  const remedy = useDraftField(`${path}.remedy`);
  return (
    <div className="flex flex-col gap-1">
      <div>
        {t.rich("example.write.when", {
          remedy: () => (
            <PartSelect aria-label={t("example.write.remedy")} {...remedy}>
              {REMEDY_ORDER.map((each) => (
                <option key={each} value={each}>
                  {t(`policy.remedy.${each}`)}
                </option>
              ))}
            </PartSelect>
          ),
          amount: () => (
            <AmountParts
              path={path}
              labels={{
                amount: t("example.write.amount"),
                currency: t("example.write.currency"),
                rate: t("example.write.rate"),
              }}
            />
          ),
        })}
      </div>
      <PathFaults paths={[`${path}.amount`, `${path}.currency`, `${path}.rate`]} />
    </div>
  );
}

function ThenLine({ index }: { index: number }) {
  const t = useTranslations("settings.example");
  const path = `examples.${index}.then` as const;
  const verdict = useDraftField(`${path}.verdict`);
  return (
    <div className="flex flex-col gap-1">
      <p>
        {t.rich("write.then", {
          verdict: () => (
            <PartSelect aria-label={t("write.verdict")} {...verdict}>
              {VERDICTS.map((each) => (
                <option key={each} value={each}>
                  {t(`verdict.${each}`)}
                </option>
              ))}
            </PartSelect>
          ),
          binding: () => <BindingSelect index={index} />,
        })}
      </p>
      <PathFaults paths={[`${path}.binding`]} />
    </div>
  );
}

function BindingSelect({ index }: { index: number }) {
  const t = useTranslations("settings.example.write");
  const builtIn = useTranslations("common.explanation.builtIn");
  const path = `examples.${index}.then.binding` as const;
  const choice = useDraftChoice(path);
  const { limits, rules } = useLiveDraft().read.document;
  const checks = [...new Set([...limits, ...rules].map(({ id }) => id))].filter((id) => id !== "");
  const names = [
    { value: NO_CHECK, label: t("noCheck") },
    ...checks.map((id) => ({ value: id, label: id })),
    { value: ORDER_REFUNDABLE, label: builtIn(ORDER_REFUNDABLE) },
    { value: EXCHANGE_RATE, label: builtIn(EXCHANGE_RATE) },
  ];
  return <NameSelect path={path} aria-label={t("binding")} none={t("anyCheck")} names={names} {...choice} />;
}
