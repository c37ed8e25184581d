import type { Person } from "@/lib/personal-data/types";

/** One table of an export: which of its rows are about the person, and in which order they are read. */
export interface ExportedTable {
  table: string;
  /** SQL over the row `t`, with the organization as $1 and the person's ids as $2. */
  about: string;
  /** What names a row within the organization, and the types of it. */
  key: readonly (readonly [column: string, type: string])[];
  /** Columns that are no data about the person. */
  without?: readonly string[];
}

const ID = [["id", "uuid"]] as const;
const OF_DECISION = [["decision_id", "uuid"]] as const;
const OF_REVIEW = [["review_id", "uuid"]] as const;

const decisionsOf = (column: "customer_id" | "employee_id") =>
  `(select d.id from decisions d where d.organization_id = $1 and d.${column} = any ($2))`;
const ofDecisions = (column: "customer_id" | "employee_id") => `t.decision_id in ${decisionsOf(column)}`;

/** What hangs on decisions, whosever they are. */
const historyOf = (column: "customer_id" | "employee_id"): ExportedTable[] => [
  { table: "decisions", about: `t.${column} = any ($2)`, key: ID },
  {
    table: "ledger_entries",
    about: ofDecisions(column),
    key: [
      ["decision_id", "uuid"],
      ["seq", "integer"],
    ],
  },
  { table: "jobs", about: ofDecisions(column), key: ID },
  { table: "survey_answers", about: ofDecisions(column), key: OF_DECISION },
  {
    table: "provider_events",
    about: ofDecisions(column),
    key: [
      ["provider", "text"],
      ["event_id", "text"],
    ],
  },
  { table: "cases", about: `t.${column} = any ($2)`, key: ID },
  { table: "unsent_requests", about: `t.${column} = any ($2)`, key: ID },
];

const OF_CASE = [["case_id", "uuid"]] as const;

/**
 * The tables that say something about a person, by the columns that name them. Whole rows are given, under the names that
 * the database has for them, so that a column that is added later is in the export by itself; a test holds the list
 * against the database, so that a table that is added later is not forgotten.
 */
export const EXPORTED: Record<Person["kind"], readonly ExportedTable[]> = {
  customer: [
    { table: "customers", about: "t.id = any ($2)", key: ID },
    { table: "customer_merges", about: "t.duplicate_id = any ($2) or t.customer_id = any ($2)", key: ID },
    { table: "orders", about: "t.customer_id = any ($2)", key: ID },
    ...historyOf("customer_id"),
    { table: "follow_ups", about: "t.customer_id = any ($2)", key: OF_CASE },
    { table: "handovers", about: ofDecisions("customer_id"), key: ID },
    {
      table: "handover_words",
      about: `t.handover_id in (select h.id from handovers h
        where h.organization_id = $1 and h.decision_id in ${decisionsOf("customer_id")})`,
      key: ID,
    },
    { table: "reversals", about: ofDecisions("customer_id"), key: OF_DECISION },
    { table: "executions", about: ofDecisions("customer_id"), key: OF_DECISION },
    { table: "credit_accounts", about: "t.customer_id = any ($2)", key: ID },
    {
      table: "credit_transactions",
      about: "t.customer_id = any ($2)",
      key: ID,
      without: ["key", "request_hash"],
    },
    { table: "credit_lots", about: ofDecisions("customer_id"), key: ID },
    { table: "mails", about: "t.to_customer = any ($2)", key: ID },
    { table: "notice_refusals", about: "t.customer_id = any ($2)", key: [["customer_id", "uuid"]] },
    { table: "webhook_messages", about: ofDecisions("customer_id"), key: ID },
    { table: "reviews", about: ofDecisions("customer_id"), key: ID },
    {
      table: "review_replies",
      about: `t.review_id in (select r.id from reviews r where r.organization_id = $1 and r.decision_id in ${decisionsOf("customer_id")})`,
      key: OF_REVIEW,
    },
    {
      table: "audit_events",
      // Each subject by the index; a condition with "or" would read every event that there is.
      about: `(t.subject_kind, t.subject_id) in (
        select 'customer', unnest($2::uuid[])::text
        union all select 'order', o.id::text from orders o where o.organization_id = $1 and o.customer_id = any ($2)
        union all select 'decision', d.id::text from decisions d where d.organization_id = $1 and d.customer_id = any ($2))`,
      key: [
        ["subject_kind", "text"],
        ["subject_id", "text"],
        ["id", "uuid"],
      ],
    },
  ],
  employee: [
    { table: "employees", about: "t.id = any ($2)", key: ID, without: ["password_hash"] },
    { table: "sessions", about: "t.employee_id = any ($2)", key: ID },
    { table: "embed_passes", about: "t.employee_id = any ($2)", key: ID, without: ["token_hash"] },
    { table: "embed_origins", about: "t.added_by = any ($2)", key: [["origin", "text"]] },
    {
      table: "execution_providers",
      about: "t.updated_by = any ($2)",
      key: [["kind", "text"]],
      without: ["settings", "secrets", "hints"],
    },
    ...historyOf("employee_id"),
    { table: "follow_ups", about: "t.employee_id = any ($2) or t.done_by = any ($2)", key: OF_CASE },
    { table: "causes", about: "t.updated_by = any ($2)", key: [["key", "text"]] },
    {
      table: "handovers",
      about: "t.asked_by = any ($2) or t.waiting_for = any ($2) or t.answered_by = any ($2)",
      key: ID,
    },
    { table: "handover_words", about: "t.said_by = any ($2)", key: ID },
    {
      table: "duties",
      about: "t.employee_id = any ($2) or t.deputy_id = any ($2)",
      key: [["employee_id", "uuid"]],
    },
    { table: "reversals", about: "t.reversed_by = any ($2)", key: OF_DECISION },
    {
      table: "executions",
      about: `t.owner_id = any ($2) or t.settled_by = any ($2) or ${ofDecisions("employee_id")}`,
      key: OF_DECISION,
    },
    { table: "remedy_providers", about: "t.set_by = any ($2)", key: [["remedy", "text"]] },
    {
      table: "credit_transactions",
      about: "t.employee_id = any ($2)",
      key: ID,
      without: ["key", "request_hash"],
    },
    { table: "reviews", about: "t.employee_id = any ($2) or t.reviewer_id = any ($2)", key: ID },
    { table: "review_replies", about: "t.employee_id = any ($2)", key: OF_REVIEW },
    { table: "mails", about: "t.to_employee = any ($2)", key: ID },
    {
      table: "notification_choices",
      about: "t.employee_id = any ($2)",
      key: [
        ["employee_id", "uuid"],
        ["kind", "text"],
      ],
    },
    { table: "notice_templates", about: "t.updated_by = any ($2)", key: [["remedy", "text"]] },
    { table: "webhook_endpoints", about: "t.created_by = any ($2)", key: ID, without: ["secret"] },
    { table: "webhook_messages", about: ofDecisions("employee_id"), key: ID },
    { table: "review_rules", about: "t.updated_by = any ($2)", key: [["organization_id", "uuid"]] },
    { table: "precedents", about: "t.made_by = any ($2)", key: ID },
    { table: "saved_views", about: "t.owner_id = any ($2)", key: ID },
    { table: "saved_view_defaults", about: "t.employee_id = any ($2)", key: [["employee_id", "uuid"]] },
    { table: "customer_merges", about: "t.merged_by = any ($2) or t.undone_by = any ($2)", key: ID },
    {
      table: "decision_rollups",
      about: "t.employee_id = any ($2)",
      key: [
        ["day", "date"],
        ["employee_id", "uuid"],
        ["remedy", "text"],
        ["verdict", "text"],
        ["status", "text"],
      ],
    },
    {
      table: "insight_days",
      about: "t.dimension in ('employee', 'person') and t.key in (select unnest($2::uuid[])::text)",
      key: [
        ["dimension", "text"],
        ["day", "date"],
        ["team_id", "uuid"],
        ["remedy", "text"],
        ["key", "text"],
      ],
    },
    { table: "cause_notes", about: "t.owner_id = any ($2) or t.written_by = any ($2)", key: ID },
    {
      table: "idempotency_keys",
      about: "t.employee_id = any ($2)",
      key: [
        ["employee_id", "uuid"],
        ["key", "text"],
      ],
    },
    {
      table: "policies",
      about: "t.author_id = any ($2) or t.updated_by = any ($2) or t.publish_by = any ($2)",
      key: [["version", "integer"]],
      without: ["document"],
    },
    { table: "policy_trials", about: "t.started_by = any ($2) or t.ended_by = any ($2)", key: ID },
    {
      table: "policy_simulations",
      about: "t.asked_by = any ($2)",
      key: ID,
      without: ["document", "result"],
    },
    { table: "seal_verifications", about: "t.asked_by = any ($2)", key: ID, without: ["result"] },
    {
      table: "reconciliations",
      about: "t.asked_by = any ($2) or t.looked_by = any ($2)",
      key: ID,
      without: ["result"],
    },
    {
      table: "exchange_rates",
      about: "t.updated_by = any ($2)",
      key: [
        ["currency", "text"],
        ["day", "date"],
      ],
    },
    { table: "api_keys", about: "t.created_by = any ($2)", key: ID, without: ["key_hash"] },
    {
      table: "audit_events",
      // Nothing is in the order of who did it, so all are walked over, once.
      about: `(t.actor_kind = 'employee' and t.actor_id = any ($2))
        or (t.subject_kind = 'employee' and t.subject_id in (select unnest($2::uuid[])::text))
        or (t.subject_kind = 'session' and t.subject_id in
          (select s.id::text from sessions s where s.organization_id = $1 and s.employee_id = any ($2)))
        or (t.subject_kind = 'decision' and t.subject_id in
          (select d.id::text from decisions d where d.organization_id = $1 and d.employee_id = any ($2)))`,
      key: ID,
    },
  ],
};

/** Columns that name a person in tables that the export leaves out, and why it may. */
export const EXEMPT: Record<Person["kind"], Readonly<Record<string, string>>> = {
  customer: {
    "customer_terms.customer_id":
      "The words of the record and of the orders' references, for the search: all of them are in those.",
  },
  employee: {
    "employees.manager_id":
      "The records of people who report to somebody are theirs; whom they report to is in their own export.",
  },
};
