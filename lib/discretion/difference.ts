import type {
  CompanyValue,
  Effect,
  Example,
  Limit,
  Measure,
  Policy,
  Role,
  Rule,
  Scope,
  When,
  Window,
} from "./schema";

/** Who is counted together for a limit, by the members of its scope that are about employees. */
export type Counted = "each" | "eachInTeam" | "team" | "all";
/** For whom a limit is, by the members of its scope that are about customers. */
export type Whom = "customer" | "order" | "customerOrder" | "all";

export function countedOf(scope: readonly Scope[]): Counted {
  if (scope.includes("employee")) return scope.includes("team") ? "eachInTeam" : "each";
  return scope.includes("team") ? "team" : "all";
}

export function whomOf(scope: readonly Scope[]): Whom {
  if (scope.includes("order")) return scope.includes("customer") ? "customerOrder" : "order";
  return scope.includes("customer") ? "customer" : "all";
}

/** One field of a part, before and after. `null` is "none". */
export interface Detail<Field extends string, Content> {
  field: Field;
  before: Content;
  after: Content;
}

/** A maximum means money or a number of times, so the measure comes with it. Money: minor units of that document's currency. */
export interface Maximum {
  measure: Measure;
  max: number;
}

/** An absent list of roles: any role. */
export interface Who {
  counted: Counted;
  roles: readonly Role[] | null;
}

/** The conditions of a limit or rule, and which of them are not the same. `null`: none. */
export interface WhenDetail extends Detail<"when", When | null> {
  conditions: readonly (keyof When)[];
}

type ReasonDetail = Detail<"why" | "say", string> | Detail<"value", string | null>;

export type LimitDetail =
  | Detail<"max", Maximum>
  | Detail<"who", Who>
  | Detail<"whom", Whom>
  | Detail<"window", Window>
  | Detail<"over", Effect>
  /** The roles are said by "who". */
  | WhenDetail
  | ReasonDetail;

export type RuleDetail = Detail<"effect", Effect> | WhenDetail | ReasonDetail;

export type ValueDetail = Detail<"text", string>;

export type ExampleDetail =
  | Detail<"says", string | null>
  | Detail<"given", Example["given"]>
  | Detail<"when", Example["when"]>
  | Detail<"then", Example["then"]>;

/** What happened to one part of a list. */
export type PartDifference<List extends string, Part, PartDetail> =
  | { list: List; id: string; kind: "added"; after: Part }
  | { list: List; id: string; kind: "removed"; before: Part }
  /** The same in all but its id; and it may stand elsewhere. */
  | { list: List; id: string; kind: "renamed"; from: string; before: Part; after: Part }
  /** It stands elsewhere among those that stayed, and is the same. */
  | { list: List; id: string; kind: "moved"; before: Part; after: Part }
  /** `details` is never empty. `moved`: it stands elsewhere, too. */
  | {
      list: List;
      id: string;
      kind: "changed";
      before: Part;
      after: Part;
      details: readonly PartDetail[];
      moved: boolean;
    };

/** What is not in a list. */
export type DocumentDifference =
  | ({ list: "document" } & Detail<"mission", string | null>)
  | ({ list: "document" } & Detail<"currency" | "timeZone", string>);

export type LimitDifference = PartDifference<"limits", Limit, LimitDetail>;
export type RuleDifference = PartDifference<"rules", Rule, RuleDetail>;
export type ValueDifference = PartDifference<"values", CompanyValue, ValueDetail>;
export type ExampleDifference = PartDifference<"examples", Example, ExampleDetail>;

export type Difference =
  | DocumentDifference
  | LimitDifference
  | RuleDifference
  | ValueDifference
  | ExampleDifference;

/**
 * What one policy does otherwise than another, part by part: the document's own fields, limits, rules, values,
 * examples, each list in its order after the change and then what was removed from it. Empty where they are the same:
 * lists of conditions and scopes are sets, and a field that is left out is the same as none.
 *
 * Numbers that could not be read (`NaN`, as in a draft) differ from all but themselves. Never throws.
 */
export function policyDifference(before: Policy, after: Policy): Difference[] {
  return [
    ...documentDetails(before, after).map((detail) => ({ list: "document" as const, ...detail })),
    ...listDifferences("limits", before.limits, after.limits, limitDetails),
    ...listDifferences("rules", before.rules, after.rules, ruleDetails),
    ...listDifferences("values", before.values, after.values, valueDetails),
    ...listDifferences("examples", before.examples ?? [], after.examples ?? [], exampleDetails),
  ];
}

function documentDetails(before: Policy, after: Policy) {
  return [
    ...detail("mission", before.mission ?? null, after.mission ?? null),
    ...detail("currency", before.currency, after.currency),
    ...detail("timeZone", before.timeZone, after.timeZone),
  ];
}

function limitDetails(before: Limit, after: Limit): LimitDetail[] {
  return [
    ...detail("max", maximumOf(before), maximumOf(after)),
    ...detail("who", whoOf(before), whoOf(after)),
    ...detail("whom", whomOf(before.scope), whomOf(after.scope)),
    ...detail("window", before.window, after.window),
    ...detail("over", before.over, after.over),
    ...whenDetails(withoutRoles(before.when), withoutRoles(after.when)),
    ...reasonDetails(before, after),
  ];
}

function ruleDetails(before: Rule, after: Rule): RuleDetail[] {
  return [
    ...detail("effect", before.effect, after.effect),
    ...whenDetails(before.when, after.when),
    ...reasonDetails(before, after),
  ];
}

function valueDetails(before: CompanyValue, after: CompanyValue): ValueDetail[] {
  return detail("text", before.text, after.text);
}

function exampleDetails(before: Example, after: Example): ExampleDetail[] {
  return [
    ...detail("says", before.says ?? null, after.says ?? null),
    ...detail("given", before.given, after.given),
    ...detail("when", before.when, after.when),
    ...detail("then", before.then, after.then),
  ];
}

function reasonDetails(before: Limit | Rule, after: Limit | Rule): ReasonDetail[] {
  return [
    ...detail("why", before.why, after.why),
    ...detail("say", before.say, after.say),
    ...detail("value", before.value ?? null, after.value ?? null),
  ];
}

function whenDetails(before: When | undefined, after: When | undefined): WhenDetail[] {
  const names = new Set([...conditionsOf(before), ...conditionsOf(after)]);
  const conditions = [...names].filter((name) => !sameCondition(before?.[name], after?.[name]));
  if (conditions.length === 0) return [];
  return [{ field: "when", before: before ?? null, after: after ?? null, conditions }];
}

function conditionsOf(when: When | undefined): (keyof When)[] {
  return (Object.keys(when ?? {}) as (keyof When)[]).filter((name) => when?.[name] !== undefined);
}

function sameCondition(before: When[keyof When], after: When[keyof When]): boolean {
  return isEqual(asSet(before), asSet(after));
}

function withoutRoles(when: When | undefined): When | undefined {
  if (when === undefined) return undefined;
  const { roles: _roles, ...others } = when;
  return conditionsOf(others).length === 0 ? undefined : others;
}

function maximumOf({ measure, max }: Limit): Maximum {
  return { measure, max };
}

function whoOf({ scope, when }: Limit): Who {
  return { counted: countedOf(scope), roles: asSet(when?.roles) ?? null };
}

/** A list in one order, whatever order it was written in; everything else as it is. */
function asSet<Content>(content: Content): Content {
  return Array.isArray(content) ? ([...new Set(content)].sort() as Content) : content;
}

function detail<Field extends string, Content>(
  field: Field,
  before: Content,
  after: Content,
): Detail<Field, Content>[] {
  return isEqual(before, after) ? [] : [{ field, before, after }];
}

function listDifferences<List extends string, Part extends { id: string }, PartDetail>(
  list: List,
  before: readonly Part[],
  after: readonly Part[],
  detailsOf: (before: Part, after: Part) => PartDetail[],
): PartDifference<List, Part, PartDetail>[] {
  const old = new Map(before.map((part) => [part.id, part]));
  const now = new Set(after.map((part) => part.id));
  const moved = movedIds(before, after);
  const gone = before.filter((part) => !now.has(part.id));
  const renamed = renamedFrom(
    gone,
    after.filter((part) => !old.has(part.id)),
    (a, b) => detailsOf(a, b).length === 0,
  );

  const differences = after.flatMap((part): PartDifference<List, Part, PartDetail>[] => {
    const { id } = part;
    const known = old.get(id);
    const was = renamed.get(part);
    if (was !== undefined) return [{ list, id, kind: "renamed", from: was.id, before: was, after: part }];
    if (known === undefined) return [{ list, id, kind: "added", after: part }];
    const details = detailsOf(known, part);
    const isMoved = moved.has(id);
    if (details.length > 0) {
      return [{ list, id, kind: "changed", before: known, after: part, details, moved: isMoved }];
    }
    return isMoved ? [{ list, id, kind: "moved", before: known, after: part }] : [];
  });
  const renamedParts = new Set(renamed.values());
  const removed = gone.filter((part) => !renamedParts.has(part));
  return [
    ...differences,
    ...removed.map((part) => ({ list, id: part.id, kind: "removed" as const, before: part })),
  ];
}

/** By each new part the one that is gone and was the same in all but its id. */
function renamedFrom<Part>(
  gone: readonly Part[],
  added: readonly Part[],
  isSame: (before: Part, after: Part) => boolean,
): Map<Part, Part> {
  const left = [...gone];
  const renamed = new Map<Part, Part>();
  for (const part of added) {
    const index = left.findIndex((old) => isSame(old, part));
    const [old] = index < 0 ? [] : left.splice(index, 1);
    if (old !== undefined) renamed.set(part, old);
  }
  return renamed;
}

/**
 * The ids of those that changed their place among the ones that stay. The fewest that explain the new order: all but
 * the longest run that is still in the old one.
 */
export function movedIds(
  before: readonly { id: string }[],
  after: readonly { id: string }[],
): ReadonlySet<string> {
  const places = new Map(before.map((part, index) => [part.id, index]));
  const staying = after.flatMap(({ id }) => {
    const place = places.get(id);
    return place === undefined ? [] : [{ id, place }];
  });
  const kept = new Set(longestRise(staying.map(({ place }) => place)));
  return new Set(staying.filter((_, index) => !kept.has(index)).map(({ id }) => id));
}

/** The indexes of a longest subsequence that rises; of several the one found first. */
function longestRise(values: readonly number[]): number[] {
  const lengths: number[] = [];
  const previous: number[] = [];
  let last = -1;
  for (const [index, value] of values.entries()) {
    let best = -1;
    for (let before = 0; before < index; before += 1) {
      const rises = (values[before] ?? 0) < value;
      if (rises && (lengths[before] ?? 0) > (lengths[best] ?? 0)) best = before;
    }
    lengths.push((lengths[best] ?? 0) + 1);
    previous.push(best);
    if ((lengths[index] ?? 0) > (lengths[last] ?? 0)) last = index;
  }
  const run: number[] = [];
  for (let index = last; index >= 0; index = previous[index] ?? -1) run.unshift(index);
  return run;
}

/**
 * Whether two documents, or parts of them, say the same: fields in any order, and one that is `undefined` is not
 * there. Lists are the same in the same order only.
 */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((member, index) => isEqual(member, b[index]));
  }
  const [one, other] = [definedFields(a), definedFields(b)];
  return (
    one.length === other.length &&
    one.every(([name, content]) => Object.hasOwn(b, name) && isEqual(content, (b as Fields)[name]))
  );
}

type Fields = Record<string, unknown>;

function definedFields(record: object): [string, unknown][] {
  return Object.entries(record).filter(([, content]) => content !== undefined);
}
