"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef } from "react";
import { useFormContext, useFormState, useWatch } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { Field, Textarea } from "@/components/ui/field";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Suggest } from "@/components/ui/suggest";
import { exampleNoon, noonWithOffset } from "@/lib/discretion/examples";
import { localDay } from "@/lib/discretion/windows";
import type { KnownNames } from "@/lib/policies/types";
import { CHANNELS, type PolicyWords } from "../policy-words";
import type { ExampleDraft } from "./example-draft";
import { PathFaults, useFault } from "./fault";
import { NameSelect } from "./name-select";
import type { PolicyDraft } from "./policy-draft";
import { PART_LOOK, PartInput, PartSelect } from "./sentence-parts";
import { useDraftChoice, useDraftField } from "./use-draft-field";

/** What an example may tell besides who asks for what. */
const FACTS = ["order", "hasOpenDispute", "tenureDays", "at", "cause", "channel", "note"] as const;
type Fact = (typeof FACTS)[number];

interface FactsProps {
  index: number;
  words: PolicyWords;
  known: KnownNames;
  timeZone: string;
}

/** Where in an example a fact stands, what says that nothing is told of it, and what it begins with. */
const PLACES = {
  order: { at: "given.order", none: null, begin: { paid: "", refunded: "", ageDays: "" } },
  hasOpenDispute: { at: "given.hasOpenDispute", none: "none", begin: "open" },
  tenureDays: { at: "given.employee.tenureDays", none: null, begin: "" },
  at: { at: "given.at", none: null, begin: "" },
  cause: { at: "when.cause", none: null, begin: "" },
  channel: { at: "when.channel", none: null, begin: "phone" },
  note: { at: "when.note", none: null, begin: "" },
} as const;

function isTold(example: ExampleDraft, fact: Fact): boolean {
  const { given, when } = example;
  switch (fact) {
    case "order":
      return given.order !== null;
    case "hasOpenDispute":
      return given.hasOpenDispute !== "none";
    case "tenureDays":
      return given.employee.tenureDays !== null;
    case "at":
      return given.at !== null;
    case "cause":
    case "channel":
    case "note":
      return when[fact] !== null;
    default:
      return fact satisfies never;
  }
}

/** Circumstances that can be added, changed and taken away. */
export function Circumstances(props: FactsProps) {
  const { index } = props;
  const t = useTranslations("settings.example.write");
  const { setValue } = useFormContext<PolicyDraft>();
  const { isSubmitted } = useFormState<PolicyDraft>();
  const path = `examples.${index}` as const;
  const example = useWatch<PolicyDraft, `examples.${number}`>({ name: path });
  const adder = useRef<HTMLButtonElement>(null);

  function set(fact: Fact, told: boolean) {
    const { at, none, begin } = PLACES[fact];
    const value = told ? (fact === "at" ? firstDay(props.timeZone) : structuredClone(begin)) : none;
    setValue(`${path}.${at}` as "note", value as string, { shouldDirty: true, shouldValidate: isSubmitted });
  }

  const told = FACTS.filter((fact) => isTold(example, fact));
  const free = FACTS.filter((fact) => !isTold(example, fact));
  return (
    <>
      {told.length > 0 ? (
        <ul className="flex w-full flex-col gap-2">
          {told.map((fact) => (
            <li key={fact} className="flex items-start gap-2">
              <FactControl fact={fact} {...props} />
              <Button
                variant="quiet"
                size="icon"
                aria-label={t("removeFact", { fact: t(`fact.${fact}`) })}
                onClick={() => {
                  set(fact, false);
                  adder.current?.focus();
                }}
                className="mt-1"
              >
                <X aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      <Menu
        align="start"
        trigger={
          <Button
            ref={adder}
            variant="quiet"
            size="sm"
            disabled={free.length === 0}
            className="-ml-2 w-fit px-2 pointer-coarse:h-11"
          >
            <Plus aria-hidden />
            {t("add")}
          </Button>
        }
      >
        {free.map((fact) => (
          <MenuItem key={fact} onClick={() => set(fact, true)}>
            {t(`fact.${fact}`)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

/** The day that examples without one are about, so that naming it changes nothing at first. */
function firstDay(timeZone: string): string {
  return noonWithOffset(localDay(exampleNoon(timeZone), timeZone), timeZone);
}

function FactControl({ fact, index, words, known, timeZone }: FactsProps & { fact: Fact }) {
  const t = useTranslations("settings.example.write.fact");
  const path = `examples.${index}` as const;
  switch (fact) {
    case "order":
      return <OrderFact path={path} />;
    case "hasOpenDispute":
      return <DisputeFact path={path} />;
    case "tenureDays":
      return <TenureFact path={path} />;
    case "at":
      return <DayFact path={path} timeZone={timeZone} />;
    case "cause":
      return <CauseFact path={path} causes={known.causes} />;
    case "channel":
      return <ChannelFact path={path} words={words} />;
    case "note":
      return <NoteFact path={path} label={t("note")} />;
    default:
      return fact satisfies never;
  }
}

type ExamplePath = `examples.${number}`;

function Line({ label, children, paths }: { label: string; children: ReactNode; paths: readonly string[] }) {
  return (
    <div className="flex min-w-0 grow flex-col gap-1">
      <div>
        <span className="mr-3 text-ink-2 text-sm">{label}</span>
        {children}
      </div>
      <PathFaults paths={paths} />
    </div>
  );
}

function OrderFact({ path }: { path: ExamplePath }) {
  const t = useTranslations("settings.example.write");
  const at = `${path}.given.order` as const;
  const fields = {
    paid: useDraftField(`${at}.paid`),
    refunded: useDraftField(`${at}.refunded`),
    age: useDraftField(`${at}.ageDays`),
  };
  const input = (name: "paid" | "refunded" | "age", place: string, mode: "decimal" | "numeric") => () => (
    <PartInput path={`${at}.${place}`} inputMode={mode} aria-label={t(name)} {...fields[name]} />
  );
  return (
    <Line label={t("fact.order")} paths={[`${at}.paid`, `${at}.refunded`, `${at}.ageDays`]}>
      {t.rich("orderWords", {
        paid: input("paid", "paid", "decimal"),
        refunded: input("refunded", "refunded", "decimal"),
        age: input("age", "ageDays", "numeric"),
      })}
    </Line>
  );
}

function DisputeFact({ path }: { path: ExamplePath }) {
  const t = useTranslations("settings.example.write");
  return (
    <Line label={t("fact.hasOpenDispute")} paths={[]}>
      <PartSelect aria-label={t("fact.hasOpenDispute")} {...useDraftField(`${path}.given.hasOpenDispute`)}>
        <option value="open">{t("dispute.open")}</option>
        <option value="unknown">{t("dispute.unknown")}</option>
      </PartSelect>
    </Line>
  );
}

function TenureFact({ path }: { path: ExamplePath }) {
  const t = useTranslations("settings.example.write");
  const at = `${path}.given.employee.tenureDays` as const;
  return (
    <Line label={t("fact.tenureDays")} paths={[at]}>
      <PartInput path={at} inputMode="numeric" aria-label={t("fact.tenureDays")} {...useDraftField(at)} />
    </Line>
  );
}

/** A day counts as its noon where the policy's days begin. */
function DayFact({ path, timeZone }: { path: ExamplePath; timeZone: string }) {
  const t = useTranslations("settings.example.write");
  const { setValue } = useFormContext<PolicyDraft>();
  const { isSubmitted } = useFormState<PolicyDraft>();
  const at = `${path}.given.at` as const;
  const instant = useWatch<PolicyDraft, typeof at>({ name: at });
  const fault = useFault(at);
  return (
    <Line label={t("fact.at")} paths={[at]}>
      <input
        type="date"
        min="1970-01-02"
        max="9998-12-31"
        aria-label={t("fact.at")}
        aria-invalid={fault ? true : undefined}
        value={instant?.slice(0, 10) ?? ""}
        onChange={(event) =>
          setValue(at, event.target.value === "" ? "" : noonWithOffset(event.target.value, timeZone), {
            shouldDirty: true,
            shouldValidate: isSubmitted,
          })
        }
        className={PART_LOOK}
      />
    </Line>
  );
}

function CauseFact({ path, causes }: { path: ExamplePath; causes: readonly string[] }) {
  const t = useTranslations("settings.example.write");
  const { setValue } = useFormContext<PolicyDraft>();
  const { isSubmitted } = useFormState<PolicyDraft>();
  const at = `${path}.when.cause` as const;
  const cause = useWatch<PolicyDraft, typeof at>({ name: at });
  return (
    <div className="min-w-0 grow">
      <Field label={t("fact.cause")} error={useFault(at)} className="w-64 max-w-full">
        <Suggest
          value={cause ?? ""}
          onChange={(text) => setValue(at, text, { shouldDirty: true, shouldValidate: isSubmitted })}
          items={causes}
          maxLength={200}
        />
      </Field>
    </div>
  );
}

function ChannelFact({ path, words }: { path: ExamplePath; words: PolicyWords }) {
  const t = useTranslations("settings.example.write");
  const at = `${path}.when.channel` as const;
  const choice = useDraftChoice(at);
  return (
    <Line label={t("fact.channel")} paths={[at]}>
      <NameSelect
        path={at}
        aria-label={t("fact.channel")}
        names={CHANNELS.map((name) => ({ value: name, label: words.channel(name) }))}
        {...choice}
      />
    </Line>
  );
}

function NoteFact({ path, label }: { path: ExamplePath; label: string }) {
  const at = `${path}.when.note` as const;
  return (
    <Field label={label} error={useFault(at)} className="max-w-prose grow">
      <Textarea {...useDraftField(at)} rows={1} />
    </Field>
  );
}
