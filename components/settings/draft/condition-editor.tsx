"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef } from "react";
import { useFormContext, useFormState, useWatch } from "react-hook-form";
import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Menu, MenuItem } from "@/components/ui/menu";
import { ROLES } from "@/lib/discretion/schema";
import type { KnownNames } from "@/lib/policies/types";
import { CHANNELS, type PolicyWords } from "../policy-words";
import { Fault, faultId, PathFaults, useFault } from "./fault";
import { NamesField } from "./names-field";
import { type ConditionName, NO_CONDITION, type PolicyDraft, type WhenDraft } from "./policy-draft";
import { PartInput, PartSelect } from "./sentence-parts";
import { useDraftField } from "./use-draft-field";

/** What each condition begins with when it is added. */
const BEGINNINGS: { [Name in ConditionName]: NonNullable<WhenDraft[Name]> } = {
  roles: ["agent"],
  teams: [],
  tiers: [],
  remedies: ["refund"],
  causes: [],
  channels: [],
  amount: { over: "", under: "" },
  orderAgeDays: { over: "90", under: "" },
  tenureDays: { over: "", under: "90" },
  hasOrder: true,
  hasOpenDispute: true,
};
const NAMES = Object.keys(NO_CONDITION) as ConditionName[];

type List = "limits" | "rules";
type WhenPath = `${List}.${number}.when`;

interface ConditionsProps {
  list: List;
  index: number;
  words: PolicyWords;
  known: KnownNames;
}

/** When a limit counts, or a rule fires: conditions that can be added, changed and taken away. */
export function Conditions({ list, index, words, known }: ConditionsProps) {
  const t = useTranslations("settings.edit.conditions");
  const { setValue } = useFormContext<PolicyDraft>();
  const { isSubmitted } = useFormState<PolicyDraft>();
  const path: WhenPath = `${list}.${index}.when`;
  const when = useWatch<PolicyDraft, WhenPath>({ name: path });
  const adder = useRef<HTMLButtonElement>(null);
  // A limit says its roles in its sentence.
  const offered = NAMES.filter((name) => list === "rules" || name !== "roles");
  const held = offered.filter((name) => when[name] !== null);
  const free = offered.filter((name) => when[name] === null);

  function change<Name extends ConditionName>(name: Name, value: WhenDraft[Name]) {
    setValue(path, { ...when, [name]: value }, { shouldDirty: true, shouldValidate: isSubmitted });
  }

  return (
    <div className="flex flex-col gap-2">
      {held.length > 0 ? (
        <ul className="flex flex-col gap-3">
          {held.map((name) => (
            <li key={name} className="flex items-start gap-2">
              <ConditionControl
                name={name}
                path={path}
                when={when}
                change={change}
                words={words}
                known={known}
              />
              <Button
                variant="quiet"
                size="icon"
                aria-label={t("remove", { condition: t(`name.${name}`) })}
                onClick={() => {
                  change(name, null);
                  adder.current?.focus();
                }}
              >
                <X aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {free.length > 0 ? (
        <Menu
          align="start"
          trigger={
            <Button ref={adder} variant="quiet" size="sm" className="-ml-2 w-fit px-2 pointer-coarse:h-11">
              <Plus aria-hidden />
              {t("add")}
            </Button>
          }
        >
          {free.map((name) => (
            <MenuItem key={name} onClick={() => change(name, structuredClone(BEGINNINGS[name]))}>
              {t(`name.${name}`)}
            </MenuItem>
          ))}
        </Menu>
      ) : null}
    </div>
  );
}

interface ControlProps {
  name: ConditionName;
  path: WhenPath;
  when: WhenDraft;
  change: <Name extends ConditionName>(name: Name, value: WhenDraft[Name]) => void;
  words: PolicyWords;
  known: KnownNames;
}

function ConditionControl(props: ControlProps) {
  const { name, path, when, change, words, known } = props;
  const t = useTranslations("settings.edit.conditions");
  const remedy = useTranslations("common.remedy");
  const role = useTranslations("common.role");
  const names = (list: "teams" | "tiers" | "causes" | "channels", offered: readonly string[]) => (
    <Names {...props} list={list} known={offered} />
  );
  switch (name) {
    case "roles":
      return (
        <Ticks
          name={name}
          path={path}
          options={ROLES.map((value) => ({ value, label: role(value) }))}
          chosen={when.roles ?? []}
          onChange={(chosen) => change("roles", chosen)}
        />
      );
    case "remedies":
      return (
        <Ticks
          name={name}
          path={path}
          options={REMEDY_ORDER.map((value) => ({ value, label: remedy(value) }))}
          chosen={when.remedies ?? []}
          onChange={(chosen) => change("remedies", chosen)}
        />
      );
    case "teams":
      return names("teams", known.teams);
    case "tiers":
      return names("tiers", known.tiers);
    case "causes":
      return names("causes", known.causes);
    case "channels":
      return names("channels", CHANNELS);
    case "amount":
    case "orderAgeDays":
    case "tenureDays":
      return <Range path={path} name={name} />;
    case "hasOrder":
    case "hasOpenDispute":
      return (
        <Line label={t(`name.${name}`)}>
          <PartSelect
            aria-label={t(`name.${name}`)}
            value={String(when[name])}
            onChange={(event) => change(name, event.target.value === "true")}
          >
            <option value="true">{t(`yes.${name}`)}</option>
            <option value="false">{t(`no.${name}`)}</option>
          </PartSelect>
        </Line>
      );
    default:
      throw new Error(`${words.channel(name satisfies never)} is no condition.`);
  }
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex grow flex-wrap items-baseline gap-x-3 gap-y-1">
      <span className="text-ink-2">{label}</span>
      {children}
    </div>
  );
}

interface TicksProps<Value extends string> extends Pick<ControlProps, "path"> {
  name: "roles" | "remedies";
  options: readonly { value: Value; label: string }[];
  chosen: readonly Value[];
  onChange: (chosen: Value[]) => void;
}

/** Any of a few, ticked. */
function Ticks<Value extends string>({ name, path, options, chosen, onChange }: TicksProps<Value>) {
  const t = useTranslations("settings.edit.conditions");
  const at = `${path}.${name}`;
  const fault = useFault(at);
  return (
    <fieldset
      className="flex min-w-0 grow flex-wrap items-center gap-x-4"
      aria-describedby={fault ? faultId(at) : undefined}
    >
      <legend className="float-left mr-3 text-ink-2">{t(`name.${name}`)}</legend>
      {options.map(({ value, label }, index) => (
        <Checkbox
          key={value}
          label={label}
          // The first stands for all, so that the fault is found once.
          aria-invalid={fault && index === 0 ? true : undefined}
          checked={chosen.includes(value)}
          onChange={(event) =>
            onChange(event.target.checked ? [...chosen, value] : chosen.filter((each) => each !== value))
          }
        />
      ))}
      <Fault id={faultId(at)}>{fault}</Fault>
    </fieldset>
  );
}

interface NamesProps extends Pick<ControlProps, "path" | "when" | "change" | "words"> {
  list: "teams" | "tiers" | "causes" | "channels";
  known: readonly string[];
}

function Names({ path, when, change, words, list, known }: NamesProps) {
  const t = useTranslations("settings.edit.conditions");
  return (
    <div className="grow">
      <NamesField
        label={t(`name.${list}`)}
        names={when[list] ?? []}
        known={known}
        error={useFault(`${path}.${list}`)}
        onChange={(names) => change(list, names)}
        {...(list === "channels" ? { say: words.channel } : {})}
      />
    </div>
  );
}

function Range({ path, name }: { path: WhenPath; name: "amount" | "orderAgeDays" | "tenureDays" }) {
  const t = useTranslations("settings.edit.conditions");
  const fields = {
    over: useDraftField(`${path}.${name}.over`),
    under: useDraftField(`${path}.${name}.under`),
  };
  const currency = useWatch<PolicyDraft, "currency">({ name: "currency" });
  const at = `${path}.${name}` as const;
  const whole = useFault(at);
  return (
    <div className="flex grow flex-col gap-1">
      <Line label={t(`name.${name}`)}>
        {(["over", "under"] as const).map((bound) => (
          <span key={bound} className="flex items-baseline gap-2">
            <span className="text-ink-2">{t(bound)}</span>
            <PartInput
              path={whole ? at : `${at}.${bound}`}
              inputMode={name === "amount" ? "decimal" : "numeric"}
              aria-label={`${t(`name.${name}`)}, ${t(bound)}`}
              {...fields[bound]}
            />
          </span>
        ))}
        {name === "amount" ? <span className="text-ink-3 text-xs">{currency}</span> : null}
      </Line>
      <Fault id={faultId(at)}>{whole}</Fault>
      <PathFaults paths={[`${at}.over`, `${at}.under`]} />
    </div>
  );
}
