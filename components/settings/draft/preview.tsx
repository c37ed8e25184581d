"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useDeferredValue, useMemo, useState } from "react";
import { useFormContext } from "react-hook-form";
import { REMEDY_ORDER } from "@/components/decision/remedy-icon";
import { Checked, VerdictHead } from "@/components/desk/verdict-panel";
import { Button } from "@/components/ui/button";
import type { DecisionView } from "@/lib/decisions/types";
import { type CompanyValue, type Policy, ROLES } from "@/lib/discretion/schema";
import { amountForInput, exampleAmount } from "@/lib/format/money";
import type { DraftPage } from "@/lib/policies/types";
import { capital } from "../policy-words";
import { useLiveDraft } from "./draft-context";
import { NameSelect } from "./name-select";
import type { PolicyDraft } from "./policy-draft";
import { namesWith } from "./policy-names";
import {
  exampleOfQuestion,
  FIRST_QUESTION,
  type PreviewDraft,
  previewVerdict,
  readQuestion,
} from "./preview-verdict";
import { PartInput, PartSelect } from "./sentence-parts";

export interface PreviewState {
  draft: PreviewDraft;
  change: (change: Partial<PreviewDraft>) => void;
}

export function usePreview(currency: string): PreviewState {
  const [draft, setDraft] = useState<PreviewDraft>({
    ...FIRST_QUESTION,
    amount: exampleAmount(currency),
    paid: exampleAmount(currency),
  });
  return { draft, change: (change) => setDraft((before) => ({ ...before, ...change })) };
}

/** What both policies say to the question; null where a number of it can't be read, or there is no policy to ask. */
export function usePreviewAnswers(draft: PreviewDraft, current: Policy | null) {
  const { policy } = useLiveDraft();
  const asked = useDeferredValue(draft);
  return useMemo(() => {
    const currency = policy?.currency ?? current?.currency;
    const read = currency === undefined ? null : readQuestion(asked, currency);
    const answer = (from: Policy | null) =>
      from && read?.ok && from.currency === currency ? previewVerdict(from, read.question) : null;
    return {
      draft: answer(policy),
      current: answer(current),
      unreadable: read && !read.ok ? read.unreadable : [],
    };
  }, [asked, policy, current]);
}

interface PreviewProps extends PreviewState {
  page: DraftPage;
}

/** A question to the draft as it is typed, and to the version in force, answered as the desk answers. */
export function Preview({ draft, change, page }: PreviewProps) {
  const t = useTranslations("settings.preview");
  const current = page.current?.document ?? null;
  const answers = usePreviewAnswers(draft, current);
  const { read } = useLiveDraft();
  const { currency } = page;
  return (
    <section aria-labelledby="preview" className="flex flex-col gap-3">
      <header className="flex flex-col gap-1">
        <h2 id="preview" className="scroll-mt-20 font-semibold text-base">
          {t("title")}
        </h2>
        <p className="text-ink-2">{t("text")}</p>
      </header>
      <QuestionLine draft={draft} change={change} page={page} unreadable={answers.unreadable} />
      <p role="status" className="font-medium">
        {answers.unreadable.length > 0
          ? t("unreadable", { example: exampleAmount(currency) })
          : compareWords(answers, t)}
      </p>
      <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
        <Answer
          title={t("draft")}
          decision={answers.draft}
          values={read.document.values}
          currency={currency}
          change={change}
        >
          {answers.draft ? <KeepExample draft={draft} decision={answers.draft} /> : null}
        </Answer>
        <Answer
          title={page.current ? t("current", { version: page.current.version }) : t("noCurrent")}
          decision={answers.current}
          values={current?.values ?? []}
          currency={currency}
          change={change}
        />
      </div>
    </section>
  );
}

type PreviewWords = ReturnType<typeof useTranslations<"settings.preview">>;

/** "Now: handed over. With this draft: allowed." Empty where nothing was answered. */
export function compareWords(
  answers: { draft: DecisionView | null; current: DecisionView | null },
  t: PreviewWords,
): string {
  const { draft, current } = answers;
  if (!draft) return "";
  const verdict = t(`verdict.${draft.verdict}`);
  if (!current) return t("only", { draft: verdict });
  if (current.verdict === draft.verdict) return t("same", { verdict });
  return t("differs", { current: t(`verdict.${current.verdict}`), draft: verdict });
}

interface QuestionLineProps extends PreviewProps {
  unreadable: readonly (keyof PreviewDraft)[];
}

function QuestionLine({ draft, change, page, unreadable }: QuestionLineProps) {
  const t = useTranslations("settings");
  const { document } = useLiveDraft().read;
  const names = useMemo(() => namesWith(page.known, document), [page.known, document]);
  const nameOf = (key: string) => page.teams.find((each) => each.key === key)?.name ?? key;
  const input = (name: "amount" | "given" | "paid" | "ageDays", label: string) => (
    <PartInput
      inputMode={name === "ageDays" ? "numeric" : "decimal"}
      aria-label={label}
      value={draft[name]}
      placeholder={name === "given" ? "0" : undefined}
      onChange={(event) => change({ [name]: event.target.value })}
      invalid={unreadable.includes(name)}
    />
  );
  return (
    <div className="text-base text-ink-2 leading-10 pointer-coarse:leading-[3.25rem]">
      {t.rich("preview.question", {
        role: () => (
          <PartSelect
            aria-label={t("preview.role")}
            value={draft.role}
            onChange={(event) =>
              change({ role: ROLES.find((role) => role === event.target.value) ?? "agent" })
            }
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {capital(t(`policy.who.one.${role}`))}
              </option>
            ))}
          </PartSelect>
        ),
        team: () => (
          <NameSelect
            aria-label={t("preview.team")}
            none={t("example.write.noTeam")}
            names={names.teams.map((key) => ({ value: key, label: nameOf(key) }))}
            value={draft.team}
            onChange={(event) => change({ team: event.target.value })}
          />
        ),
        tier: () => (
          <NameSelect
            aria-label={t("preview.tier")}
            none={t("example.write.noTier")}
            names={names.tiers.map((name) => ({ value: name, label: name }))}
            value={draft.tier}
            onChange={(event) => change({ tier: event.target.value })}
          />
        ),
        given: () => (
          <Nobreak>
            {input("given", t("preview.given"))} {page.currency}
          </Nobreak>
        ),
        remedy: () => (
          <PartSelect
            aria-label={t("preview.remedy")}
            value={draft.remedy}
            onChange={(event) =>
              change({ remedy: REMEDY_ORDER.find((each) => each === event.target.value) ?? "credit" })
            }
          >
            {REMEDY_ORDER.map((remedy) => (
              <option key={remedy} value={remedy}>
                {t(`policy.remedy.${remedy}`)}
              </option>
            ))}
          </PartSelect>
        ),
        amount: () => (
          <Nobreak>
            {input("amount", t("preview.amount"))} {page.currency}
          </Nobreak>
        ),
        order: () => (
          <>
            <PartSelect
              aria-label={t("preview.order")}
              value={String(draft.hasOrder)}
              onChange={(event) => change({ hasOrder: event.target.value === "true" })}
            >
              <option value="false">{t("preview.noOrder")}</option>
              <option value="true">{t("preview.withOrder")}</option>
            </PartSelect>{" "}
            {draft.hasOrder
              ? t.rich("preview.orderWords", {
                  paid: () => input("paid", t("preview.paid")),
                  age: () => input("ageDays", t("preview.age")),
                })
              : null}
          </>
        ),
      })}
    </div>
  );
}

function Nobreak({ children }: { children: ReactNode }) {
  return <span className="whitespace-nowrap">{children}</span>;
}

interface AnswerProps {
  title: string;
  decision: DecisionView | null;
  /** What its checks serve. */
  values: readonly CompanyValue[];
  currency: string;
  change: PreviewState["change"];
  children?: ReactNode;
}

/** What the desk shows of a verdict, of one that was worked out here. */
function Answer({ title, decision, values, currency, change, children }: AnswerProps) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-3">
      <h3 className="font-medium text-ink-2 text-sm">{title}</h3>
      {decision ? (
        <div className="flex flex-col gap-3 border-line border-t pt-4">
          <VerdictHead
            decision={decision}
            currency={currency}
            values={values}
            onUse={(amount) => change({ amount: amountForInput(amount, currency) })}
          />
          {children}
          <Checked decision={decision} currency={currency} values={values} />
        </div>
      ) : null}
    </section>
  );
}

function KeepExample({ draft, decision }: { draft: PreviewDraft; decision: DecisionView }) {
  const t = useTranslations("settings.preview");
  const { getValues, setValue } = useFormContext<PolicyDraft>();
  const [kept, setKept] = useState<PreviewDraft | null>(null);
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button
        size="sm"
        onClick={() => {
          setValue("examples", [...getValues("examples"), exampleOfQuestion(draft, decision)], {
            shouldDirty: true,
          });
          setKept(draft);
        }}
        className="pointer-coarse:h-11"
      >
        <Plus aria-hidden />
        {t("keep")}
      </Button>
      <p role="status" className="text-ink-2">
        {kept === draft ? t("kept") : null}
      </p>
    </div>
  );
}
