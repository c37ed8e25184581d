import type { useTranslations } from "next-intl";
import {
  type Difference,
  type DocumentDifference,
  type ExampleDetail,
  type LimitDetail,
  type PartDifference,
  policyDifference,
  type RuleDetail,
  type ValueDetail,
  type WhenDetail,
  whomOf,
} from "@/lib/discretion/difference";
import { isCurrency } from "@/lib/discretion/money";
import type { CompanyValue, Example, Limit, Policy, Rule, When } from "@/lib/discretion/schema";
import { formatAmount } from "@/lib/format/money";
import { capital, type PolicyCopy, type PolicyWords, policyWords } from "./policy-words";

/** One thing that changed, as a sentence. */
export interface Saying {
  text: string;
  /** What was written before and what is written now, where that is too long for the sentence; null for none. */
  texts?: { before: string | null; after: string | null };
}

/** What happened to one part of a policy. */
export interface PartSaying {
  key: string;
  kind: "added" | "removed" | "moved" | "changed";
  /** The part's id, where the sentences don't name it. */
  id: string | null;
  sayings: Saying[];
}

export interface DifferenceCopy extends PolicyCopy {
  difference: ReturnType<typeof useTranslations<"settings.difference">>;
}

/** What both sides of a difference are said with: amounts of each in the currency of its own document. */
interface Speaker {
  t: DifferenceCopy["difference"];
  policy: DifferenceCopy["policy"];
  before: PolicyWords;
  after: PolicyWords;
}

type ListDifference = Exclude<Difference, DocumentDifference>;

/** What one policy does otherwise than another, in sentences, part by part, in the order of the page. */
export function differenceWords(before: Policy, after: Policy, copy: DifferenceCopy): PartSaying[] {
  const speaker: Speaker = {
    t: copy.difference,
    policy: copy.policy,
    before: policyWords(copy, before.currency),
    after: policyWords(copy, after.currency),
  };
  return policyDifference(before, after).map((difference, index) =>
    difference.list === "document"
      ? ofDocument(difference, speaker)
      : ofPart(difference, { before, after }, `${index} ${difference.id}`, speaker),
  );
}

function ofDocument(difference: DocumentDifference, { t }: Speaker): PartSaying {
  const { field, before, after } = difference;
  const whole = { key: field, id: null };
  if (field !== "mission") {
    return { ...whole, kind: "changed", sayings: [{ text: t(field, { before, after }) }] };
  }
  const kind = before === null ? "added" : after === null ? "removed" : "changed";
  return { ...whole, kind, sayings: [{ text: t(`mission.${kind}`), texts: { before, after } }] };
}

function ofPart(
  difference: ListDifference,
  policies: { before: Policy; after: Policy },
  key: string,
  speaker: Speaker,
): PartSaying {
  const { t } = speaker;
  const { list, kind } = difference;
  const id = difference.id || t(`unnamed.${list}`);
  const named = (sayings: Saying[]): PartSaying => ({
    key: `${list} ${key}`,
    kind: kind === "renamed" ? "changed" : kind,
    id: saysItsId(difference) ? null : difference.id,
    // An id stays as it is written; other words begin a sentence as one does.
    sayings: difference.id ? sayings : sayings.map((saying) => ({ ...saying, text: capital(saying.text) })),
  });
  switch (kind) {
    case "added":
      return named([
        { text: t(`added.${list}`, { sentence: sentenceOf(difference, "after", policies, speaker) }) },
      ]);
    case "removed":
      return named([
        { text: t(`removed.${list}`, { sentence: sentenceOf(difference, "before", policies, speaker) }) },
      ]);
    case "renamed":
      return named([{ text: t("renamed", { from: difference.from, id }) }]);
    case "moved":
      return named([{ text: t(`moved.${list}`, { id }) }]);
    case "changed":
      return named([
        ...detailsOf(difference, id, policies, speaker),
        ...(difference.moved ? [{ text: t(`moved.${list}`, { id }) }] : []),
      ]);
    default:
      return difference satisfies never;
  }
}

/** What the sentences of a limit or a rule say without its id. */
const WITHOUT_ID: readonly string[] = ["max", "window", "whom", "effect"];

function saysItsId(difference: ListDifference): boolean {
  if (difference.id === "") return true;
  switch (difference.kind) {
    case "added":
    case "removed":
      return false;
    case "moved":
    case "renamed":
      return true;
    case "changed":
      return difference.moved || difference.details.some(({ field }) => !WITHOUT_ID.includes(field));
    default:
      return difference satisfies never;
  }
}

type Present<List extends ListDifference["list"], Part> = Extract<
  PartDifference<List, Part, never>,
  { kind: "added" | "removed" }
>;

/** The part itself, said whole: what is new, or what is gone. */
function sentenceOf(
  difference:
    | Present<"limits", Limit>
    | Present<"rules", Rule>
    | Present<"values", CompanyValue>
    | Present<"examples", Example>,
  side: "before" | "after",
  policies: { before: Policy; after: Policy },
  speaker: Speaker,
): string {
  const words = speaker[side];
  switch (difference.list) {
    case "limits":
      return words.limit(difference.kind === "added" ? difference.after : difference.before);
    case "rules":
      return words.rule(difference.kind === "added" ? difference.after : difference.before);
    case "values":
      return (difference.kind === "added" ? difference.after : difference.before).text;
    case "examples":
      return exampleWords(
        difference.kind === "added" ? difference.after : difference.before,
        policies[side].currency,
        speaker,
      );
    default:
      return difference satisfies never;
  }
}

function exampleWords({ says, when, then }: Example, currency: string, { t, policy }: Speaker): string {
  const verdict = verdictWords(then, t);
  if (says?.trim()) return t("example.sentence", { says: says.replace(/[.\s]+$/, ""), verdict });
  return t("example.unsaid", { asked: askedWords(when, currency, t, policy), verdict });
}

function verdictWords({ verdict, binding }: Example["then"], t: Speaker["t"]): string {
  const said = t(`verdict.${verdict}`);
  return binding ? t("example.by", { verdict: said, binding }) : said;
}

function detailsOf(
  difference: Extract<ListDifference, { kind: "changed" }>,
  id: string,
  policies: { before: Policy; after: Policy },
  speaker: Speaker,
): Saying[] {
  switch (difference.list) {
    case "limits":
      return limitDetails(difference, id, policies, speaker);
    case "rules":
      return difference.details.flatMap((detail) =>
        ruleDetail(detail, difference.after, id, policies, speaker),
      );
    case "values":
      return difference.details.map((detail) => valueDetail(detail, id, speaker));
    case "examples":
      return difference.details.map((detail) => exampleDetail(detail, difference, id, policies, speaker));
    default:
      return difference satisfies never;
  }
}

interface Changed<Part, PartDetail> {
  before: Part;
  after: Part;
  details: readonly PartDetail[];
}

/** The most, the window and for whom stand in one sentence, because each of them is read with the others. */
function limitDetails(
  { before, after, details }: Changed<Limit, LimitDetail>,
  id: string,
  policies: { before: Policy; after: Policy },
  speaker: Speaker,
): Saying[] {
  const { t } = speaker;
  const fields = new Set(details.map(({ field }) => field));
  const was = [
    fields.has("max") ? speaker.before.max(before) : null,
    fields.has("window") ? speaker.before.window(before.window) : null,
    fields.has("whom") ? t(`whomBefore.${before.measure}.${whomOf(before.scope)}`) : null,
  ].filter((part) => part !== null);
  const core: Saying[] =
    was.length === 0
      ? []
      : [
          {
            text: t(`max.${after.measure}`, {
              who: speaker.after.who(after.scope, after.when?.roles),
              whom: speaker.after.whom(after.scope),
              max: speaker.after.max(after),
              window: speaker.after.window(after.window),
              before: was.join(" "),
            }),
          },
        ];
  return [...core, ...details.flatMap((detail) => limitDetail(detail, id, policies, speaker))];
}

function limitDetail(
  detail: LimitDetail,
  id: string,
  policies: { before: Policy; after: Policy },
  speaker: Speaker,
): Saying[] {
  const { t } = speaker;
  switch (detail.field) {
    case "max":
    case "window":
    case "whom":
      return [];
    case "who":
      return whoDetail(detail, id, speaker);
    case "over":
      return [
        {
          text: t("over", {
            id,
            before: t(`verdict.${detail.before}`),
            after: t(`verdict.${detail.after}`),
          }),
        },
      ];
    case "when":
      return [whenDetail(detail, id, speaker)];
    default:
      return [reasonDetail(detail, id, policies, t)];
  }
}

function whoDetail(
  { before, after }: Extract<LimitDetail, { field: "who" }>,
  id: string,
  { t, before: was, after: now }: Speaker,
): Saying[] {
  const said: Saying[] = [];
  const [old, next] = [before.roles ?? [], after.roles ?? []];
  const added = next.filter((role) => !old.includes(role));
  const removed = old.filter((role) => !next.includes(role));
  // Without roles it holds for everybody, which is neither more nor fewer of them.
  if (added.length + removed.length > 0) {
    const [first, second] = [before.roles, after.roles];
    if (first && second && removed.length === 0) {
      said.push({ text: t("roles.added", { id, roles: now.roles(added, "many") }) });
    } else if (first && second && added.length === 0) {
      said.push({ text: t("roles.removed", { id, roles: now.roles(removed, "many") }) });
    } else {
      const roles = { before: was.roles(first ?? [], "many"), after: now.roles(second ?? [], "many") };
      said.push({ text: t("roles.changed", { id, ...roles }) });
    }
  }
  if (before.counted !== after.counted) {
    const counted = { before: t(`counted.${before.counted}`), after: t(`counted.${after.counted}`) };
    said.push({ text: t("counted.changed", { id, ...counted }) });
  }
  return said;
}

/** A list that only grew or shrank is said by what came or went; everything else by the whole condition. */
function whenDetail(detail: WhenDetail, id: string, { t, before: was, after: now }: Speaker): Saying {
  const { before, after, conditions } = detail;
  const [name, ...others] = conditions;
  if (name && others.length === 0) {
    const [old, next] = [before?.[name], after?.[name]];
    if (Array.isArray(old) && Array.isArray(next)) {
      const added = (next as string[]).filter((member) => !(old as string[]).includes(member));
      const removed = (old as string[]).filter((member) => !(next as string[]).includes(member));
      if (removed.length === 0) {
        return { text: t("when.added", { id, conditions: now.conditions(only(name, added)) }) };
      }
      if (added.length === 0) {
        return { text: t("when.removed", { id, conditions: was.conditions(only(name, removed)) }) };
      }
    }
  }
  const said = {
    before: was.conditions(before ?? undefined),
    after: now.conditions(after ?? undefined),
  };
  const kind = said.before === "" ? "first" : said.after === "" ? "last" : "changed";
  return { text: t(`when.${kind}`, { id, ...said }) };
}

function only(name: keyof When, members: readonly string[]): When {
  return { [name]: members } as When;
}

function ruleDetail(
  detail: RuleDetail,
  rule: Rule,
  id: string,
  policies: { before: Policy; after: Policy },
  speaker: Speaker,
): Saying[] {
  const { t } = speaker;
  switch (detail.field) {
    case "effect": {
      const conditions = speaker.after.conditions(rule.when);
      const verdicts = { before: t(`verdict.${detail.before}`), after: t(`verdict.${detail.after}`) };
      return [
        { text: conditions ? t("effect.when", { conditions, ...verdicts }) : t("effect.always", verdicts) },
      ];
    }
    case "when":
      return [whenDetail(detail, id, speaker)];
    default:
      return [reasonDetail(detail, id, policies, t)];
  }
}

function reasonDetail(
  detail: Extract<LimitDetail, { field: "why" | "say" | "value" }>,
  id: string,
  policies: { before: Policy; after: Policy },
  t: Speaker["t"],
): Saying {
  if (detail.field !== "value") {
    const { before, after } = detail;
    return { text: t(detail.field, { id }), texts: { before, after } };
  }
  const before = valueWords(detail.before, policies.before);
  const after = valueWords(detail.after, policies.after);
  const kind = detail.before === null ? "added" : detail.after === null ? "removed" : "changed";
  return { text: t(`value.${kind}`, { id, before, after }) };
}

/** A value by what it says, as far as the document still has it. */
function valueWords(id: string | null, { values }: Policy): string {
  return values.find((value) => value.id === id)?.text.replace(/\.$/, "") || (id ?? "");
}

function valueDetail({ before, after }: ValueDetail, id: string, { t }: Speaker): Saying {
  return { text: t("text", { id }), texts: { before, after } };
}

function exampleDetail(
  detail: ExampleDetail,
  { before, after }: Changed<Example, ExampleDetail>,
  id: string,
  policies: { before: Policy; after: Policy },
  { t, policy }: Speaker,
): Saying {
  switch (detail.field) {
    case "says":
      return { text: t("example.says", { id }), texts: { before: detail.before, after: detail.after } };
    case "given":
      return { text: t("example.given", { id }) };
    case "when": {
      const asked = {
        before: askedWords(before.when, policies.before.currency, t, policy),
        after: askedWords(after.when, policies.after.currency, t, policy),
      };
      return {
        text:
          asked.before === asked.after ? t("example.whenOther", { id }) : t("example.when", { id, ...asked }),
      };
    }
    case "then": {
      const verdicts = { before: verdictWords(detail.before, t), after: verdictWords(detail.after, t) };
      return { text: t("example.then", { id, ...verdicts }) };
    }
    default:
      return detail satisfies never;
  }
}

function askedWords(
  { remedy, amount, currency = "" }: Example["when"],
  policyCurrency: string,
  t: Speaker["t"],
  policy: Speaker["policy"],
): string {
  const code = currency || policyCurrency;
  const readable = isCurrency(code) && Number.isSafeInteger(amount);
  return t("example.asked", {
    remedy: policy(`remedy.${remedy}`),
    amount: readable ? formatAmount(amount, code) : policy("unreadable"),
    currency: code,
  });
}
