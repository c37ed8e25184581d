import type pg from "pg";
import { newId } from "@/lib/db/ids";
import type { DemoCustomer } from "./customers";
import type { DemoOrder } from "./orders";
import { type Person, TEAMS } from "./people";
import { CATALOGUE, PROMISES } from "./stories";

// Each of these adds what is missing and leaves what is there, so that a seed that was interrupted can go on.

type Ids = ReadonlyMap<string, string>;

async function idsOf(
  client: pg.PoolClient,
  table: string,
  name: string,
  organizationId: string,
): Promise<Ids> {
  const { rows } = await client.query<{ id: string; name: string }>(
    `select id, ${name} as name from ${table} where organization_id = $1 and ${name} is not null`,
    [organizationId],
  );
  return new Map(rows.map((row) => [row.name, row.id]));
}

/** The id that a reference stands for; it was written a moment ago. */
export function idOf(ids: Ids, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`${name} is missing.`);
  return id;
}

export async function insertTeams(client: pg.PoolClient, organizationId: string, at: Date): Promise<Ids> {
  await client.query(
    `insert into teams (organization_id, id, key, name, created_at)
     select $1, x.id, x.key, x.name, $2 from jsonb_to_recordset($3) as x (id uuid, key text, name text)
     on conflict (organization_id, key) do nothing`,
    [organizationId, at, JSON.stringify(TEAMS.map(({ key, name }) => ({ id: newId(at), key, name })))],
  );
  return idsOf(client, "teams", "key", organizationId);
}

/** `passwordHash` is for those who sign in; the others have no password. */
export async function insertEmployees(
  client: pg.PoolClient,
  organizationId: string,
  people: readonly Person[],
  teams: Ids,
  passwordHash: string,
): Promise<Ids> {
  const made = new Map(people.map((person) => [person.email, newId(new Date(person.startedOn))]));
  const rows = people.map((person) => ({
    id: made.get(person.email),
    email: person.email,
    name: person.name,
    role: person.role,
    team: person.team === null ? null : idOf(teams, person.team),
    started: person.startedOn,
    password: person.signsIn ? passwordHash : null,
  }));
  await client.query(
    `insert into employees (organization_id, id, email, name, role, team_id, started_on, password_hash, created_at, updated_at)
     select $1, x.id, x.email, x.name, x.role, x.team, x.started, x.password, x.started, x.started
     from jsonb_to_recordset($2) as x (id uuid, email text, name text, role text, team uuid, started date, password text)
     on conflict (organization_id, email) do nothing`,
    [organizationId, JSON.stringify(rows)],
  );
  await client.query(
    `update employees e set manager_id = m.id
     from jsonb_to_recordset($2) as x (email text, manager text)
     join employees m on m.organization_id = $1 and m.email = x.manager
     where e.organization_id = $1 and e.email = x.email and e.manager_id is null`,
    [organizationId, JSON.stringify(people.map(({ email, manager }) => ({ email, manager })))],
  );
  return idsOf(client, "employees", "email", organizationId);
}

export async function insertCustomers(
  client: pg.PoolClient,
  organizationId: string,
  customers: readonly DemoCustomer[],
  at: Date,
): Promise<Ids> {
  await client.query(
    `insert into customers (organization_id, id, external_ref, name, email, phone, tier, kind, created_at, updated_at)
     select $1, x.id, x.ref, x.name, x.email, x.phone, x.tier, x.kind, $2, $2
     from jsonb_to_recordset($3) as x (id uuid, ref text, name text, email text, phone text, tier text, kind text)
     on conflict (organization_id, external_ref) do nothing`,
    [organizationId, at, JSON.stringify(customers.map((customer) => ({ ...customer, id: newId(at) })))],
  );
  return idsOf(client, "customers", "external_ref", organizationId);
}

export async function insertOrders(
  client: pg.PoolClient,
  organizationId: string,
  currency: string,
  orders: readonly DemoOrder[],
  customers: Ids,
): Promise<Ids> {
  const rows = orders.map(({ ref, customer, amountPaid, placedAt }) => ({
    id: newId(new Date(placedAt)),
    ref,
    customer: idOf(customers, customer.ref),
    paid: amountPaid,
    placed: new Date(placedAt),
  }));
  await client.query(
    `insert into orders (organization_id, id, external_ref, customer_id, amount_paid, currency, placed_at, created_at, updated_at)
     select $1, x.id, x.ref, x.customer, x.paid, $2, x.placed, x.placed, x.placed
     from jsonb_to_recordset($3) as x (id uuid, ref text, customer uuid, paid bigint, placed timestamptz)
     on conflict (organization_id, external_ref) do nothing`,
    [organizationId, currency, JSON.stringify(rows)],
  );
  return idsOf(client, "orders", "external_ref", organizationId);
}

/** The catalogue of causes. After the history: what was decided before there was one asked nobody for a note. */
export async function insertCauses(client: pg.PoolClient, organizationId: string, at: Date): Promise<void> {
  const causes = Object.entries(CATALOGUE).map(([key, cause]) => ({ key, ...cause }));
  await client.query(
    `insert into causes (organization_id, key, name, needs_note, created_at, updated_at)
     select $1, x.key, x.name, x."needsNote", $2, $2
     from jsonb_to_recordset($3) as x (key text, name text, "needsNote" boolean)
     on conflict (organization_id, key) do nothing`,
    [organizationId, at, JSON.stringify(causes)],
  );
}

/** What somebody promised with their latest cases. */
export async function insertPromises(
  client: pg.PoolClient,
  organizationId: string,
  employeeId: string,
  today: string,
): Promise<void> {
  await client.query(
    `with latest as (
       select d.case_id, d.customer_id, d.created_at, row_number() over (order by d.id desc) as place
       from decisions d where d.organization_id = $1 and d.employee_id = $2 and d.case_id is not null
       order by d.id desc limit $5
     )
     insert into follow_ups (organization_id, case_id, customer_id, employee_id, text, due_on, created_at)
     select $1, l.case_id, l.customer_id, $2, p.value ->> 'text', $3::date + (p.value ->> 'dueInDays')::integer, l.created_at
     from latest l join jsonb_array_elements($4::jsonb) with ordinality as p (value, place) on p.place = l.place
     on conflict do nothing`,
    [organizationId, employeeId, today, JSON.stringify(PROMISES), PROMISES.length],
  );
}
