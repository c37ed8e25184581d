"use client";

import { useTranslations } from "next-intl";
import { useFormContext, useWatch } from "react-hook-form";
import { Checkbox } from "@/components/ui/checkbox";
import { Segmented } from "@/components/ui/choice";
import { FieldGroup } from "@/components/ui/field";
import { Popover } from "@/components/ui/popover";
import { type Counted, countedOf, type Whom, whomOf } from "@/lib/discretion/difference";
import { EFFECTS, ROLES, type Role, WINDOWS } from "@/lib/discretion/schema";
import { type PolicyWords, scopeOf } from "../policy-words";
import { PathFaults } from "./fault";
import type { PolicyDraft } from "./policy-draft";
import { PartButton, PartInput, PartSelect } from "./sentence-parts";
import { useDraftField } from "./use-draft-field";

interface SentenceProps {
  index: number;
  words: PolicyWords;
}

/** A limit as a sentence whose words can be changed. */
export function LimitSentence({ index, words }: SentenceProps) {
  const t = useTranslations("settings.policy.limit");
  const measure = useWatch<PolicyDraft, `limits.${number}.measure`>({ name: `limits.${index}.measure` });
  const paths = [`limits.${index}.max`, `limits.${index}.window.rollingDays`];
  return (
    <div className="flex flex-col gap-1">
      <div className="text-base text-ink-2 leading-10 pointer-coarse:leading-[3.25rem]">
        {t.rich(measure, {
          who: () => <WhoPart index={index} words={words} />,
          whom: () => <WhomPart index={index} words={words} />,
          max: () => <MaxPart index={index} words={words} />,
          window: () => <WindowPart index={index} words={words} />,
          over: () => <OverPart index={index} words={words} />,
        })}
      </div>
      <PathFaults paths={paths} />
    </div>
  );
}

const COUNTED = ["each", "team", "all"] as const satisfies readonly Counted[];

function WhoPart({ index, words }: SentenceProps) {
  const t = useTranslations("settings.edit.who");
  const names = useTranslations("common.role");
  const { setValue } = useFormContext<PolicyDraft>();
  const scope = useWatch<PolicyDraft, `limits.${number}.scope`>({ name: `limits.${index}.scope` });
  const roles = useWatch<PolicyDraft, `limits.${number}.when.roles`>({ name: `limits.${index}.when.roles` });
  const said = words.who(scope, roles ?? undefined);
  const counted = countedOf(scope);
  // The fourth way is offered only where a version already has it.
  const ways: readonly Counted[] = counted === "eachInTeam" ? [...COUNTED, "eachInTeam"] : COUNTED;

  function choose(role: Role, wanted: boolean) {
    const next = ROLES.filter((each) => (each === role ? wanted : (roles ?? []).includes(each)));
    setValue(`limits.${index}.when.roles`, next.length > 0 ? next : null, { shouldDirty: true });
  }

  return (
    <Popover
      title={t("label")}
      trigger={<PartButton aria-label={`${t("label")}: ${said}`}>{said}</PartButton>}
    >
      <FieldGroup label={t("roles")} hint={t("rolesHint")}>
        <div className="grid grid-cols-2 gap-x-6">
          {ROLES.map((role) => (
            <Checkbox
              key={role}
              label={names(role)}
              checked={roles?.includes(role) ?? false}
              onChange={(event) => choose(role, event.target.checked)}
            />
          ))}
        </div>
      </FieldGroup>
      <FieldGroup label={t("counted")}>
        <Segmented<Counted>
          name={`counted-${index}`}
          label={t("counted")}
          value={counted}
          options={ways.map((value) => ({ value, label: t(value) }))}
          onChange={(value) =>
            setValue(`limits.${index}.scope`, scopeOf(value, whomOf(scope), scope), { shouldDirty: true })
          }
          className="flex-col"
        />
      </FieldGroup>
    </Popover>
  );
}

const WHOM = ["customer", "order", "customerOrder", "all"] as const satisfies readonly Whom[];

function WhomPart({ index }: SentenceProps) {
  const t = useTranslations("settings");
  const { setValue } = useFormContext<PolicyDraft>();
  const scope = useWatch<PolicyDraft, `limits.${number}.scope`>({ name: `limits.${index}.scope` });
  return (
    <PartSelect
      aria-label={t("edit.whom.label")}
      value={whomOf(scope)}
      onChange={(event) => {
        const whom = WHOM.find((each) => each === event.target.value) ?? "all";
        setValue(`limits.${index}.scope`, scopeOf(countedOf(scope), whom, scope), { shouldDirty: true });
      }}
    >
      {WHOM.map((value) => (
        <option key={value} value={value}>
          {t(`policy.whom.${value}`)}
        </option>
      ))}
    </PartSelect>
  );
}

function MaxPart({ index }: SentenceProps) {
  const t = useTranslations("settings.edit");
  const currency = useWatch<PolicyDraft, "currency">({ name: "currency" });
  return (
    <>
      <PartInput
        path={`limits.${index}.max`}
        inputMode="decimal"
        aria-label={t("max")}
        {...useDraftField(`limits.${index}.max`)}
      />{" "}
      <PartSelect aria-label={t("unit")} {...useDraftField(`limits.${index}.measure`)}>
        <option value="amount">{currency}</option>
        <option value="count">{t("times")}</option>
      </PartSelect>
    </>
  );
}

function WindowPart({ index, words }: SentenceProps) {
  const t = useTranslations("settings.edit.window");
  const days = useDraftField(`limits.${index}.window.rollingDays`);
  const kind = useWatch<PolicyDraft, `limits.${number}.window.kind`>({ name: `limits.${index}.window.kind` });
  return (
    <>
      <PartSelect aria-label={t("label")} {...useDraftField(`limits.${index}.window.kind`)}>
        {WINDOWS.map((window) => (
          <option key={window} value={window}>
            {words.window(window)}
          </option>
        ))}
        <option value="rolling">{kind === "rolling" ? t("within") : t("rolling")}</option>
      </PartSelect>
      {kind === "rolling" ? (
        <>
          {" "}
          <PartInput
            path={`limits.${index}.window.rollingDays`}
            inputMode="numeric"
            aria-label={t("days")}
            {...days}
          />{" "}
          {t("daysWord")}
        </>
      ) : null}
    </>
  );
}

function OverPart({ index, words }: SentenceProps) {
  const t = useTranslations("settings.edit");
  return (
    <PartSelect aria-label={t("over")} {...useDraftField(`limits.${index}.over`)}>
      {EFFECTS.map((effect) => (
        <option key={effect} value={effect}>
          {words.effect(effect)}
        </option>
      ))}
    </PartSelect>
  );
}
