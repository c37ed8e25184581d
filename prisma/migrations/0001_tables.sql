-- Up Migration

-- Two roles besides the one that migrates. Neither can sign in by itself unless an operator lets it.
--   leeway_app     what the app runs as: reads everything of its tenant, writes what people may edit, never history.
--   leeway_ledger  owns the functions that write decisions, counters and ledger; nobody ever connects as it.
-- Roles belong to the whole server, so another database of it may have made them already.
do $$
declare
  r text;
begin
  foreach r in array array['leeway_app', 'leeway_ledger'] loop
    if not exists (select 1 from pg_roles where rolname = r) then
      begin
        execute format('create role %I nologin nosuperuser nobypassrls', r);
      exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then
          raise exception 'The role % is missing, and % may not create it. Ask an administrator of the server to run: CREATE ROLE % NOLOGIN; GRANT % TO %;',
            r, current_user, r, r, current_user;
      end;
    end if;
    begin
      -- From 16 on, who creates a role may administer it and still not act as it.
      if current_setting('server_version_num')::integer >= 160000 then
        if not pg_has_role(current_user, r, 'set') then
          execute format('grant %I to current_user with set true', r);
        end if;
      elsif not pg_has_role(current_user, r, 'member') then
        execute format('grant %I to current_user', r);
      end if;
    exception
      when insufficient_privilege then
        raise exception 'The role % is there, and % may not act as it. Ask an administrator of the server to run: GRANT % TO %;',
          r, current_user, r, current_user;
    end;
  end loop;
end
$$;

-- The tenant of the running transaction; null when none was set, and then no row is visible.
create function current_organization() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('leeway.organization_id', true), '')::uuid;

create table organizations (
  id uuid primary key,
  name text not null check (name <> ''),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  time_zone text not null,
  -- How long a handover may wait before its amount is given back.
  handover_minutes integer not null default 480 check (handover_minutes between 1 and 43200),
  created_at timestamptz not null default now()
);

create table teams (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  -- What policies call the team; never changes, so that a rename doesn't move budgets.
  key text not null check (key ~ '^[a-z0-9][a-z0-9-]*$'),
  name text not null check (name <> ''),
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, key)
);

create table employees (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  email text not null check (email = lower(email) and email like '%@%'),
  name text not null check (name <> ''),
  role text not null check (role in ('agent', 'manager', 'admin', 'auditor')),
  status text not null default 'active' check (status in ('active', 'suspended')),
  team_id uuid,
  manager_id uuid,
  started_on date,
  password_hash text,
  password_one_time boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, email),
  foreign key (organization_id, team_id) references teams (organization_id, id),
  foreign key (organization_id, manager_id) references employees (organization_id, id),
  check (manager_id <> id)
);
-- Sign-in knows an address and no organization yet.
create index employees_email on employees (email);
create index employees_team on employees (organization_id, team_id);
create index employees_manager on employees (organization_id, manager_id);

create table sessions (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  employee_id uuid not null,
  user_agent text,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, employee_id) references employees (organization_id, id)
);
create index sessions_employee on sessions (organization_id, employee_id);

create table api_keys (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  name text not null check (name <> ''),
  -- The readable beginning, so that people can tell keys apart; the key itself is kept as a SHA-256 only.
  prefix text not null,
  key_hash text not null unique check (key_hash ~ '^[0-9a-f]{64}$'),
  scopes text[] not null check (cardinality(scopes) > 0),
  created_by uuid,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, id)
);

create table customers (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  external_ref text check (external_ref <> ''),
  name text not null check (name <> ''),
  email text,
  phone text,
  tier text,
  kind text not null default 'external' check (kind in ('external', 'internal')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, external_ref)
);

create table orders (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  external_ref text not null check (external_ref <> ''),
  customer_id uuid not null,
  amount_paid bigint not null check (amount_paid between 0 and 9007199254740991),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  placed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, external_ref),
  foreign key (organization_id, customer_id) references customers (organization_id, id)
);
create index orders_customer on orders (organization_id, customer_id, placed_at desc nulls last, id desc);

-- What a customer can be found by, a word a row: the words of the name, the address, the digits of the phone, the
-- references of the customer and of their orders. A plain b-tree, because row-level security lets the planner use an
-- index only with leakproof operators: text comparison is, full-text and trigram matching are not.
create table customer_terms (
  organization_id uuid not null references organizations (id),
  term text collate "C" not null,
  customer_id uuid not null,
  -- Set when the term is an order's reference.
  order_id uuid,
  foreign key (organization_id, customer_id) references customers (organization_id, id) on delete cascade,
  foreign key (organization_id, order_id) references orders (organization_id, id) on delete cascade
);
create unique index customer_terms_term on customer_terms (organization_id, term, customer_id, order_id) nulls not distinct;
create index customer_terms_customer on customer_terms (organization_id, customer_id);
create index customer_terms_order on customer_terms (organization_id, order_id);

-- Lower case, without accents: "José" is found by "jose".
create function search_text(value text) returns text
  language sql immutable parallel safe
  return lower(regexp_replace(normalize(value, nfkd), U&'[\0300-\036f]', '', 'g'));

create function customer_terms_of(c customers) returns setof text
  language sql immutable
  begin atomic
    select left(word, 200)
    from regexp_split_to_table(search_text(c.name), '[[:space:],;]+') as word
    where word <> ''
    union
    select left(lower(c.email), 200) where c.email <> ''
    union
    -- A number with its country's code is also found without it: codes have one to three digits.
    select substr(digits, first)
    from (select left(regexp_replace(c.phone, '[^0-9]', '', 'g'), 200) as digits) as p
    cross join generate_series(1, case when c.phone like '+%' then 4 else 1 end) as first
    where substr(digits, first) <> ''
    union
    select left(search_text(c.external_ref), 200) where c.external_ref <> '';
  end;

create function customers_index_terms() returns trigger
  language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from customer_terms
    where organization_id = new.organization_id and customer_id = new.id and order_id is null;
  end if;
  insert into customer_terms (organization_id, term, customer_id)
  select new.organization_id, t, new.id from customer_terms_of(new) as t;
  return null;
end
$$;
create trigger customers_index_terms_insert after insert on customers
  for each row execute function customers_index_terms();
create trigger customers_index_terms_update after update of name, email, phone, external_ref on customers
  for each row when (
    (old.name, old.email, old.phone, old.external_ref) is distinct from (new.name, new.email, new.phone, new.external_ref)
  ) execute function customers_index_terms();

create function orders_index_terms() returns trigger
  language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from customer_terms where organization_id = new.organization_id and order_id = new.id;
  end if;
  insert into customer_terms (organization_id, term, customer_id, order_id)
  values (new.organization_id, left(search_text(new.external_ref), 200), new.customer_id, new.id);
  return null;
end
$$;
create trigger orders_index_terms_insert after insert on orders
  for each row execute function orders_index_terms();
create trigger orders_index_terms_update after update of external_ref, customer_id on orders
  for each row when ((old.external_ref, old.customer_id) is distinct from (new.external_ref, new.customer_id))
  execute function orders_index_terms();

create table policies (
  organization_id uuid not null references organizations (id),
  version integer not null check (version > 0),
  status text not null check (status in ('draft', 'published', 'superseded')),
  document jsonb not null,
  note text,
  author_id uuid,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  primary key (organization_id, version),
  foreign key (organization_id, author_id) references employees (organization_id, id),
  check ((status = 'draft') = (published_at is null))
);
create unique index policies_published on policies (organization_id) where status = 'published';

create table cases (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  customer_id uuid not null,
  employee_id uuid not null,
  channel text not null,
  happened text not null,
  need text,
  cause text not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers (organization_id, id),
  foreign key (organization_id, employee_id) references employees (organization_id, id)
);
create index cases_customer on cases (organization_id, customer_id, id desc);

-- Ids are UUIDv7 of the moment of the decision, so that the primary key is also the order of time: the newest first is
-- a backward scan of it, and of each of the indexes below it.
create table decisions (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  employee_id uuid not null,
  team_id uuid,
  customer_id uuid not null,
  order_id uuid,
  case_id uuid,
  remedy text not null check (remedy in ('refund', 'credit', 'fee_waiver', 'upgrade', 'limit_extension', 'replacement', 'gift')),
  amount bigint not null check (amount between 0 and 9007199254740991),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- In the policy's currency; null where there was no rate to count it by.
  counted_amount bigint check (counted_amount between 0 and 9007199254740991),
  verdict text not null check (verdict in ('allow', 'bend', 'handover', 'deny')),
  status text not null check (status in ('posted', 'reserved', 'refused', 'declined', 'expired', 'released', 'reversed')),
  note text,
  cause text,
  channel text,
  policy_version integer not null,
  explanation jsonb not null,
  -- What was known when it was decided: roles, team, tier, order. Ids and keys only, never names.
  facts jsonb not null,
  -- By what way it came in: the employee's own session, or an API key that acted for them.
  api_key_id uuid,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, employee_id) references employees (organization_id, id),
  foreign key (organization_id, customer_id) references customers (organization_id, id),
  foreign key (organization_id, order_id) references orders (organization_id, id),
  foreign key (organization_id, case_id) references cases (organization_id, id),
  foreign key (organization_id, policy_version) references policies (organization_id, version)
);
create index decisions_customer on decisions (organization_id, customer_id, id desc);
create index decisions_employee on decisions (organization_id, employee_id, id desc);
create index decisions_team on decisions (organization_id, team_id, id desc);
create index decisions_verdict on decisions (organization_id, verdict, id desc);
create index decisions_remedy on decisions (organization_id, remedy, id desc);
create index decisions_cause on decisions (organization_id, cause, id desc);
create index decisions_amount on decisions (organization_id, amount);
create index decisions_policy_version on decisions (organization_id, policy_version, id desc);
create index decisions_order on decisions (organization_id, order_id, id desc) where order_id is not null;

-- What each limit has seen. A row is one definition (scope, window, condition) for one subject in one window's bucket.
create table counters (
  organization_id uuid not null references organizations (id),
  definition text not null,
  scope_key text not null,
  -- The first day of a calendar window, the day itself under a rolling one, 0001-01-01 for what never begins again.
  bucket date not null,
  posted_amount bigint not null default 0 check (posted_amount >= 0),
  reserved_amount bigint not null default 0 check (reserved_amount >= 0),
  posted_count bigint not null default 0 check (posted_count >= 0),
  reserved_count bigint not null default 0 check (reserved_count >= 0),
  primary key (organization_id, definition, scope_key, bucket)
) with (fillfactor = 70);

create table ledger_entries (
  organization_id uuid not null references organizations (id),
  decision_id uuid not null,
  -- Counts up within the decision.
  seq integer not null check (seq > 0),
  kind text not null check (kind in ('post', 'reserve', 'commit', 'release', 'reverse')),
  definition text not null,
  scope_key text not null,
  bucket date not null,
  -- The limits that count here under the policy in force then.
  limit_ids text[] not null,
  amount bigint not null check (amount >= 0),
  count integer not null default 1 check (count >= 0),
  posted_amount_before bigint not null,
  posted_amount_after bigint not null,
  reserved_amount_before bigint not null,
  reserved_amount_after bigint not null,
  posted_count_before bigint not null,
  posted_count_after bigint not null,
  reserved_count_before bigint not null,
  reserved_count_after bigint not null,
  created_at timestamptz not null,
  primary key (organization_id, decision_id, seq),
  foreign key (organization_id, decision_id) references decisions (organization_id, id),
  constraint ledger_entries_add_up check (
    case kind
      when 'post' then
        (posted_amount_after, reserved_amount_after) = (posted_amount_before + amount, reserved_amount_before)
        and (posted_count_after, reserved_count_after) = (posted_count_before + count, reserved_count_before)
      when 'reserve' then
        (posted_amount_after, reserved_amount_after) = (posted_amount_before, reserved_amount_before + amount)
        and (posted_count_after, reserved_count_after) = (posted_count_before, reserved_count_before + count)
      when 'commit' then
        (posted_amount_after, reserved_amount_after) = (posted_amount_before + amount, reserved_amount_before - amount)
        and (posted_count_after, reserved_count_after) = (posted_count_before + count, reserved_count_before - count)
      when 'release' then
        (posted_amount_after, reserved_amount_after) = (posted_amount_before, reserved_amount_before - amount)
        and (posted_count_after, reserved_count_after) = (posted_count_before, reserved_count_before - count)
      when 'reverse' then
        (posted_amount_after, reserved_amount_after) = (posted_amount_before - amount, reserved_amount_before)
        and (posted_count_after, reserved_count_after) = (posted_count_before - count, reserved_count_before)
    end
  )
);
create index ledger_entries_counter on ledger_entries (organization_id, definition, scope_key, bucket);

create table idempotency_keys (
  organization_id uuid not null references organizations (id),
  employee_id uuid not null,
  key text not null check (key <> ''),
  request_hash text not null check (request_hash ~ '^[0-9a-f]{64}$'),
  decision_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, employee_id, key)
);

create table handovers (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  decision_id uuid not null,
  status text not null default 'waiting'
    check (status in ('waiting', 'approved', 'adjusted', 'declined', 'expired', 'withdrawn')),
  asked_by uuid not null,
  -- The nearest person who may answer; null while there is none.
  waiting_for uuid,
  deadline_at timestamptz not null,
  answered_by uuid,
  answered_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, decision_id),
  foreign key (organization_id, decision_id) references decisions (organization_id, id),
  foreign key (organization_id, asked_by) references employees (organization_id, id),
  foreign key (organization_id, waiting_for) references employees (organization_id, id),
  -- Nobody answers their own.
  check (answered_by <> asked_by),
  check (waiting_for <> asked_by)
);
create index handovers_waiting on handovers (organization_id, deadline_at) where status = 'waiting';

-- What the worker owes a decision. The queue that wakes the worker is graphile-worker's; this is the record of it.
create table jobs (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  decision_id uuid not null,
  kind text not null check (kind in ('execute', 'expire_handover')),
  status text not null default 'queued' check (status in ('queued', 'by_hand', 'done', 'cancelled')),
  run_at timestamptz not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, decision_id, kind),
  foreign key (organization_id, decision_id) references decisions (organization_id, id)
);

create table audit_events (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  actor_kind text not null check (actor_kind in ('employee', 'api_key', 'system')),
  actor_id uuid,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);
create index audit_events_subject on audit_events (organization_id, subject_kind, subject_id, id desc);

-- Sums that the recording transaction keeps, so that no dashboard scans decisions. A row is one employee's day, so that
-- two people never wait for one another here. Amounts are in the policy's currency.
create table decision_rollups (
  organization_id uuid not null references organizations (id),
  day date not null,
  employee_id uuid not null,
  remedy text not null,
  verdict text not null,
  status text not null,
  decisions bigint not null default 0 check (decisions >= 0),
  amount bigint not null default 0 check (amount >= 0),
  primary key (organization_id, day, employee_id, remedy, verdict, status)
) with (fillfactor = 70);

-- rate-limiter-flexible's own layout. Keys are digests; nothing here belongs to a tenant.
create unlogged table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);

-- Down Migration
drop table rate_limits, decision_rollups, audit_events, jobs, handovers, idempotency_keys, ledger_entries, counters,
  decisions, cases, policies, customer_terms, orders, customers, api_keys, sessions, employees, teams, organizations cascade;
drop function customers_index_terms, orders_index_terms, search_text, current_organization cascade;
