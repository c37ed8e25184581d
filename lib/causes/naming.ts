/** What a cause of this name is on record as: in lower case, as the policy of a new organization writes causes. */
export function keyOfName(name: string): string {
  return name.trim().replace(/\s+/g, " ").toLowerCase();
}

/**
 * The offered cause that somebody means who types this, by its name or by what it is on record as, however it is
 * written; null where it is none of them, and then the words stand for themselves.
 */
export function causeMeant<C extends { key: string; name: string }>(
  typed: string,
  offered: readonly C[],
): C | null {
  const said = keyOfName(typed);
  if (said === "") return null;
  return (
    offered.find(({ name }) => keyOfName(name) === said) ??
    offered.find(({ key }) => keyOfName(key) === said) ??
    null
  );
}

/** What people call causes, by what those are on record as. */
export type CauseNames = Readonly<Record<string, string>>;

/** What a cause is called: its name in the catalogue, retired or not, or else what it is on record as. */
export function nameOfCause(names: CauseNames, key: string): string {
  return (Object.hasOwn(names, key) ? names[key] : undefined) ?? key;
}
