import type { CompanyValue, Limit, Policy, Range, When } from "@/lib/discretion/schema";
import { readExample } from "./example-draft";
import {
  type LimitDraft,
  type PartDraft,
  type PartList,
  type PolicyDraft,
  RANGES,
  type RangeDraft,
  type RuleDraft,
  type WhenDraft,
} from "./policy-draft";
import { type DraftFault, readAmount, readCount } from "./read-numbers";

/** The place in the draft of each part of the document, because what was taken out is skipped. */
export type Places = Record<PartList, number[]>;

export interface ReadDraft {
  /** A policy, as far as it could be read; what could not is NaN, and the schema refuses it. */
  document: Policy;
  faults: DraftFault[];
  places: Places;
}

/** The document that a draft stands for, with what only the draft knows to be wrong. Every fault at once. */
export function readDraft(draft: PolicyDraft): ReadDraft {
  const { currency, timeZone, mission } = draft;
  const faults: DraftFault[] = [];
  const places: Places = { values: [], limits: [], rules: [], examples: [] };
  const kept = <Part extends PartDraft, Read>(
    list: PartList,
    parts: readonly Part[],
    read: (part: Part, path: string) => Read,
  ): Read[] =>
    parts.flatMap((part, index) => {
      if (part.removed) return [];
      places[list].push(index);
      return [read(part, `${list}.${index}`)];
    });
  const examples = kept("examples", draft.examples, (example, path) =>
    readExample(example, currency, path, faults),
  );
  const document: Policy = {
    ...(mission.trim() === "" ? {} : { mission }),
    currency,
    timeZone,
    values: kept("values", draft.values, ({ id, text }): CompanyValue => ({ id, text })),
    limits: kept("limits", draft.limits, (limit, path) => readLimit(limit, currency, path, faults)),
    rules: kept("rules", draft.rules, (rule, path) => ({
      ...readCheck(rule, currency, path, faults),
      effect: rule.effect,
    })),
    ...(examples.length === 0 ? {} : { examples }),
  };
  faults.push(...repeatedIds(draft), ...lostValues(draft));
  return { document, faults, places };
}

function readLimit(limit: LimitDraft, currency: string, path: string, faults: DraftFault[]): Limit {
  const { measure } = limit;
  const { kind, rollingDays } = limit.window;
  const max =
    measure === "amount"
      ? readAmount(limit.max, currency, `${path}.max`, faults)
      : readCount(limit.max, `${path}.max`, faults);
  return {
    ...readCheck(limit, currency, path, faults),
    scope: [...limit.scope],
    window:
      kind === "rolling"
        ? { rollingDays: readCount(rollingDays, `${path}.window.rollingDays`, faults) }
        : kind,
    measure,
    max,
    over: limit.over,
  };
}

function readCheck(check: LimitDraft | RuleDraft, currency: string, path: string, faults: DraftFault[]) {
  const when = readWhen(check.when, currency, `${path}.when`, faults);
  return {
    id: check.id,
    ...(when ? { when } : {}),
    why: check.why,
    say: check.say,
    ...(check.value === "" ? {} : { value: check.value }),
  };
}

function readWhen(draft: WhenDraft, currency: string, path: string, faults: DraftFault[]): When | undefined {
  const when: Record<string, unknown> = {};
  for (const [name, wanted] of Object.entries(draft)) {
    if (wanted === null) continue;
    const range = RANGES.find((each) => each === name);
    if (range) when[name] = readRange(range, wanted as RangeDraft, currency, `${path}.${name}`, faults);
    else when[name] = Array.isArray(wanted) ? [...wanted] : wanted;
  }
  return Object.keys(when).length > 0 ? (when as When) : undefined;
}

function readRange(
  name: (typeof RANGES)[number],
  draft: RangeDraft,
  currency: string,
  path: string,
  faults: DraftFault[],
): Range {
  const range: Range = {};
  for (const bound of ["over", "under"] as const) {
    const text = draft[bound];
    if (text.trim() === "") continue;
    const at = `${path}.${bound}`;
    range[bound] = name === "amount" ? readAmount(text, currency, at, faults) : readCount(text, at, faults);
  }
  return range;
}

/** Two of one name, among those that stay. Said at the later one, in the order of the page. */
function repeatedIds(draft: PolicyDraft): DraftFault[] {
  const placed = (list: PartList) => draft[list].map((part, index) => [`${list}.${index}`, part] as const);
  return [
    ...repeatedAmong([...placed("limits"), ...placed("rules")]),
    ...repeatedAmong(placed("values")),
    ...repeatedAmong(placed("examples")),
  ];
}

function repeatedAmong(parts: readonly (readonly [string, PartDraft])[]): DraftFault[] {
  const seen = new Set<string>();
  return parts.flatMap(([path, { id, removed }]): DraftFault[] => {
    if (removed || id === "") return [];
    if (seen.has(id)) return [{ path: `${path}.id`, reason: "id_taken" }];
    seen.add(id);
    return [];
  });
}

/** A value that was taken out while something still serves it. */
function lostValues(draft: PolicyDraft): DraftFault[] {
  const values = new Set(draft.values.filter((value) => !value.removed).map((value) => value.id));
  return (["limits", "rules"] as const).flatMap((list) =>
    draft[list].flatMap((part, index): DraftFault[] =>
      part.removed || part.value === "" || values.has(part.value)
        ? []
        : [{ path: `${list}.${index}.value`, reason: "value_gone" }],
    ),
  );
}
