import { leastIdAt } from "@/lib/db/ids";
import { inSnapshot, type Snapshot } from "@/lib/db/snapshot";
import { startOfDay } from "@/lib/discretion/windows";
import type {
  Comparison,
  CounterPlace,
  Counts,
  DayKey,
  Difference,
  DifferenceKind,
  Executions,
  JobKind,
  RollupKey,
  Since,
  Sum,
} from "@/lib/reconciliation/types";

/** How many differences are kept with what they say; all of them are counted. */
export const DIFFERENCES_KEPT = 100;

const BATCH = 20_000;

/** How many differing rows are held at once. */
const ROWS = 500;

/** A worker that is there takes up what is due within seconds. */
const OVERDUE_MS = 10 * 60_000;

/** Above every id. */
const NO_END = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const NO_BEGINNING = "00000000-0000-0000-0000-000000000000";

/** What differs and can be rebuilt. */
export interface Rebuildable {
  counters: boolean;
  rollups: RollupKey[];
  days: DayKey[];
}

interface ComparisonOptions {
  organizationId: string;
  currency: string;
  timeZone: string;
  now: Date;
  /** About how many decisions are looked at in one step. */
  batch?: number;
  /** Called between the steps, which it may end by throwing. */
  onStep?: (at: { step: "decisions" | "counters"; processed: number; total: number | null }) => Promise<void>;
}

/**
 * Holds everything that is kept twice against each other, as it all stood at one moment: counters against the ledger,
 * statuses against the last entries, sums of days against decisions, handovers and jobs against statuses, jobs against
 * the worker's queue. Reads only, and holds nobody up.
 */
export async function compareBooks(
  options: ComparisonOptions,
): Promise<Comparison & { rebuildable: Rebuildable }> {
  const { organizationId, now, onStep = async () => undefined } = options;
  return inSnapshot(organizationId, async (snapshot) => {
    const found = tally();
    const spans = await spansOf(snapshot, options);
    const total = spans.reduce((sum, { decisions }) => sum + decisions, 0);
    const look: Look = { snapshot, organizationId, timeZone: options.timeZone, now, found };
    const executions: Required<Executions> = { byHand: none(), pending: none(), unknown: none() };
    const overdue = none();
    const rebuildable: Rebuildable = { counters: false, rollups: [], days: [] };
    let decisions = 0;
    await onStep({ step: "decisions", processed: 0, total });
    for (const span of spans) {
      await compareBelonging(look, span);
      await compareEntries(look, span);
      await compareStatuses(look, span);
      await compareQueue(look, span);
      rebuildable.rollups.push(...(await compareRollups(look, span)));
      rebuildable.days.push(...(await compareDays(look, span)));
      const seen = await readWork(look, span);
      add(executions.byHand, seen.byHand);
      add(executions.pending, seen.pending);
      add(executions.unknown, seen.unknown);
      add(overdue, seen.overdue);
      decisions += seen.decisions;
      await onStep({ step: "decisions", processed: decisions, total: Math.max(total, decisions) });
    }
    await onStep({ step: "counters", processed: decisions, total: null });
    rebuildable.counters = await compareCounters(look);
    await compareCredit(look);
    const counters = await countCounters(look);
    await place(look, options.currency);
    return {
      decisions,
      counters,
      counted: found.counted,
      listed: found.listed,
      executions,
      overdue,
      rebuildable,
    };
  });
}

interface Look {
  snapshot: Snapshot;
  organizationId: string;
  timeZone: string;
  now: Date;
  found: ReturnType<typeof tally>;
}

function tally() {
  const counted: Record<DifferenceKind, number> = {
    ...{ counter: 0, chain: 0, orphan: 0, version: 0, entry: 0, status: 0 },
    ...{ handover: 0, job: 0, queue: 0, rollup: 0, day: 0, credit: 0, provider: 0, seal: 0 },
  };
  const listed: Difference[] = [];
  return {
    counted,
    listed,
    add(difference: Difference) {
      counted[difference.kind] += 1;
      if (listed.length < DIFFERENCES_KEPT) listed.push(difference);
    },
  };
}

const none = (): Since => ({ count: 0, since: null });

function add(to: Since, more: Since): void {
  to.count += more.count;
  if (more.since !== null && (to.since === null || more.since < to.since)) to.since = more.since;
}

/** Some days with their decisions. The first one begins with everything, the last one never ends. */
interface Span {
  fromDay: string | null;
  untilDay: string | null;
  fromId: string;
  untilId: string;
  decisions: number;
}

/** Days put together until they have enough decisions, as their sums say; where those are wrong, the spans are uneven. */
async function spansOf({ query }: Snapshot, options: ComparisonOptions): Promise<Span[]> {
  const { organizationId, timeZone, batch = BATCH } = options;
  const days = await query<{ day: string; decisions: string }>(
    `select day, sum(decisions) as decisions from decision_rollups
     where organization_id = $1 group by day order by day`,
    [organizationId],
  );
  const spans: Span[] = [];
  let open: Span = {
    ...{ fromDay: null, untilDay: null, decisions: 0 },
    ...{ fromId: NO_BEGINNING, untilId: NO_END },
  };
  for (const { day, decisions } of days) {
    if (open.decisions >= batch) {
      const id = leastIdAt(startOfDay(day, timeZone));
      spans.push({ ...open, untilDay: day, untilId: id });
      open = { fromDay: day, untilDay: null, fromId: id, untilId: NO_END, decisions: 0 };
    }
    open.decisions += Number(decisions);
  }
  return [...spans, open];
}

/** $2 and $3 bound a span by ids. */
const within = (column: string) => `${column} >= $2 and ${column} < $3`;

/**
 * What a foreign key would see to, which is left out where every decision would wait for the same row: entries and jobs
 * have their decision, and decisions their version of the policy.
 */
async function compareBelonging({ snapshot, organizationId, found }: Look, span: Span): Promise<void> {
  const values = [organizationId, span.fromId, span.untilId];
  const orphans = snapshot.batches<{ decision_id: string; of: "entry" | "job"; rows: string }>(
    `select x.decision_id, x.of, count(*) as rows
     from (
       select e.decision_id, 'entry' as of from ledger_entries e
       where e.organization_id = $1 and ${within("e.decision_id")}
       union all
       select j.decision_id, 'job' from jobs j where j.organization_id = $1 and ${within("j.decision_id")}
     ) as x
     left join (select d.id from decisions d where d.organization_id = $1 and ${within("d.id")}) as d on d.id = x.decision_id
     where d.id is null group by x.decision_id, x.of order by x.decision_id, x.of`,
    values,
    ROWS,
  );
  for await (const rows of orphans) {
    for (const { decision_id: decisionId, of, rows: count } of rows) {
      found.add({ kind: "orphan", decisionId, of, rows: Number(count) });
    }
  }
  const versions = snapshot.batches<{ id: string; policy_version: number }>(
    `select d.id, d.policy_version from decisions d
     left join policies p on p.organization_id = $1 and p.version = d.policy_version
     where d.organization_id = $1 and ${within("d.id")} and p.version is null order by d.id`,
    values,
    ROWS,
  );
  for await (const rows of versions) {
    for (const { id: decisionId, policy_version: version } of rows) {
      found.add({ kind: "version", decisionId, version });
    }
  }
}

/** An entry's kind says what it adds: CHECKs hold it to that, as long as they are there. */
async function compareEntries({ snapshot, organizationId, found }: Look, span: Span): Promise<void> {
  const entries = snapshot.batches<{ decision_id: string; seq: number }>(
    `select e.decision_id, e.seq from ledger_entries e
     join (values ('post', 1, 0), ('reserve', 0, 1), ('commit', 1, -1), ('release', 0, -1), ('reverse', -1, 0))
       as adds (kind, posted, reserved) on adds.kind = e.kind
     where e.organization_id = $1 and ${within("e.decision_id")} and (
       e.posted_amount_after - e.posted_amount_before <> adds.posted * e.amount
       or e.reserved_amount_after - e.reserved_amount_before <> adds.reserved * e.amount
       or e.posted_count_after - e.posted_count_before <> adds.posted * e.count
       or e.reserved_count_after - e.reserved_count_before <> adds.reserved * e.count
     )
     order by e.decision_id, e.seq`,
    [organizationId, span.fromId, span.untilId],
    ROWS,
  );
  for await (const rows of entries) {
    for (const { decision_id: decisionId, seq } of rows) found.add({ kind: "entry", decisionId, seq });
  }
}

/** What belongs to a decision of a status: its handover, and the jobs that the worker owes it. */
interface Belongings {
  status: string;
  /** The decision was handed over. */
  handed: boolean;
  handover: readonly string[];
  expire_handover: readonly string[];
  execute: readonly string[];
}

const NONE = ["none"];
/** As its job says while nobody has begun, and as its execution says from then on. */
const TO_EXECUTE = ["queued", "processing", "pending", "unknown", "by_hand", "succeeded"];
/** What moves, or may have, is reversed by nobody before it is known. */
const EXECUTED_OR_NOT = ["cancelled", "succeeded", "failed"];
const GRANTED = ["approved", "adjusted"];

const BELONGINGS: readonly Belongings[] = [
  { status: "refused", handed: false, handover: NONE, expire_handover: NONE, execute: NONE },
  { status: "posted", handed: false, handover: NONE, expire_handover: NONE, execute: TO_EXECUTE },
  { status: "reversed", handed: false, handover: NONE, expire_handover: NONE, execute: EXECUTED_OR_NOT },
  { status: "reserved", handed: true, handover: ["waiting"], expire_handover: ["queued"], execute: NONE },
  { status: "posted", handed: true, handover: GRANTED, expire_handover: ["cancelled"], execute: TO_EXECUTE },
  {
    ...{ status: "reversed", handed: true, handover: GRANTED },
    ...{ expire_handover: ["cancelled"], execute: EXECUTED_OR_NOT },
  },
  { status: "declined", handed: true, handover: ["declined"], expire_handover: ["cancelled"], execute: NONE },
  { status: "expired", handed: true, handover: ["expired"], expire_handover: ["done"], execute: NONE },
  {
    status: "released",
    handed: true,
    handover: ["withdrawn"],
    expire_handover: ["cancelled"],
    execute: NONE,
  },
];

interface StatusRow {
  id: string;
  status: string;
  handed: boolean;
  last: string;
  handover: string;
  expire_handover: string;
  execute: string;
}

/** Statuses against the last entries; handovers and jobs against statuses. */
async function compareStatuses({ snapshot, organizationId, found }: Look, span: Span): Promise<void> {
  const decisions = snapshot.batches<StatusRow>(
    `select * from (
       select d.id, d.status, d.verdict = 'handover' as handed, coalesce(l.status_after, 'refused') as last,
         coalesce(h.status, 'none') as handover, coalesce(j.expire_handover, 'none') as expire_handover,
         coalesce(j.execute, 'none') as execute
       from decisions d
       left join (
         select distinct on (e.decision_id) e.decision_id, e.status_after from ledger_entries e
         where e.organization_id = $1 and ${within("e.decision_id")} order by e.decision_id, e.seq desc
       ) as l on l.decision_id = d.id
       left join (
         select x.decision_id, x.status from handovers x where x.organization_id = $1 and ${within("x.decision_id")}
       ) as h on h.decision_id = d.id
       left join (
         select x.decision_id, max(x.status) filter (where x.kind = 'expire_handover') as expire_handover,
           max(case when x.status = 'done' then coalesce(e.status, 'lost') when e.status is null then x.status else 'begun' end)
             filter (where x.kind = 'execute') as execute
         from jobs x left join executions e on e.organization_id = $1 and e.decision_id = x.decision_id and x.kind = 'execute'
         where x.organization_id = $1 and ${within("x.decision_id")} group by x.decision_id
       ) as j on j.decision_id = d.id
       where d.organization_id = $1 and ${within("d.id")}
     ) as seen
     where status <> last or not exists (
       select from jsonb_to_recordset($4)
         as b (status text, handed boolean, handover text[], expire_handover text[], execute text[])
       where b.status = seen.status and b.handed = seen.handed and seen.handover = any (b.handover)
         and seen.expire_handover = any (b.expire_handover) and seen.execute = any (b.execute)
     )
     order by id`,
    [organizationId, span.fromId, span.untilId, JSON.stringify(BELONGINGS)],
    ROWS,
  );
  for await (const rows of decisions) {
    for (const row of rows) for (const difference of statusDifferences(row)) found.add(difference);
  }
}

function* statusDifferences(row: StatusRow): Generator<Difference> {
  const { id: decisionId, status } = row;
  if (status !== row.last) yield { kind: "status", decisionId, expected: row.last, found: status };
  const belongs = BELONGINGS.find((each) => each.status === status && each.handed === row.handed);
  if (!belongs) return;
  if (!belongs.handover.includes(row.handover)) {
    yield {
      ...{ kind: "handover", decisionId, status },
      ...{ expected: [...belongs.handover], found: row.handover },
    };
  }
  for (const job of ["expire_handover", "execute"] as const) {
    if (belongs[job].includes(row[job])) continue;
    yield { kind: "job", decisionId, job, status, expected: [...belongs[job]], found: row[job] };
  }
}

/** Jobs that were handed to the worker's queue and wait there, as their own row says. */
async function compareQueue({ snapshot, organizationId, found }: Look, span: Span): Promise<void> {
  const jobs = snapshot.batches<{ decision_id: string; kind: JobKind; given_up: boolean | null }>(
    `with sent as (
       select j.decision_id, j.kind, j.kind || '/' || j.decision_id as key from jobs j
       where j.organization_id = $1 and ${within("j.decision_id")} and j.status = 'queued' and j.dispatched_at is not null
     )
     select s.decision_id, s.kind, q.given_up from sent s
     left join find_queued_jobs(array(select key from sent)) q on q.key = s.key
     where q.key is null or q.given_up order by s.decision_id, s.kind`,
    [organizationId, span.fromId, span.untilId],
    ROWS,
  );
  for await (const rows of jobs) {
    for (const { decision_id: decisionId, kind: job, given_up: givenUp } of rows) {
      found.add({ kind: "queue", decisionId, job, found: givenUp ? "given_up" : "lost" });
    }
  }
}

/** What decisions come to: of one that was granted with another amount, that amount. */
const SUM_OF_DECISIONS = `count(*) as decisions, sum(coalesce(h.granted_counted_amount, d.counted_amount, 0)) as amount`;
const GRANTED_AMOUNTS = `left join (
    select x.decision_id, x.granted_counted_amount from handovers x
    where x.organization_id = $1 and ${within("x.decision_id")}
  ) as h on h.decision_id = d.id`;

interface RollupRow {
  day: string;
  employee_id: string;
  remedy: RollupKey["remedy"];
  verdict: RollupKey["verdict"];
  status: string;
  kept_decisions: string;
  kept_amount: string;
  decisions: string;
  amount: string;
}

/** Sums of days against decisions. Answers those that differ. */
async function compareRollups(look: Look, span: Span): Promise<RollupKey[]> {
  const { snapshot, organizationId, timeZone, found } = look;
  const differing: RollupKey[] = [];
  const sums = snapshot.batches<RollupRow>(
    `select day, employee_id, remedy, verdict, status,
       coalesce(k.decisions, 0) as kept_decisions, coalesce(k.amount, 0) as kept_amount,
       coalesce(t.decisions, 0) as decisions, coalesce(t.amount, 0) as amount
     from (
       select r.day, r.employee_id, r.remedy, r.verdict, r.status, r.decisions, r.amount from decision_rollups r
       where r.organization_id = $1 and ($5::date is null or r.day >= $5) and ($6::date is null or r.day < $6)
     ) as k
     full join (
       select (d.created_at at time zone $4)::date as day, d.employee_id, d.remedy, d.verdict, d.status, ${SUM_OF_DECISIONS}
       from decisions d ${GRANTED_AMOUNTS}
       where d.organization_id = $1 and ${within("d.id")}
       group by 1, 2, 3, 4, 5
     ) as t using (day, employee_id, remedy, verdict, status)
     where coalesce(k.decisions, 0) <> coalesce(t.decisions, 0) or coalesce(k.amount, 0) <> coalesce(t.amount, 0)
     order by day, employee_id, remedy, verdict, status`,
    [organizationId, span.fromId, span.untilId, timeZone, span.fromDay, span.untilDay],
    ROWS,
  );
  for await (const rows of sums) {
    for (const { day, employee_id: employeeId, remedy, verdict, status, ...row } of rows) {
      const key = { day, employeeId, remedy, verdict, status };
      found.add({ kind: "rollup", key, ...expectedAndFound(row) });
      differing.push(key);
    }
  }
  return differing;
}

interface DayRow {
  day: string;
  verdict: DayKey["verdict"];
  status: string;
  kept_decisions: string;
  kept_amount: string;
  decisions: string;
  amount: string;
}

/** The sums of whole days, which lie in several parts, against decisions. Answers those that differ. */
async function compareDays(look: Look, span: Span): Promise<DayKey[]> {
  const { snapshot, organizationId, timeZone, found } = look;
  const differing: DayKey[] = [];
  const sums = snapshot.batches<DayRow>(
    `select day, verdict, status, coalesce(k.decisions, 0) as kept_decisions, coalesce(k.amount, 0) as kept_amount,
       coalesce(t.decisions, 0) as decisions, coalesce(t.amount, 0) as amount
     from (
       select r.day, r.verdict, r.status, sum(r.decisions) as decisions, sum(r.amount) as amount from decision_days r
       where r.organization_id = $1 and ($5::date is null or r.day >= $5) and ($6::date is null or r.day < $6)
       group by 1, 2, 3
     ) as k
     full join (
       select (d.created_at at time zone $4)::date as day, d.verdict, d.status, ${SUM_OF_DECISIONS}
       from decisions d ${GRANTED_AMOUNTS}
       where d.organization_id = $1 and ${within("d.id")}
       group by 1, 2, 3
     ) as t using (day, verdict, status)
     where coalesce(k.decisions, 0) <> coalesce(t.decisions, 0) or coalesce(k.amount, 0) <> coalesce(t.amount, 0)
     order by day, verdict, status`,
    [organizationId, span.fromId, span.untilId, timeZone, span.fromDay, span.untilDay],
    ROWS,
  );
  for await (const rows of sums) {
    for (const { day, verdict, status, ...row } of rows) {
      const key = { day, verdict, status };
      found.add({ kind: "day", key, ...expectedAndFound(row) });
      differing.push(key);
    }
  }
  return differing;
}

function expectedAndFound(row: Pick<DayRow, "decisions" | "amount" | "kept_decisions" | "kept_amount">): {
  expected: Sum;
  found: Sum;
} {
  return {
    expected: { decisions: Number(row.decisions), amount: Number(row.amount) },
    found: { decisions: Number(row.kept_decisions), amount: Number(row.kept_amount) },
  };
}

interface WorkRow {
  decisions: string;
  by_hand: string;
  by_hand_since: Date | null;
  pending: string;
  pending_since: Date | null;
  unknown: string;
  unknown_since: Date | null;
  overdue: string;
  overdue_since: Date | null;
}

/** What has to be carried out, and by whom; and what should have begun by now. */
async function readWork({ snapshot, organizationId, now }: Look, span: Span) {
  const [row] = await snapshot.query<WorkRow>(
    `select (select count(*) from decisions d where d.organization_id = $1 and ${within("d.id")}) as decisions,
       x.*, j.*
     from (
       select count(*) filter (where status = 'by_hand') as by_hand, min(begun_at) filter (where status = 'by_hand') as by_hand_since,
         count(*) filter (where status = 'pending') as pending, min(begun_at) filter (where status = 'pending') as pending_since,
         count(*) filter (where status in ('unknown', 'processing')) as unknown,
         min(begun_at) filter (where status in ('unknown', 'processing')) as unknown_since
       from executions where organization_id = $1 and ${within("decision_id")}
     ) as x, (
       select count(*) filter (where status = 'queued' and run_at < $4) as overdue,
         min(run_at) filter (where status = 'queued' and run_at < $4) as overdue_since
       from jobs where organization_id = $1 and ${within("decision_id")}
     ) as j`,
    [organizationId, span.fromId, span.untilId, new Date(now.getTime() - OVERDUE_MS)],
  );
  if (!row) throw new Error("A count gave no row.");
  const since = (count: string, at: Date | null): Since => ({
    count: Number(count),
    since: at?.toISOString() ?? null,
  });
  return {
    decisions: Number(row.decisions),
    byHand: since(row.by_hand, row.by_hand_since),
    pending: since(row.pending, row.pending_since),
    unknown: since(row.unknown, row.unknown_since),
    overdue: since(row.overdue, row.overdue_since),
  };
}

/**
 * Store credit: accounts and lots against their entries; what was given against the executions that it carried out, each
 * with its amount.
 */
async function compareCredit({ snapshot, organizationId, found }: Look): Promise<void> {
  const differences = snapshot.batches<{
    of: "account" | "lot" | "execution";
    id: string;
    expected: string;
    found: string;
    currency: string;
  }>(
    `select 'account' as of, a.id, coalesce(e.sum, 0) as expected, a.balance as found, a.currency
     from credit_accounts a
     left join (select account_id, sum(amount) as sum from credit_entries where organization_id = $1 group by 1) as e on e.account_id = a.id
     where a.organization_id = $1 and a.kind = 'customer' and a.balance <> coalesce(e.sum, 0)
     union all
     select 'lot', l.id, coalesce(e.sum, 0), l.left_amount, a.currency
     from credit_lots l join credit_accounts a on a.organization_id = $1 and a.id = l.account_id
     left join (select lot_id, sum(amount) as sum from credit_entries where organization_id = $1 and lot_id is not null group by 1) as e
       on e.lot_id = l.id
     where l.organization_id = $1 and l.left_amount <> coalesce(e.sum, 0)
     union all
     select 'execution', coalesce(x.decision_id, t.decision_id), coalesce(x.amount, 0), coalesce(t.amount, 0), coalesce(x.currency, t.currency)
     from (
       -- What is being carried out may have been given already, or not yet.
       select decision_id, amount, currency from executions
       where organization_id = $1 and provider = 'store_credit' and status in ('succeeded', 'processing', 'unknown')
     ) as x
     full join (select decision_id, amount, currency from credit_transactions where organization_id = $1 and kind = 'grant') as t
       on t.decision_id = x.decision_id
     where coalesce(x.amount, 0) <> coalesce(t.amount, 0)
       and not exists (
         select from executions y where y.organization_id = $1 and y.decision_id = x.decision_id
           and t.decision_id is null and y.status in ('processing', 'unknown'))
     order by 1, 2`,
    [organizationId],
    ROWS,
  );
  for await (const rows of differences) {
    for (const row of rows) {
      const { of, id, currency } = row;
      found.add({
        kind: "credit",
        of,
        id,
        expected: Number(row.expected),
        found: Number(row.found),
        currency,
      });
    }
  }
}

interface CounterRow {
  definition: string;
  scope_key: string;
  bucket: string;
  slot: number;
  expected: Counts;
  found: Counts | null;
  adds_up: boolean;
}

/** Counters against the sum of their entries, and their entries against one another. Answers whether any differs. */
async function compareCounters(look: Look): Promise<boolean> {
  const { snapshot, organizationId, found } = look;
  const counters = snapshot.batches<CounterRow>(
    "select definition, scope_key, bucket, slot, expected, found, adds_up from differing_counters($1)",
    [organizationId],
    ROWS,
  );
  let differs = false;
  for await (const rows of counters) {
    for (const { definition, scope_key: scopeKey, bucket, slot, ...row } of rows) {
      const key = { definition, scopeKey, bucket, slot };
      const nowhere: CounterPlace = { limitIds: [], decisionId: null, currency: "" };
      found.add(
        row.adds_up
          ? { kind: "chain", key, ...nowhere }
          : { kind: "counter", key, expected: row.expected, found: row.found, ...nowhere },
      );
      differs = true;
    }
  }
  return differs;
}

async function countCounters({ snapshot, organizationId }: Look): Promise<number> {
  const [row] = await snapshot.query<{ counters: string }>(
    "select count(*) as counters from counters where organization_id = $1",
    [organizationId],
  );
  return Number(row?.counters ?? 0);
}

/** Says of the listed counters which limits count there, and in what currency. */
async function place({ snapshot, organizationId, found }: Look, currency: string): Promise<void> {
  const listed = found.listed.filter(
    (each): each is Extract<Difference, { kind: "counter" | "chain" }> =>
      each.kind === "counter" || each.kind === "chain",
  );
  if (listed.length === 0) return;
  const rows = await snapshot.query<{
    limit_ids: string[] | null;
    decision_id: string | null;
    currency: string | null;
  }>(
    `with listed as (
       select * from rows from (jsonb_to_recordset($2) as (definition text, "scopeKey" text, bucket date, slot integer))
         with ordinality as c (definition, scope_key, bucket, slot, n)
     ), last as (
       -- In one look at all entries: they can't be found by their counter.
       select distinct on (c.n) c.n, e.limit_ids, e.decision_id
       from ledger_entries e join listed c using (definition, scope_key, bucket, slot)
       where e.organization_id = $1 order by c.n, e.decision_id desc, e.seq desc
     )
     select l.limit_ids, l.decision_id, o.currency
     from listed c
     left join last l using (n)
     left join orders o on o.organization_id = $1 and o.id = case
       when c.definition = 'order-refundable' and c.scope_key ~ '^order:[0-9a-f-]{36}$' then substr(c.scope_key, 7)::uuid end
     order by c.n`,
    [organizationId, JSON.stringify(listed.map(({ key }) => key))],
  );
  listed.forEach((difference, index) => {
    const row = rows[index];
    difference.limitIds = row?.limit_ids ?? [];
    difference.decisionId = row?.decision_id ?? null;
    difference.currency = row?.currency ?? currency;
  });
}
