import { isEqual, movedIds } from "./difference";

/**
 * A policy document that may be unfinished: its lists may be missing or something else, and their parts may lack
 * anything, an id too. Whatever JSON can say, of which the outermost is an object.
 */
export type DraftDocument = Readonly<Record<string, unknown>>;

export const MERGED_LISTS = ["values", "limits", "rules", "examples"] as const;
export type MergedList = (typeof MERGED_LISTS)[number];

/** What was taken from `theirs`, because `mine` had left it alone. */
export interface MergePart {
  list: MergedList | "document";
  /** The part's id (empty where it has none), or the document's field: `mission`, `currency`, `timeZone`. */
  id: string;
  kind: "added" | "removed" | "changed" | "moved";
  /** The fields of the part that they changed; empty unless `kind` is `changed`. */
  fields: readonly string[];
}

/** What both changed, each in another way. `null`: not there, or removed. */
export interface Conflict {
  /** Names it among the conflicts of one merge; `resolve` takes choices by it. */
  key: string;
  list: MergedList | "document";
  /** As in `MergePart`. For an order, empty. */
  id: string;
  /**
   * `fields`: both changed `fields` of it, each otherwise; the others are merged. `whole`: one removed what the other
   * changed, or both added something else under one id. `order`: both put the list in another order; `base`, `mine`
   * and `theirs` are lists of ids.
   */
  kind: "fields" | "whole" | "order";
  fields: readonly string[];
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

export type Side = "mine" | "theirs";

export interface Merge {
  /** Everything that only one of them changed, and what both changed alike. Where they are in conflict: mine. */
  merged: DraftDocument;
  /** What was taken from theirs. */
  theirs: readonly MergePart[];
  conflicts: readonly Conflict[];
  /** What was merged, for `resolve`. */
  sources: { base: DraftDocument; mine: DraftDocument; theirs: DraftDocument };
}

/**
 * Merges two documents that come from the same one, part by part and within a part field by field. Never throws, and
 * loses no part silently: what is not in `merged` was removed by one and left alone by the other, or is in conflict.
 *
 * Fields that mean nothing without one another are taken together: a limit's `max` is money or a number by its
 * `measure`. For the same reason a change of the currency is a conflict when the other one has changed anything that may
 * hold amounts. Conditions are one field, and so are an example's `given`, `when` and `then`.
 */
export function mergePolicies(base: DraftDocument, mine: DraftDocument, theirs: DraftDocument): Merge {
  return mergeBy({ base, mine, theirs }, () => "mine");
}

/**
 * The document that a merge comes to once it is settled whose version holds, by the conflicts' keys. What nobody chose
 * stays mine.
 */
export function resolve(
  { sources }: Pick<Merge, "sources">,
  choices: Readonly<Record<string, Side>>,
): DraftDocument {
  return mergeBy(sources, (key) => (Object.hasOwn(choices, key) ? choices[key] : undefined) ?? "mine").merged;
}

type Choose = (key: string) => Side;
type Fields = Readonly<Record<string, unknown>>;

/** The three versions of one thing; `undefined` where it is not there. */
interface Versions<Content> {
  base: Content;
  mine: Content;
  theirs: Content;
}

/** Collects what a merge has to tell, and asks whose version holds. */
interface Report {
  took(part: MergePart): void;
  /** Tells of a conflict and answers whose version holds. */
  settle(conflict: Omit<Conflict, "key">): Side;
}

function mergeBy(sources: Merge["sources"], choose: Choose): Merge {
  const taken: MergePart[] = [];
  const conflicts: Conflict[] = [];
  const report: Report = {
    took: (part) => void taken.push(part),
    settle(conflict) {
      const key = freeKey(conflict, conflicts);
      conflicts.push({ key, ...conflict });
      return choose(key);
    },
  };
  const { base, mine, theirs } = sources;
  const names = new Set([base, mine, theirs].flatMap((document) => Object.keys(document)));
  const merged = [...names].flatMap((name): [string, unknown][] => {
    const versions = { base: own(base, name), mine: own(mine, name), theirs: own(theirs, name) };
    const list = MERGED_LISTS.find((each) => each === name);
    const content =
      list !== undefined && areLists(versions)
        ? mergeList(list, versions, report)
        : mergeField(name, versions, sources, report);
    return content === undefined ? [] : [[name, content]];
  });
  return { merged: Object.fromEntries(merged), theirs: taken, conflicts, sources };
}

/** Ids may be used twice in a draft, and every conflict needs a choice of its own. */
function freeKey({ list, kind, id }: Omit<Conflict, "key">, taken: readonly Conflict[]): string {
  const wanted = `${list}/${kind === "order" ? "order" : "part"}/${id}`;
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? wanted : `${wanted}#${number}`;
    if (!taken.some((conflict) => conflict.key === key)) return key;
  }
}

function own(document: Fields, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

/** A field of the document that is no list of parts. */
function mergeField(
  name: string,
  versions: Versions<unknown>,
  sources: Merge["sources"],
  report: Report,
): unknown {
  const { base, mine, theirs } = versions;
  const changedBy = changedSide(versions);
  const isUnsafe = name === "currency" && changedBy !== "both" && meansOtherAmounts(changedBy, sources);
  if (changedBy === "both" || isUnsafe) {
    const orNull = { base: base ?? null, mine: mine ?? null, theirs: theirs ?? null };
    const side = report.settle({ list: "document", id: name, kind: "whole", fields: [name], ...orNull });
    return versions[side];
  }
  if (changedBy !== "theirs") return mine;
  const kind = base === undefined ? "added" : theirs === undefined ? "removed" : "changed";
  report.took({ list: "document", id: name, kind, fields: kind === "changed" ? [name] : [] });
  return theirs;
}

/** Whether a change of the currency by one would give amounts of the other another meaning. */
function meansOtherAmounts(changedBy: Side | "none", { base, mine, theirs }: Merge["sources"]): boolean {
  if (changedBy === "none") return false;
  const other = changedBy === "mine" ? theirs : mine;
  return ["limits", "rules", "examples"].some((list) => !isEqual(own(base, list), own(other, list)));
}

/** Who changed it: `both` only where they changed it otherwise, `none` where they did alike. */
function changedSide<Content>({ base, mine, theirs }: Versions<Content>): Side | "both" | "none" {
  if (isEqual(mine, theirs)) return "none";
  if (isEqual(base, theirs)) return "mine";
  return isEqual(base, mine) ? "theirs" : "both";
}

/** A part with the name that it is found by in all three versions. */
interface Entry {
  /** `movedIds` compares by this. */
  id: string;
  part: unknown;
}

type Entries = ReadonlyMap<string, unknown>;

function areLists(versions: Versions<unknown>): versions is Versions<unknown[] | undefined> {
  return Object.values(versions).every((version) => version === undefined || Array.isArray(version));
}

function mergeList(
  list: MergedList,
  versions: Versions<unknown[] | undefined>,
  report: Report,
): unknown[] | undefined {
  const entries = mapVersions(versions, (parts) => entriesOf(parts ?? []));
  const maps = mapVersions(entries, (some): Entries => new Map(some.map(({ id, part }) => [id, part])));
  const merged = new Map<string, unknown>();
  for (const key of new Set([...maps.mine.keys(), ...maps.theirs.keys()])) {
    const part = mergePart(
      list,
      { base: maps.base.get(key), mine: maps.mine.get(key), theirs: maps.theirs.get(key) },
      report,
    );
    if (part !== undefined) merged.set(key, part);
  }
  const order = mergeOrder(list, entries, new Set(merged.keys()), report);
  const parts = order.map((key) => merged.get(key));
  if (parts.length > 0) return parts;
  return isWritten(versions) ? parts : undefined;
}

/** Whether a list that came out empty is written down, which one of them may have changed. */
function isWritten(versions: Versions<unknown[] | undefined>): boolean {
  const there = mapVersions(versions, (parts) => parts !== undefined);
  return changedSide(there) === "theirs" ? there.theirs : there.mine;
}

function mapVersions<From, To>(
  { base, mine, theirs }: Versions<From>,
  map: (version: From) => To,
): Versions<To> {
  return { base: map(base), mine: map(mine), theirs: map(theirs) };
}

/**
 * Names every part so that it is found again in the other versions: by its id, and by how often that came before. What
 * has no id is known by its content alone, so that a change of it is a removal and an addition.
 */
function entriesOf(parts: readonly unknown[]): Entry[] {
  const seen = new Map<string, number>();
  return parts.map((part) => {
    const id = idOf(part);
    const name = id === "" ? `content ${canonical(part)}` : `id ${id}`;
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return { id: `${times} ${name}`, part };
  });
}

function idOf(part: unknown): string {
  const id = isFields(part) ? own(part, "id") : undefined;
  return typeof id === "string" ? id : "";
}

function isFields(part: unknown): part is Fields {
  return typeof part === "object" && part !== null && !Array.isArray(part);
}

/** The same text for what `isEqual` takes for the same. */
function canonical(content: unknown): string {
  return (
    JSON.stringify(content, (_name, value: unknown) => {
      if (typeof value === "number" && !Number.isFinite(value)) return { number: String(value) };
      if (!isFields(value)) return value;
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    }) ?? "undefined"
  );
}

/** The part as it is after the merge; `undefined` where there is none any more. */
function mergePart(list: MergedList, versions: Versions<unknown>, report: Report): unknown {
  const { base, mine, theirs } = versions;
  const id = idOf(mine ?? theirs ?? base);
  const changedBy = changedSide(versions);
  if (changedBy === "none" || changedBy === "mine") return mine;
  if (isFields(base) && isFields(mine) && isFields(theirs)) {
    return mergeFields(list, id, { base, mine, theirs }, report);
  }
  if (changedBy === "theirs") {
    report.took({ list, id, kind: theirs === undefined ? "removed" : "added", fields: [] });
    return theirs;
  }
  const fields = isFields(mine) && isFields(theirs) ? differingFields(mine, theirs) : [];
  const orNull = { base: base ?? null, mine: mine ?? null, theirs: theirs ?? null };
  return versions[report.settle({ list, id, kind: "whole", fields, ...orNull })];
}

/** Fields that are taken from one side together, because one means nothing without the other. */
const TOGETHER: readonly (readonly string[])[] = [["measure", "max"]];

function mergeFields(list: MergedList, id: string, versions: Versions<Fields>, report: Report): Fields {
  const { base, mine, theirs } = versions;
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs), ...Object.keys(base)])];
  const groups = [
    ...TOGETHER,
    ...names.filter((name) => !TOGETHER.flat().includes(name)).map((name) => [name]),
  ];

  const taken: string[] = [];
  const disputed: string[] = [];
  for (const group of groups) {
    const changedBy = changedSide(mapVersions(versions, (version) => pick(version, group)));
    if (changedBy === "theirs")
      taken.push(...group.filter((name) => !isEqual(own(base, name), own(theirs, name))));
    if (changedBy === "both")
      disputed.push(...group.filter((name) => !isEqual(own(mine, name), own(theirs, name))));
  }
  if (taken.length > 0) report.took({ list, id, kind: "changed", fields: taken });
  const side =
    disputed.length === 0
      ? "mine"
      : report.settle({ list, id, kind: "fields", fields: disputed, base, mine, theirs });
  const fromTheirs = new Set([...taken, ...(side === "theirs" ? disputed : [])]);
  const merged = names.map((name) => [name, own(fromTheirs.has(name) ? theirs : mine, name)] as const);
  return Object.fromEntries(merged.filter(([, content]) => content !== undefined));
}

function pick(fields: Fields, names: readonly string[]): unknown[] {
  return names.map((name) => own(fields, name));
}

function differingFields(mine: Fields, theirs: Fields): string[] {
  const names = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  return [...names].filter((name) => !isEqual(own(mine, name), own(theirs, name)));
}

/** The keys that stay, in the order that both wanted, as far as that is one order. */
function mergeOrder(
  list: MergedList,
  { base, mine, theirs }: Versions<Entry[]>,
  staying: ReadonlySet<string>,
  report: Report,
): string[] {
  const [byMe, byThem] = [movedIds(base, mine), movedIds(base, theirs)];
  const isAgreed = movedIds(mine, theirs).size === 0;
  const isDisputed = !isAgreed && [...byThem].some((key) => byMe.has(key));
  const side = isDisputed
    ? report.settle({
        list,
        id: "",
        kind: "order",
        fields: ["order"],
        base: base.map(({ part }) => idOf(part)),
        mine: mine.map(({ part }) => idOf(part)),
        theirs: theirs.map(({ part }) => idOf(part)),
      })
    : "mine";
  if (side === "theirs") return weave(theirs, mine, new Set(), staying);
  const moved = isAgreed || isDisputed ? new Set<string>() : byThem;
  for (const { id, part } of theirs) {
    if (moved.has(id) && staying.has(id)) report.took({ list, id: idOf(part), kind: "moved", fields: [] });
  }
  return weave(mine, theirs, moved, staying);
}

/**
 * The order of `first`, with what only `second` has, and what it has moved, behind what stands before it in `second`.
 * Of the keys those that stay.
 */
function weave(
  first: readonly Entry[],
  second: readonly Entry[],
  moved: ReadonlySet<string>,
  staying: ReadonlySet<string>,
): string[] {
  const order = first.flatMap(({ id }) => (moved.has(id) ? [] : [id]));
  const placed = new Set(order);
  let before: string | null = null;
  for (const { id } of second) {
    if (!placed.has(id)) {
      order.splice(before === null ? 0 : order.indexOf(before) + 1, 0, id);
      placed.add(id);
    }
    before = id;
  }
  return order.filter((id) => staying.has(id));
}
