"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { Field, Input } from "@/components/ui/field";
import { Picker } from "@/components/ui/picker";
import { Select } from "@/components/ui/select";
import { Suggest } from "@/components/ui/suggest";
import { keyOfName } from "@/lib/causes/naming";
import { ANSWERS } from "@/lib/decisions/schema";
import { STATUSES } from "@/lib/decisions/types";
import { exponentOf } from "@/lib/discretion/money";
import { VERDICTS } from "@/lib/discretion/schema";
import { amountForInput, exampleAmount, parseAmount } from "@/lib/format/money";
import type { Choice, FloorPage } from "@/lib/insights/types";
import { type FilterFacts, filterWords } from "./filter-words";
import { findCustomers, findEmployees } from "./find-people";
import type { FilterChange } from "./use-filters";

interface FilterPanelProps extends FilterFacts {
  id: string;
  teams: FloorPage["teams"];
  causes: FloorPage["causes"];
  checks: FloorPage["checks"];
  set: (change: FilterChange) => void;
}

/** Everything that the list can be narrowed by. A choice holds at once, what is typed once it is finished. */
export function FilterPanel(props: FilterPanelProps) {
  const { id, given, names, teams, causes, checks, currency, set } = props;
  const t = useTranslations("floor.filters");
  const common = useTranslations("common");
  const people = usePickerWords();
  const chosen = (name: "employee" | "customer") =>
    given[name] ? { value: given[name], label: names[name] ?? t("unknown") } : null;
  return (
    <search id={id} aria-label={t("label")} className="arrive border-line border-y py-4">
      <div className="grid gap-4 sm:grid-cols-2 md:grid-cols-3 xl:grid-cols-5">
        <Field label={t("field.employee")}>
          <Picker
            value={chosen("employee")}
            onChange={(pick) => set({ employee: pick?.value ?? null })}
            find={findEmployees}
            words={people}
          />
        </Field>
        <Field label={t("field.customer")}>
          <Picker
            value={chosen("customer")}
            onChange={(pick) => set({ customer: pick?.value ?? null })}
            find={findCustomers}
            words={people}
          />
        </Field>
        <Field label={t("field.team")}>
          <Select value={given.team ?? ""} onChange={(event) => set({ team: event.target.value || null })}>
            <option value="">{t("any.team")}</option>
            {teams.map((team) => (
              <option key={team.value} value={team.value}>
                {team.label}
              </option>
            ))}
          </Select>
        </Field>
        <WordField name="verdict" words={VERDICTS} say={(each) => common(`verdict.${each}`)} {...props} />
        <WordField name="status" words={STATUSES} say={(each) => common(`status.${each}`)} {...props} />
        <WordField name="answer" words={ANSWERS} say={(each) => t(`answer.${each}`)} {...props} />
        <WordField name="remedy" words={REMEDY_ORDER} say={(each) => common(`remedy.${each}`)} {...props} />
        <SuggestField name="check" choices={checks} maxLength={200} given={given} set={set} />
        <SuggestField name="cause" choices={causes} maxLength={80} given={given} set={set} />
        <DayField name="from" given={given} set={set} />
        <DayField name="to" given={given} set={set} />
        <AmountField given={given} currency={currency} set={set} />
      </div>
    </search>
  );
}

type PartProps = Pick<FilterPanelProps, "given" | "set">;

/** Takes what was typed when Enter is pressed or the field is left. */
function Finishing({ onFinish, children }: { onFinish: () => void; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to what its field lets through.
    <div
      className="contents"
      onBlur={onFinish}
      onKeyDown={(event) => {
        if (event.key === "Enter") onFinish();
      }}
    >
      {children}
    </div>
  );
}

/** What is being typed; begins anew with what the address says when that changes. */
function useWritten(written: string) {
  const [state, setState] = useState({ written, text: written });
  if (state.written !== written) setState({ written, text: written });
  return [state.text, (text: string) => setState({ written, text })] as const;
}

/** One of a few words. Several at once, which a figure may lead to, stand there as one more choice. */
function WordField<Word extends string>({
  name,
  words,
  say,
  given,
  set,
  ...facts
}: PartProps &
  FilterFacts & {
    name: "verdict" | "status" | "answer" | "remedy";
    words: readonly Word[];
    say: (word: Word) => string;
  }) {
  const t = useTranslations("floor.filters");
  const all = useTranslations();
  const written = given[name] ?? "";
  const several = written.includes(",")
    ? filterWords({ ...facts, given: { [name]: written } }, all)[0]?.text
    : undefined;
  return (
    <Field label={t(`field.${name}`)}>
      <Select value={written} onChange={(event) => set({ [name]: event.target.value || null })}>
        <option value="">{t(`any.${name}`)}</option>
        {several ? <option value={written}>{several}</option> : null}
        {words.map((each) => (
          <option key={each} value={each}>
            {say(each)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What is known by a name and stands in the address by what it is on record as; anything else stands for itself. */
function SuggestField({
  name,
  choices,
  maxLength,
  given,
  set,
}: PartProps & { name: "cause" | "check"; choices: readonly Choice[]; maxLength: number }) {
  const t = useTranslations("floor.filters");
  const nameOf = (value: string) => choices.find((choice) => choice.value === value)?.label ?? value;
  const [text, setText] = useWritten(nameOf(given[name] ?? ""));
  const finish = (typed: string) => {
    const said = typed.trim();
    const value = valueMeant(said, choices);
    if (value !== (given[name] ?? "")) set({ [name]: value || null });
  };
  return (
    <Finishing onFinish={() => finish(text)}>
      <Field label={t(`field.${name}`)}>
        <Suggest
          value={text}
          items={[...new Set(choices.map(({ label }) => label))]}
          maxLength={maxLength}
          onChange={(value) => {
            setText(value);
            // Taken from the list, it is finished.
            if (choices.some(({ label }) => label === value)) finish(value);
          }}
        />
      </Field>
    </Finishing>
  );
}

/** The choice that somebody means who types this: by its name, by its value, or however its name is written. */
function valueMeant(said: string, choices: readonly Choice[]): string {
  const found =
    choices.find(({ label }) => label === said) ??
    choices.find(({ value }) => value === said) ??
    choices.find(({ label }) => keyOfName(label) === keyOfName(said));
  return found?.value ?? said;
}

function DayField({ name, given, set }: PartProps & { name: "from" | "to" }) {
  const t = useTranslations("floor.filters");
  const [day, setDay] = useWritten((given[name] ?? "").slice(0, 10));
  return (
    <Finishing
      onFinish={() => {
        if (day !== (given[name] ?? "").slice(0, 10)) set({ [name]: day || null, days: null });
      }}
    >
      <Field label={t(`field.${name}`)}>
        <Input type="date" value={day} max="9999-12-31" onChange={(event) => setDay(event.target.value)} />
      </Field>
    </Finishing>
  );
}

function AmountField({ given, currency, set }: PartProps & Pick<FilterPanelProps, "currency">) {
  const t = useTranslations("floor.filters");
  const before = given.minAmount ? amountForInput(Number(given.minAmount), currency) : "";
  const [text, setText] = useWritten(before);
  const [fault, setFault] = useState<string | null>(null);

  function finish() {
    setFault(null);
    if (text.trim() === before) return;
    if (text.trim() === "") return set({ minAmount: null });
    const amount = parseAmount(text, currency);
    if (amount.ok) return set({ minAmount: String(amount.minor) });
    setFault(
      t(`amount.${amount.reason}`, {
        example: exampleAmount(currency),
        currency,
        digits: exponentOf(currency),
      }),
    );
  }

  return (
    <Finishing onFinish={finish}>
      <Field label={t("field.minAmount")} aside={currency} error={fault}>
        <Input
          value={text}
          inputMode="decimal"
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
          className="figures"
        />
      </Field>
    </Finishing>
  );
}

function usePickerWords() {
  const t = useTranslations("floor.filters.picker");
  return {
    searching: t("searching"),
    none: t("none"),
    failed: t("failed"),
    typeFirst: t("typeFirst"),
    clear: t("clear"),
  };
}
