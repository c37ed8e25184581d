import pg from "pg";
import { audit } from "@/lib/audit/mutations";
import { hashPassword } from "@/lib/auth/password";
import { inTenant, tenantDb } from "@/lib/db/prisma";
import { withTenant } from "@/lib/db/tenant";
import type { Policy } from "@/lib/discretion/schema";
import { DAY_MS, localDay } from "@/lib/discretion/windows";
import { DEMO_ORGANIZATION_ID } from "@/lib/organizations/demo";
import { makePartitions } from "@/lib/partitions/mutations";
import { publishPolicy } from "@/lib/policies/mutations";
import { sumUpOrganization } from "@/lib/sums/mutations";
import { type Calendar, calendarOf } from "./demo/calendar";
import { demoCustomers } from "./demo/customers";
import { settleExecutions } from "./demo/executions";
import { createHistory, type DemoMoment, type Place } from "./demo/history";
import { demoOrders } from "./demo/orders";
import { ADMIN, AGENT, DEMO_PASSWORD, demoPeople } from "./demo/people";
import { DEMO_POLICY, FIRST_NOTE, FORMER_POLICY, PLAIN_POLICY, SECOND_NOTE } from "./demo/policy";
import { demoRequests, HISTORY_DAYS } from "./demo/requests";
import {
  idOf,
  insertCauses,
  insertCustomers,
  insertEmployees,
  insertOrders,
  insertPromises,
  insertTeams,
} from "./demo/rows";
import { type DemoSurvey, insertSurveys } from "./demo/surveys";
import { type DemoUnsent, demoUnsent } from "./demo/unsent";

const NAME = "Alder & Finch";
const { currency, timeZone } = DEMO_POLICY;
const HANDOVER_MINUTES = 480;
const SYSTEM = { kind: "system", id: null } as const;

/** How long ago things happened, in days. */
const FOUNDED_DAYS = 400;
const FIRST_POLICY_DAYS = 120;
const SECOND_POLICY_DAYS = 31;

/**
 * Makes the demo's organization with its people, customers, orders and history, unless it is there. The database must
 * be migrated; `databaseUrl` is its owner's.
 *
 * A seed that is interrupted goes on where it stopped, and tells of the same days: the organization's age says which.
 */
export async function seedDemo(options: {
  databaseUrl: string;
  /** How many days of decisions to tell of; ninety, unless said otherwise. */
  historyDays?: number;
  /** Whether what is there to be found is in it; so it is, unless said otherwise. */
  planted?: boolean;
  log?: (line: string) => void;
}): Promise<{ created: boolean }> {
  const { historyDays = HISTORY_DAYS, planted = true, log = () => undefined } = options;
  if (await isComplete()) return { created: false };
  const owner = new pg.Client({ connectionString: options.databaseUrl });
  await owner.connect();
  try {
    await owner.query("select pg_advisory_lock(hashtextextended('leeway.seed', 0))");
    if (await isComplete()) return { created: false };
    await makeDemo(owner, { historyDays, planted }, log);
    return { created: true };
  } finally {
    await owner.end();
  }
}

/** The event that says so is the last thing that a seed writes. */
async function isComplete(): Promise<boolean> {
  const event = await tenantDb(DEMO_ORGANIZATION_ID).auditEvent.findFirst({
    where: {
      organizationId: DEMO_ORGANIZATION_ID,
      subjectKind: "organization",
      subjectId: DEMO_ORGANIZATION_ID,
      action: "organization.created",
    },
    select: { id: true },
  });
  return event !== null;
}

interface Telling {
  historyDays: number;
  planted: boolean;
}

async function makeDemo(
  owner: pg.Client,
  { historyDays, planted }: Telling,
  log: (line: string) => void,
): Promise<void> {
  const calendar = calendarOf(await found(), timeZone);
  const firstDay = calendar.now - Math.max(FIRST_POLICY_DAYS, historyDays) * DAY_MS;
  await makePartitions(new Date(firstDay), new Date(calendar.now));
  const people = demoPeople(calendar.day(0));
  const customers = demoCustomers();
  const orders = demoOrders(customers, calendar);
  log(`${people.length} employees, ${customers.length} customers, ${orders.length} orders`);
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const ids = await withTenant(DEMO_ORGANIZATION_ID, async (client) => {
    const founded = new Date(calendar.now - FOUNDED_DAYS * DAY_MS);
    const teams = await insertTeams(client, DEMO_ORGANIZATION_ID, founded);
    const employeeIds = await insertEmployees(client, DEMO_ORGANIZATION_ID, people, teams, passwordHash);
    const customerIds = await insertCustomers(client, DEMO_ORGANIZATION_ID, customers, founded);
    const orderIds = await insertOrders(client, DEMO_ORGANIZATION_ID, currency, orders, customerIds);
    return { employees: employeeIds, customers: customerIds, orders: orderIds };
  });
  const place: Place = {
    organizationId: DEMO_ORGANIZATION_ID,
    organizationName: NAME,
    currency,
    timeZone,
    handoverMinutes: HANDOVER_MINUTES,
    now: calendar.now,
    people: new Map(people.map((p) => [p.email, { ...p, id: idOf(ids.employees, p.email) }])),
    customers: ids.customers,
    orders: ids.orders,
  };
  const requests = demoRequests(people, orders, calendar, historyDays, { planted });
  const unsent = demoUnsent(requests, people, calendar);
  const policy = planted ? DEMO_POLICY : PLAIN_POLICY;
  const surveys = await tellHistory(
    place,
    { requests, unsent, policy },
    calendar,
    idOf(ids.employees, ADMIN),
    log,
  );
  await withTenant(DEMO_ORGANIZATION_ID, async (client) => {
    await insertCauses(client, DEMO_ORGANIZATION_ID, new Date(calendar.now));
    const today = localDay(calendar.now, timeZone);
    await insertPromises(client, DEMO_ORGANIZATION_ID, idOf(ids.employees, AGENT), today);
  });
  await settleJobs(owner, calendar.now);
  await insertSurveys(owner, DEMO_ORGANIZATION_ID, surveys);
  await sumUpOrganization(DEMO_ORGANIZATION_ID);
  await complete(calendar.now);
}

/** The organization's row; answers the moment up to which the demo tells, the same one each time. */
async function found(): Promise<number> {
  return inTenant(DEMO_ORGANIZATION_ID, async (tx) => {
    const data = {
      id: DEMO_ORGANIZATION_ID,
      name: NAME,
      currency,
      timeZone,
      handoverMinutes: HANDOVER_MINUTES,
      createdAt: new Date(Date.now() - FOUNDED_DAYS * DAY_MS),
    };
    const { createdAt } = await tx.organization.upsert({
      where: { id: DEMO_ORGANIZATION_ID },
      create: data,
      update: {},
    });
    return createdAt.getTime() + FOUNDED_DAYS * DAY_MS;
  });
}

async function tellHistory(
  place: Place,
  {
    requests,
    unsent,
    policy,
  }: { requests: ReturnType<typeof demoRequests>; unsent: DemoUnsent; policy: Policy },
  calendar: Calendar,
  adminId: string,
  log: (line: string) => void,
): Promise<readonly DemoSurvey[]> {
  let told = 0;
  const progress = () => {
    told += 1;
    if (told % 500 === 0) log(`${told} of ${requests.length} decisions`);
  };
  const history = createHistory(place, unsent.looks);
  const moments: DemoMoment[] = [...requests, ...unsent.left].sort((a, b) => a.at - b.at);
  const turn = calendar.at(SECOND_POLICY_DAYS, 9, 40, 0);
  const isFormer = (moment: DemoMoment) => moment.at < turn;

  await publish(null, FORMER_POLICY, FIRST_NOTE, adminId, calendar.at(FIRST_POLICY_DAYS, 14, 5, 0));
  await history.tell(moments.filter(isFormer), turn, progress);
  await publish(1, policy, SECOND_NOTE, adminId, turn);
  await history.tell(
    moments.filter((moment) => !isFormer(moment)),
    place.now,
    progress,
  );
  log(`${requests.length} decisions`);
  return history.surveys;
}

/** Stale is what a seed meets that was interrupted after this version. */
async function publish(
  base: number | null,
  document: unknown,
  note: string,
  authorId: string,
  at: number,
): Promise<void> {
  const answer = await publishPolicy({
    organizationId: DEMO_ORGANIZATION_ID,
    base,
    document,
    note,
    authorId,
    now: new Date(at),
  });
  if (!answer.ok && answer.code === "invalid") {
    throw new Error(`The demo's policy was refused: ${JSON.stringify(answer.errors)}`);
  }
}

/** What the worker would have done in the past is done, so that it doesn't begin with thousands of old jobs. */
async function settleJobs(owner: pg.Client, now: number): Promise<void> {
  await settleExecutions(owner, DEMO_ORGANIZATION_ID, new Date(now));
  // So many rows came at once that the planner's idea of the tables is of another time.
  await owner.query(
    "analyze organizations, employees, customers, orders, customer_terms, cases, decisions, counters, ledger_entries, audit_events, jobs, executions, execution_providers, credit_accounts, credit_transactions, credit_lots, credit_entries, handovers, survey_answers, decision_rollups, idempotency_keys, unsent_requests",
  );
}

async function complete(now: number): Promise<void> {
  await inTenant(DEMO_ORGANIZATION_ID, (tx) =>
    audit(tx, {
      organizationId: DEMO_ORGANIZATION_ID,
      actor: SYSTEM,
      action: "organization.created",
      subjectId: DEMO_ORGANIZATION_ID,
      data: {},
      at: new Date(now - FOUNDED_DAYS * DAY_MS),
    }),
  );
}
