import { createHash } from "node:crypto";

/** How a value is turned into text, by SQL that no setting of a session changes. */
type Form = "plain" | "instant" | "day" | "list";

interface SealedTable {
  /** The columns whose values are sealed, in this order. It never changes: another list is another `version`. */
  columns: readonly (readonly [name: string, form: Form])[];
  /** The columns that are not, and why. */
  exempt: Readonly<Record<string, string>>;
  /** Names the list in each sealed text, so that one of another time is never read as this one. */
  version: number;
}

/** What a seal covers of each table. A test holds it against the database, so that a new column is decided on. */
export const SEALED_TABLES = {
  audit_events: {
    version: 1,
    columns: [
      ["organization_id", "plain"],
      ["id", "plain"],
      ["actor_kind", "plain"],
      ["actor_id", "plain"],
      ["action", "plain"],
      ["subject_kind", "plain"],
      ["subject_id", "plain"],
      ["data", "plain"],
      ["created_at", "instant"],
    ],
    exempt: {},
  },
  decisions: {
    version: 1,
    columns: [
      ["organization_id", "plain"],
      ["id", "plain"],
      ["employee_id", "plain"],
      ["team_id", "plain"],
      ["customer_id", "plain"],
      ["order_id", "plain"],
      ["case_id", "plain"],
      ["remedy", "plain"],
      ["amount", "plain"],
      ["currency", "plain"],
      ["counted_amount", "plain"],
      ["verdict", "plain"],
      ["cause", "plain"],
      ["channel", "plain"],
      ["policy_version", "plain"],
      ["explanation", "plain"],
      ["facts", "plain"],
      ["api_key_id", "plain"],
      ["created_at", "instant"],
    ],
    exempt: {
      status:
        "It moves. Each move is an entry with the status before and after, and the last one is held against it.",
      note: "Free text can be erased. A digest of it is sealed as a row of its own.",
    },
  },
  ledger_entries: {
    version: 1,
    columns: [
      ["organization_id", "plain"],
      ["decision_id", "plain"],
      ["seq", "plain"],
      ["kind", "plain"],
      ["definition", "plain"],
      ["scope_key", "plain"],
      ["bucket", "day"],
      ["slot", "plain"],
      ["limit_ids", "list"],
      ["amount", "plain"],
      ["count", "plain"],
      ["posted_amount_before", "plain"],
      ["posted_amount_after", "plain"],
      ["reserved_amount_before", "plain"],
      ["reserved_amount_after", "plain"],
      ["posted_count_before", "plain"],
      ["posted_count_after", "plain"],
      ["reserved_count_before", "plain"],
      ["reserved_count_after", "plain"],
      ["event_id", "plain"],
      ["status_before", "plain"],
      ["status_after", "plain"],
      ["created_at", "instant"],
    ],
    exempt: {},
  },
} as const satisfies Record<string, SealedTable>;

export type SealedTableName = keyof typeof SEALED_TABLES;

/** The tables of the rows that a leaf is made of; a decision's note is a row of its own. */
export type SealedRowName = SealedTableName | "decisions.note";

/** A row's values as text, in the order of its table's list. */
export type RowValues = readonly (string | null)[];

/** The SQL of a table's list, for `select`: each value as text. The table is named `alias`. */
export function selectList(table: SealedTableName, alias: string): string {
  return SEALED_TABLES[table].columns.map(([name, form]) => asText(`${alias}.${name}`, form)).join(", ");
}

/** JSON's form of a moment and a day is ISO 8601 whatever DateStyle says; without a time zone none is applied. */
function asText(column: string, form: Form): string {
  switch (form) {
    case "plain":
      return `${column}::text`;
    case "instant":
      return instantAsText(column);
    case "day":
      return `to_json(${column}) #>> '{}'`;
    case "list":
      return `to_json(${column})::text`;
    default:
      return form satisfies never;
  }
}

/** The SQL that writes an instant as `instantText` does. */
export function instantAsText(column: string): string {
  return `(to_json(${column} at time zone 'UTC') #>> '{}') || 'Z'`;
}

/** An instant as it stands in sealed texts: UTC, as many digits after the second as there are, up to microseconds. */
export function instantText(at: Date): string {
  return at.toISOString().replace(/\.(\d*?)0*Z$/, (_, digits: string) => (digits ? `.${digits}Z` : "Z"));
}

/** Where a column's value is in a row. */
export function placeOf(table: SealedTableName, column: string): number {
  return SEALED_TABLES[table].columns.findIndex(([name]) => name === column);
}

/** The text of a row that is hashed. */
export function canonicalRow(table: SealedTableName, values: RowValues): string {
  return JSON.stringify([table, SEALED_TABLES[table].version, ...values]);
}

/** The same of a decision's note: the text itself isn't in it, so that it can be erased and the seal still holds. */
export function canonicalNote(decisionId: string, note: string | null): string {
  const digest = note === null ? null : createHash("sha256").update(decisionId).update(note).digest("hex");
  return JSON.stringify(["decisions.note", 1, decisionId, digest]);
}

/** SHA-256 of a text. */
export function hashText(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
