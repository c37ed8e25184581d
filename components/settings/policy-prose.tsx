import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Limit, Policy, Rule } from "@/lib/discretion/schema";
import { type PolicyWords, usePolicyWords } from "./policy-words";

/** A policy to be read: what it is for, and each limit and each rule as a sentence, with its reasons. */
export function PolicyProse({ policy }: { policy: Policy }) {
  const t = useTranslations("settings.policy");
  const words = usePolicyWords(policy.currency);
  return (
    <div className="flex min-w-0 flex-col gap-10">
      {policy.mission ? (
        <section aria-labelledby="mission" className="flex flex-col gap-1">
          <h2 id="mission" className="font-semibold text-base">
            {t("mission.title")}
          </h2>
          <p className="wrap-anywhere max-w-prose whitespace-pre-line text-base">{policy.mission}</p>
        </section>
      ) : null}
      <ProseSection list="limits" empty={policy.limits.length === 0}>
        {policy.limits.map((limit) => (
          <Reasoned key={limit.id} check={limit} policy={policy}>
            <LimitSentence limit={limit} words={words} />
          </Reasoned>
        ))}
      </ProseSection>
      <ProseSection list="rules" empty={policy.rules.length === 0}>
        {policy.rules.map((rule) => (
          <Reasoned key={rule.id} check={rule} policy={policy}>
            <RuleSentence rule={rule} words={words} />
          </Reasoned>
        ))}
      </ProseSection>
      <ProseSection list="values" empty={policy.values.length === 0}>
        {policy.values.map((value) => (
          <li key={value.id} className="flex flex-col gap-1 py-3">
            <p className="wrap-anywhere max-w-prose text-base">{value.text}</p>
            <p className="font-mono text-ink-3 text-xs">{value.id}</p>
          </li>
        ))}
      </ProseSection>
      <p className="text-ink-3 text-xs">
        {t("frame", { currency: policy.currency, timeZone: policy.timeZone })}
      </p>
    </div>
  );
}

interface ProseSectionProps {
  list: "limits" | "rules" | "values";
  empty: boolean;
  children: ReactNode;
}

function ProseSection({ list, empty, children }: ProseSectionProps) {
  const t = useTranslations("settings.policy");
  return (
    <section aria-labelledby={list} className="flex flex-col gap-1">
      <h2 id={list} className="font-semibold text-base">
        {t(`${list}.title`)}
      </h2>
      <p className="text-ink-2">{empty ? t(`${list}.none`) : t(`${list}.text`)}</p>
      {empty ? null : (
        <ol className="mt-2 flex flex-col divide-y divide-line border-line border-t">{children}</ol>
      )}
    </section>
  );
}

function LimitSentence({ limit, words }: { limit: Limit; words: PolicyWords }) {
  const t = useTranslations("settings.policy.limit");
  const only = words.conditions(limit.when, ["roles"]);
  const part = (text: string) => () => <b className="figures font-medium text-ink">{text}</b>;
  return (
    <>
      {t.rich(limit.measure, {
        who: part(words.who(limit.scope, limit.when?.roles)),
        whom: part(words.whom(limit.scope)),
        max: part(words.max(limit)),
        window: part(words.window(limit.window)),
        over: part(words.effect(limit.over)),
      })}{" "}
      {only ? t("only", { conditions: only }) : null}
    </>
  );
}

function RuleSentence({ rule, words }: { rule: Rule; words: PolicyWords }) {
  const t = useTranslations("settings.policy.rule");
  const conditions = words.conditions(rule.when);
  const effect = () => <b className="font-medium text-ink">{words.effect(rule.effect)}</b>;
  return conditions ? t.rich("when", { conditions, effect }) : t.rich("always", { effect });
}

/** A sentence, and behind it why, what to say, and the value that it serves. */
function Reasoned({ check, policy, children }: { check: Limit | Rule; policy: Policy; children: ReactNode }) {
  const t = useTranslations("settings.policy");
  const value = policy.values.find((each) => each.id === check.value);
  const lines = [
    [t("why"), check.why],
    [t("say"), check.say],
    [t("value"), value?.text ?? check.value],
  ] as const;
  return (
    <li className="flex flex-col gap-1.5 py-4">
      <p className="wrap-anywhere max-w-prose text-base text-ink-2">{children}</p>
      <dl className="grid max-w-prose grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        {lines.map(([label, text]) =>
          text ? (
            <div key={label} className="col-span-2 grid grid-cols-subgrid">
              <dt className="text-ink-3">{label}</dt>
              <dd className="wrap-anywhere">{text}</dd>
            </div>
          ) : null,
        )}
      </dl>
      <p className="font-mono text-ink-3 text-xs">{check.id}</p>
    </li>
  );
}
