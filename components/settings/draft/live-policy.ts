import {
  companyValueSchema,
  type Example,
  exampleSchema,
  ID_MAX_LENGTH,
  type Limit,
  type Policy,
  policySchema,
  type Rule,
} from "@/lib/discretion/schema";
import type { PartList } from "./policy-draft";
import type { ReadDraft } from "./read-draft";

/** A part of the draft that can't be evaluated as it is written. `place` is where it stands in the draft. */
export interface Unreadable {
  list: PartList;
  place: number;
  id: string;
}

export interface LivePolicy {
  /** What the draft would decide, as it is written right now; null while a number or a condition can't be read. */
  policy: Policy | null;
  unreadable: Unreadable[];
  /** Null where an example is unfinished; by its place in the draft. */
  examples: ReadonlyMap<number, Example | null>;
}

/** Stands where words are still missing: they decide nothing. */
const UNWRITTEN = "…";

/**
 * The policy that a draft stands for while it is being typed. What decides nothing, such as a reason that is not written
 * yet, keeps it from nothing; the order of limits and rules is the document's.
 */
export function livePolicy({ document, places }: ReadDraft): LivePolicy {
  const { mission: _mission, examples = [], ...rest } = document;
  const parsed = policySchema.safeParse({
    ...rest,
    values: servedValues(document),
    limits: rest.limits.map((limit, index) => withWords(limit, `new-limit-${index + 1}`)),
    rules: rest.rules.map((rule, index) => withWords(rule, `new-rule-${index + 1}`)),
  });
  return {
    policy: parsed.success ? parsed.data : null,
    unreadable: parsed.success ? [] : unreadableParts(parsed.error.issues, document, places),
    examples: new Map(
      examples.map((example, index) => [places.examples[index] ?? index, readableExample(example, index)]),
    ),
  };
}

function withWords<Check extends Limit | Rule>(check: Check, name: string): Check {
  const { value, ...rest } = check;
  return {
    ...rest,
    id: check.id.slice(0, ID_MAX_LENGTH) || name,
    why: check.why.trim() === "" ? UNWRITTEN : check.why.slice(0, 1000),
    say: check.say.trim() === "" ? UNWRITTEN : check.say.slice(0, 1000),
    ...(isValueId(value) ? { value } : {}),
  } as Check;
}

/** The values that are named, each once, whatever they say. */
function servedValues({ limits, rules }: Policy): Policy["values"] {
  const named = [...limits, ...rules].flatMap(({ value }) => (isValueId(value) ? [value] : []));
  return [...new Set(named)].map((id) => ({ id, text: UNWRITTEN }));
}

function isValueId(value: string | undefined): value is string {
  return companyValueSchema.shape.id.safeParse(value).success;
}

function readableExample(example: Example, index: number): Example | null {
  const { says: _says, ...rest } = example;
  const parsed = exampleSchema.safeParse({ ...rest, id: example.id || `new-example-${index + 1}` });
  return parsed.success ? parsed.data : null;
}

function unreadableParts(
  issues: readonly { path: PropertyKey[] }[],
  document: Policy,
  places: ReadDraft["places"],
): Unreadable[] {
  const found = new Map<string, Unreadable>();
  for (const { path } of issues) {
    const [list, index] = path;
    if ((list !== "limits" && list !== "rules") || typeof index !== "number") continue;
    const place = places[list][index] ?? index;
    found.set(`${list}.${index}`, { list, place, id: document[list][index]?.id ?? "" });
  }
  return [...found.values()];
}
