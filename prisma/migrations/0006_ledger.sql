-- Up Migration

-- The state machine of a decision, as data: every step that there is, and what it does to what the decision holds.
-- From 'asked' a decision is recorded; the others are what may become of it. Nothing else moves a status.
create table decision_steps (
  from_status text not null,
  to_status text not null,
  -- The kind of its ledger entries; null where nothing is held.
  entry_kind text check (entry_kind in ('post', 'reserve', 'commit', 'release', 'reverse')),
  primary key (from_status, to_status)
);
insert into decision_steps (from_status, to_status, entry_kind) values
  ('asked', 'posted', 'post'),
  ('asked', 'reserved', 'reserve'),
  ('asked', 'refused', null),
  ('reserved', 'posted', 'commit'),
  ('reserved', 'declined', 'release'),
  ('reserved', 'expired', 'release'),
  ('reserved', 'released', 'release'),
  ('posted', 'reversed', 'reverse');
grant select on decision_steps to leeway_app, leeway_ledger;

-- Below every id that is made at that moment or later: ids are UUIDv7, so they begin with their milliseconds.
create function least_id_at(p_at timestamptz) returns uuid
  language sql stable parallel safe
  return (lpad(to_hex((extract(epoch from p_at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- What grows with every decision is divided by month. The month is in the id, which is the primary key already, so that
-- an index of one month stays small however many there are, and a page of the newest touches one.
alter table decisions no force row level security;
alter table ledger_entries no force row level security;
alter table audit_events no force row level security;
drop function audit_policy;

do $$
declare
  c record;
  t text;
begin
  for c in
    select con.conname, con.conrelid::regclass as owner from pg_constraint con
    where con.confrelid = 'decisions'::regclass and con.contype = 'f'
  loop
    execute format('alter table %s drop constraint %I', c.owner, c.conname);
  end loop;
  foreach t in array array['decisions', 'ledger_entries', 'audit_events'] loop
    execute format('alter table %I rename to %I', t, t || '_whole');
    for c in select conname from pg_constraint where conrelid = (t || '_whole')::regclass and contype in ('p', 'f') loop
      execute format('alter table %I drop constraint %I cascade', t || '_whole', c.conname);
    end loop;
    execute format(
      'create table %I (like %I including defaults including constraints including comments) partition by range (%I)',
      t, t || '_whole', case t when 'ledger_entries' then 'decision_id' else 'id' end);
    -- For ids of a time that nobody made a place for, such as what is imported of years ago.
    execute format('create table %I partition of %I default', t || '_default', t);
  end loop;
end
$$;

-- Makes the months between two moments ready, and answers which are new. What lies in the default partition already
-- stays there, whole: such a month gets no place of its own.
create function ensure_partitions(p_from timestamptz, p_until timestamptz) returns text[]
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_month timestamp := date_trunc('month', p_from at time zone 'UTC');
  v_made text[] := '{}';
  v_first uuid;
  v_end uuid;
  v_taken boolean;
  t text;
  v_name text;
begin
  perform pg_advisory_xact_lock(hashtextextended('leeway.partitions', 0));
  while v_month <= p_until at time zone 'UTC' loop
    v_first := least_id_at(v_month at time zone 'UTC');
    v_end := least_id_at((v_month + interval '1 month') at time zone 'UTC');
    foreach t in array array['decisions', 'ledger_entries', 'audit_events'] loop
      v_name := t || '_' || to_char(v_month, 'YYYY_MM');
      continue when to_regclass('public.' || v_name) is not null;
      execute format('select exists (select 1 from %I where %2$I >= $1 and %2$I < $2)', t || '_default',
        case t when 'ledger_entries' then 'decision_id' else 'id' end) into v_taken using v_first, v_end;
      continue when v_taken;
      execute format('create table %I partition of %I for values from (%L) to (%L)', v_name, t, v_first, v_end);
      perform guard_partition(v_name);
      v_made := v_made || v_name;
    end loop;
    v_month := v_month + interval '1 month';
  end loop;
  return v_made;
end
$$;

-- A partition is reached through its table, by the table's rights and policies; by its own name nobody has any. What
-- guards rows is inherited; what guards against emptying is not.
create function guard_partition(p_name text) returns void
  language plpgsql set search_path = public, pg_temp as $$
begin
  execute format('revoke all on %I from public, leeway_app, leeway_ledger', p_name);
  execute format('alter table %I enable row level security', p_name);
  execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', p_name);
end
$$;
revoke all on function ensure_partitions(timestamptz, timestamptz), guard_partition(text) from public;
grant execute on function ensure_partitions(timestamptz, timestamptz) to leeway_app;

alter table ledger_entries
  -- The event that wrote it: an entry and its event have the same decision as their subject.
  add column event_id uuid,
  -- The step that it belongs to: the same before and after where it only counts somewhere else.
  add column status_before text,
  add column status_after text,
  -- The slot of the counter, where it is split.
  add column slot integer not null default 0;

do $$
declare
  v_from timestamptz;
  t text;
begin
  select least(min(created_at), now() - interval '4 months') into v_from from audit_events_whole;
  -- Three years of months are enough; what is older goes to the default partition.
  perform ensure_partitions(greatest(v_from, now() - interval '36 months'), now() + interval '3 months');
  foreach t in array array['decisions', 'ledger_entries', 'audit_events'] loop
    perform guard_partition(t || '_default');
  end loop;
end
$$;

-- The events that no seal covers yet. A row is written by the transaction that wrote the event, so whoever reads the
-- queue sees exactly what has been committed: an id that was made early and committed late is sealed late, and not missed.
create table unsealed (
  organization_id uuid not null,
  event_id uuid not null,
  primary key (organization_id, event_id)
);
insert into unsealed (organization_id, event_id) select organization_id, id from audit_events_whole;

insert into decisions select * from decisions_whole;
insert into audit_events select * from audit_events_whole;
insert into ledger_entries
  select l.*,
    (select e.id from audit_events_whole e
      where e.organization_id = l.organization_id and e.subject_kind = 'decision' and e.subject_id = l.decision_id::text
        and e.action = case l.kind when 'release' then 'handover.expired' else 'decision.recorded' end
      order by e.id limit 1),
    case l.kind when 'release' then 'reserved' else 'asked' end,
    case l.kind when 'post' then 'posted' when 'reserve' then 'reserved' else 'expired' end,
    0
  from ledger_entries_whole l;
drop table ledger_entries_whole, decisions_whole, audit_events_whole;

alter table ledger_entries alter column event_id set not null, alter column status_before set not null, alter column status_after set not null;
alter table decisions
  add primary key (organization_id, id),
  add foreign key (organization_id, employee_id) references employees (organization_id, id),
  add foreign key (organization_id, customer_id) references customers (organization_id, id),
  add foreign key (organization_id, order_id) references orders (organization_id, id),
  add foreign key (organization_id, case_id) references cases (organization_id, id),
  add constraint decisions_status_of_verdict check (
    case verdict
      when 'deny' then status = 'refused'
      when 'handover' then status <> 'refused'
      else status in ('posted', 'reversed')
    end
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

alter table ledger_entries add primary key (organization_id, decision_id, seq);
create index ledger_entries_counter on ledger_entries (organization_id, definition, scope_key, bucket);

alter table audit_events add primary key (organization_id, id);
create index audit_events_subject on audit_events (organization_id, subject_kind, subject_id, id desc);

-- A foreign key locks the row that it points to. Where every decision points to the same one, the organization or the version
-- in force, that lock is what they wait for; the employee's and the customer's keys say the organization already, and
-- the version is proven by the function that records. What an entry belongs to is written by the same function, and told
-- apart by the reconciliation.
alter table idempotency_keys drop constraint idempotency_keys_organization_id_fkey;
alter table jobs drop constraint jobs_organization_id_fkey;
alter table handovers drop constraint handovers_organization_id_fkey;
alter table cases drop constraint cases_organization_id_fkey;
alter table counters drop constraint counters_organization_id_fkey;
alter table decision_rollups drop constraint decision_rollups_organization_id_fkey;

alter table handovers add foreign key (organization_id, decision_id) references decisions (organization_id, id);
alter table unsent_requests add foreign key (organization_id, sent_decision_id) references decisions (organization_id, id);
alter table policy_simulation_differences add foreign key (organization_id, decision_id) references decisions (organization_id, id);

do $$
declare
  t text;
begin
  foreach t in array array['decisions', 'ledger_entries', 'audit_events'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select on %I to leeway_app, leeway_ledger', t);
    execute format('grant insert on %I to leeway_ledger', t);
    execute format('create trigger history_rows before %s on %I for each row execute function forbid_change()',
      case t when 'decisions' then 'delete' else 'update or delete' end, t);
    execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', t);
  end loop;
end
$$;
grant insert on audit_events to leeway_app;
grant update (status) on decisions to leeway_ledger;

create or replace function decisions_step() returns trigger
  language plpgsql as $$
begin
  if (to_jsonb(new) - 'status') is distinct from (to_jsonb(old) - 'status') then
    raise exception 'A decision is history: only its status moves.' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select 1 from decision_steps s where s.from_status = old.status and s.to_status = new.status) then
    raise exception 'A decision that is % cannot become %.', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger decisions_step before update on decisions for each row execute function decisions_step();

create function audit_policy(
  p_organization uuid, p_audit_id uuid, p_actor jsonb, p_action text, p_version integer, p_data jsonb, p_at timestamptz
) returns void
  language sql set search_path = public, pg_temp
  begin atomic
    insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
      values (p_organization, p_audit_id, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, p_action, 'policy', p_version::text, p_data, p_at);
  end;

-- ── Slots ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- A counter at which very many meet (a team's, the organization's) can be split into slots: rows that are locked apart.
-- Each slot has a share of what the limit leaves, so that who finds room in one need not look at the others; who finds
-- none locks all of them, counts, and shares out anew. Slot 0 is what was counted before a counter was split.
create table counter_slots (
  organization_id uuid not null references organizations (id),
  definition text not null,
  slots integer not null check (slots between 1 and 64),
  primary key (organization_id, definition)
);
alter table counter_slots enable row level security, force row level security;
create policy tenant on counter_slots using (organization_id = current_organization()) with check (organization_id = current_organization());
grant select on counter_slots to leeway_app, leeway_ledger;
grant insert, update on counter_slots to leeway_ledger;

alter table counters
  add column slot integer not null default 0 check (slot between 0 and 64),
  -- What the slot may come to, and the maximum that this is a share of; another maximum shares out anew.
  add column share_amount bigint,
  add column share_amount_of bigint,
  add column share_count bigint,
  add column share_count_of bigint,
  drop constraint counters_pkey,
  add primary key (organization_id, definition, scope_key, bucket, slot);

-- Splits the counters of a limit into so many slots from now on. It stays split; how finely can be changed.
create function split_counter(p_organization uuid, p_definition text, p_slots integer, p_actor jsonb, p_event uuid, p_at timestamptz) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  insert into counter_slots (organization_id, definition, slots) values (p_organization, p_definition, p_slots)
    on conflict (organization_id, definition) do update set slots = p_slots;
  update counters set share_amount_of = null, share_count_of = null
    where organization_id = p_organization and definition = p_definition and slot > 0;
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, p_event, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'counter.split', 'counter', p_definition,
      jsonb_build_object('slots', p_slots), p_at);
end
$$;

-- ── Seals ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- A seal covers a batch of events with the rows that they wrote, and the seal before it.
create table seals (
  organization_id uuid not null references organizations (id),
  seq bigint not null check (seq > 0),
  -- The hash of the seal before; null for the first.
  previous_hash bytea check (length(previous_hash) = 32),
  -- The root of the Merkle tree over the leaves, in the order of their positions.
  root bytea not null check (length(root) = 32),
  hash bytea not null check (length(hash) = 32),
  leaf_count integer not null check (leaf_count > 0),
  sealed_at timestamptz not null,
  primary key (organization_id, seq),
  check ((seq = 1) = (previous_hash is null))
);

-- One event in a seal: the hash of each of its rows, in order, and the leaf that they make.
create table seal_leaves (
  organization_id uuid not null,
  seal_seq bigint not null,
  position integer not null check (position >= 0),
  event_id uuid not null,
  hash bytea not null check (length(hash) = 32),
  row_hashes bytea not null check (length(row_hashes) > 0 and length(row_hashes) % 32 = 0),
  primary key (organization_id, event_id),
  unique (organization_id, seal_seq, position),
  foreign key (organization_id, seal_seq) references seals (organization_id, seq)
);

create function queue_for_seal() returns trigger
  language plpgsql security definer as $$
begin
  insert into public.unsealed (organization_id, event_id) values (new.organization_id, new.id);
  return null;
end
$$;
create trigger queue_for_seal after insert on audit_events for each row execute function queue_for_seal();

-- Adds a seal to the chain and takes its events from the queue. One sealer at a time: the others wait for the lock, and
-- then find that the chain has moved on. Answers whether this call did it.
create function write_seal(
  p_organization uuid, p_seq bigint, p_previous_hash bytea, p_root bytea, p_hash bytea,
  p_events uuid[], p_hashes bytea[], p_row_hashes bytea[], p_at timestamptz
) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_last seals;
  v_taken bigint;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(hashtextextended('leeway.seal/' || p_organization::text, 0));
  select * into v_last from seals where organization_id = p_organization order by seq desc limit 1;
  if coalesce(v_last.seq, 0) + 1 <> p_seq or v_last.hash is distinct from p_previous_hash then
    return false;
  end if;
  with taken as (
    delete from unsealed where organization_id = p_organization and event_id = any (p_events) returning 1
  )
  select count(*) into v_taken from taken;
  if v_taken <> cardinality(p_events) then
    raise exception 'Some of these events are not waiting to be sealed.';
  end if;
  insert into seals (organization_id, seq, previous_hash, root, hash, leaf_count, sealed_at)
    values (p_organization, p_seq, p_previous_hash, p_root, p_hash, cardinality(p_events), p_at);
  insert into seal_leaves (organization_id, seal_seq, position, event_id, hash, row_hashes)
    select p_organization, p_seq, x.position - 1, x.event_id, x.hash, x.row_hashes
    from unnest(p_events, p_hashes, p_row_hashes) with ordinality as x (event_id, hash, row_hashes, position);
  return true;
end
$$;

-- ── Handovers, reversals, merges ──────────────────────────────────────────────────────────────────────────────────────

alter table organizations
  -- How long a decision can be undone before anybody begins to carry it out.
  add column undo_seconds integer not null default 30 check (undo_seconds between 0 and 3600);

alter table handovers
  -- What was granted, which is the whole of what was asked unless it was adjusted. Amounts as on the decision.
  add column granted_amount bigint check (granted_amount between 0 and 9007199254740991),
  add column granted_counted_amount bigint check (granted_counted_amount between 0 and 9007199254740991),
  add column answer_note text,
  add column answer_policy_version integer,
  -- The answerer's own evaluation.
  add column answer_explanation jsonb,
  add column answered_by_key uuid,
  add foreign key (organization_id, answered_by) references employees (organization_id, id),
  add foreign key (organization_id, answer_policy_version) references policies (organization_id, version),
  add constraint handovers_granted check ((status in ('approved', 'adjusted')) = (granted_amount is not null));

-- A handover is answered, expires or is taken back, once; nothing of it changes afterwards.
create function handovers_step() returns trigger
  language plpgsql as $$
begin
  if old.status <> 'waiting' then
    raise exception 'A handover that is % is history.', old.status using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger handovers_step before update on handovers for each row execute function handovers_step();

alter table jobs drop constraint jobs_status_check;
alter table jobs add constraint jobs_status_check
  -- Of `unknown` nobody knows whether it happened: it holds what it holds until somebody finds out.
  check (status in ('queued', 'by_hand', 'done', 'cancelled', 'unknown'));

-- A decision's transaction writes its job here and wakes nobody: a notification would make every commit wait for every
-- other one. The worker looks for what is due, and hands it to its queue.
alter table jobs add column dispatched_at timestamptz;
update jobs set dispatched_at = created_at;
create index jobs_due on jobs (organization_id, run_at) where status = 'queued' and dispatched_at is null;

-- Puts jobs into the worker's queue. Runs as the owner of the queue, whom neither the app nor the ledger's role may be.
create function enqueue_jobs(p_organization uuid, p_jobs jsonb) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform graphile_worker.add_jobs(array(
    select row(
      x.kind, json_build_object('organizationId', p_organization, 'decisionId', x."decisionId"), null, x."runAt", 25,
      x.kind || '/' || x."decisionId", null, null
    )::graphile_worker.job_spec
    from jsonb_to_recordset(p_jobs) as x (kind text, "decisionId" uuid, "runAt" timestamptz)
  ));
end
$$;

-- Hands up to so many jobs that are due to the worker's queue, each once, and answers how many. Several may call it at once.
create function dispatch_jobs(p_at timestamptz, p_limit integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
  v_jobs jsonb;
  v_sent integer := 0;
begin
  -- In no particular order, so that a busy organization is not always before the others.
  for v_organization in select o.id from organizations o order by random() loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    with due as (
      select j.id from jobs j
        where j.organization_id = v_organization and j.status = 'queued' and j.dispatched_at is null and j.run_at <= p_at
        order by j.run_at limit p_limit - v_sent for update skip locked
    ), sent as (
      update jobs j set dispatched_at = p_at from due
        where j.organization_id = v_organization and j.id = due.id
        returning j.kind, j.decision_id, j.run_at
    )
    select jsonb_agg(jsonb_build_object('kind', s.kind, 'decisionId', s.decision_id, 'runAt', s.run_at)) into v_jobs from sent s;
    continue when v_jobs is null;
    perform enqueue_jobs(v_organization, v_jobs);
    v_sent := v_sent + jsonb_array_length(v_jobs);
    exit when v_sent >= p_limit;
  end loop;
  return v_sent;
end
$$;

create table reversals (
  organization_id uuid not null references organizations (id),
  decision_id uuid not null,
  -- Undone before anybody began to carry it out, or reversed later for a reason.
  kind text not null check (kind in ('undo', 'reversal')),
  reason text check (reason <> ''),
  reversed_by uuid not null,
  api_key_id uuid,
  created_at timestamptz not null,
  primary key (organization_id, decision_id),
  foreign key (organization_id, decision_id) references decisions (organization_id, id),
  foreign key (organization_id, reversed_by) references employees (organization_id, id),
  check (kind = 'undo' or reason is not null)
);

-- Two records of one customer. The duplicate stays and points to the record that it was merged into.
alter table customers
  add column merged_into uuid,
  -- Since when nothing says any more who it was; nobody decides for them then.
  add column erased_at timestamptz,
  add foreign key (organization_id, merged_into) references customers (organization_id, id),
  add constraint customers_merged_into_other check (merged_into <> id);
create index customers_merged on customers (organization_id, merged_into) where merged_into is not null;

create table customer_merges (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  -- The duplicate, and the record that it was merged into.
  duplicate_id uuid not null,
  customer_id uuid not null,
  reason text not null check (reason <> ''),
  merged_by uuid,
  merged_at timestamptz not null,
  undone_by uuid,
  undone_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, duplicate_id) references customers (organization_id, id),
  foreign key (organization_id, customer_id) references customers (organization_id, id),
  foreign key (organization_id, merged_by) references employees (organization_id, id),
  foreign key (organization_id, undone_by) references employees (organization_id, id)
);
create unique index customer_merges_standing on customer_merges (organization_id, duplicate_id) where undone_at is null;
create index customer_merges_customer on customer_merges (organization_id, customer_id);

-- A merge's only moving part is its undoing.
create function customer_merges_step() returns trigger
  language plpgsql as $$
begin
  if old.undone_at is not null
    or (to_jsonb(new) - 'undone_at' - 'undone_by') is distinct from (to_jsonb(old) - 'undone_at' - 'undone_by') then
    raise exception 'A merge is history: it can be undone, once.' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger customer_merges_step before update on customer_merges for each row execute function customer_merges_step();

do $$
declare
  t text;
begin
  foreach t in array array['unsealed', 'seals', 'seal_leaves', 'reversals', 'customer_merges'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select on %I to leeway_app', t);
    execute format('grant select, insert on %I to leeway_ledger', t);
  end loop;
  foreach t in array array['seals', 'seal_leaves', 'reversals'] loop
    execute format('create trigger history_rows before update or delete on %I for each row execute function forbid_change()', t);
    execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', t);
  end loop;
  foreach t in array array['customer_merges', 'handovers'] loop
    execute format('create trigger history_rows before delete on %I for each row execute function forbid_change()', t);
    execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', t);
  end loop;
end
$$;
grant delete on unsealed to leeway_ledger;
grant update (undone_by, undone_at) on customer_merges to leeway_ledger;
grant select, update (merged_into) on customers to leeway_ledger;
-- The app edits what a customer is called and how they are reached; which record they are is decided by a merge.
revoke update on customers from leeway_app;
grant update (external_ref, name, email, phone, tier, kind, updated_at) on customers to leeway_app;

-- Who looks after every organization needs to know which there are, and no more than that.
create policy roster on organizations for select to leeway_ledger using (true);
create function list_organizations() returns setof uuid
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select o.id from organizations o order by o.id;
end
$$;

-- The record that stands for a customer: itself, or what it was merged into, and so on.
create function standing_customer(p_organization uuid, p_customer uuid) returns uuid
  language plpgsql stable parallel safe as $$
declare
  v_id uuid := p_customer;
  v_next uuid;
begin
  loop
    select c.merged_into into v_next from customers c where c.organization_id = p_organization and c.id = v_id;
    exit when v_next is null;
    v_id := v_next;
  end loop;
  return v_id;
end
$$;

-- The records that a customer stands for: itself and all that were merged into it.
create function merged_customers(p_organization uuid, p_customer uuid) returns setof uuid
  language sql stable parallel safe
  begin atomic
    with recursive tree (id) as (
      select p_customer
      union
      select c.id from customers c join tree on c.merged_into = tree.id where c.organization_id = p_organization
    )
    select id from tree;
  end;

-- Both as before, in a language that keeps its plans: each decision asks.
create or replace function policy_in_force(p_organization uuid, p_team uuid, p_at timestamptz) returns integer
  language plpgsql stable parallel safe as $$
begin
  return coalesce(
    (select t.version from policy_trials t
      where t.organization_id = p_organization and t.team_id = p_team
        and t.starts_at <= p_at and p_at < coalesce(t.ended_at, t.ends_at)
      order by t.starts_at desc limit 1),
    (select p.version from policies p where p.organization_id = p_organization and p.status = 'published')
  );
end
$$;
create or replace function policies_in_force(p_organization uuid, p_at timestamptz) returns integer[]
  language plpgsql stable parallel safe as $$
begin
  return array(
    select p.version from policies p where p.organization_id = p_organization and p.status = 'published'
    union
    select t.version from policy_trials t
      where t.organization_id = p_organization and t.starts_at <= p_at and p_at < coalesce(t.ended_at, t.ends_at)
    order by 1
  );
end
$$;

-- What a verdict needs is read, and a decision recorded, by functions of 0012 from here on: both know of merges, slots and steps.
drop function read_decision_inputs;

-- ── What writes history ───────────────────────────────────────────────────────────────────────────────────────────────

create function audit_decision(
  p_organization uuid, p_event uuid, p_actor jsonb, p_action text, p_decision uuid, p_data jsonb, p_at timestamptz
) returns void
  language sql
  begin atomic
    insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
      values (p_organization, p_event, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, p_action, 'decision', p_decision::text, p_data, p_at);
  end;

-- Adds to one counter and writes the entry that says what was before and after, on the counter and on the decision. The
-- counter must exist. A guard bounds what the counter (with the days before, under a rolling window) comes to.
-- Raises LW001 when a guard would be passed; the detail names the counter's definition.
drop function count_entry;
create function count_entry(
  p_organization uuid, p_decision uuid, p_seq integer, p_kind text, p_definition text, p_scope_key text, p_bucket date,
  p_slot integer, p_limit_ids text[], p_amount bigint, p_count integer, p_event uuid, p_before text, p_after text, p_at timestamptz,
  p_guard_amount bigint, p_guard_count bigint, p_rolling_from date
) returns void
  language plpgsql as $$
declare
  k counters;
  v_before_amount bigint := 0;
  v_before_count bigint := 0;
  d_posted integer := case p_kind when 'post' then 1 when 'commit' then 1 when 'reverse' then -1 else 0 end;
  d_reserved integer := case p_kind when 'reserve' then 1 when 'commit' then -1 when 'release' then -1 else 0 end;
begin
  if p_rolling_from is not null then
    -- Days of a rolling window are separate rows, so all who count in the window meet at its head first.
    perform 1 from counters
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key
        and bucket = date '0001-01-01'
      for update;
    select coalesce(sum(posted_amount + reserved_amount), 0), coalesce(sum(posted_count + reserved_count), 0)
      into v_before_amount, v_before_count
      from counters
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key
        and bucket >= p_rolling_from and bucket <> p_bucket;
  end if;

  update counters set
      posted_amount = posted_amount + d_posted * p_amount,
      reserved_amount = reserved_amount + d_reserved * p_amount,
      posted_count = posted_count + d_posted * p_count,
      reserved_count = reserved_count + d_reserved * p_count
    where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket
      and slot = p_slot
      and (p_guard_amount is null
        or v_before_amount + posted_amount + reserved_amount + (d_posted + d_reserved) * p_amount <= p_guard_amount)
      and (p_guard_count is null
        or v_before_count + posted_count + reserved_count + (d_posted + d_reserved) * p_count <= p_guard_count)
    returning * into k;
  if not found then
    raise exception 'A counter has run full meanwhile.' using errcode = 'LW001', detail = p_definition;
  end if;
  perform write_entry(p_decision, p_seq, p_kind, k, p_limit_ids, p_amount, p_count, p_event, p_before, p_after, p_at);
end
$$;

-- The entry of what was just added to a counter.
create function write_entry(
  p_decision uuid, p_seq integer, p_kind text, k counters, p_limit_ids text[], p_amount bigint, p_count integer,
  p_event uuid, p_before text, p_after text, p_at timestamptz
) returns void
  language plpgsql as $$
declare
  d_posted integer := case p_kind when 'post' then 1 when 'commit' then 1 when 'reverse' then -1 else 0 end;
  d_reserved integer := case p_kind when 'reserve' then 1 when 'commit' then -1 when 'release' then -1 else 0 end;
begin
  insert into ledger_entries (
    organization_id, decision_id, seq, kind, definition, scope_key, bucket, slot, limit_ids, amount, count,
    posted_amount_before, posted_amount_after, reserved_amount_before, reserved_amount_after,
    posted_count_before, posted_count_after, reserved_count_before, reserved_count_after,
    event_id, status_before, status_after, created_at
  ) values (
    k.organization_id, p_decision, p_seq, p_kind, k.definition, k.scope_key, k.bucket, k.slot, p_limit_ids, p_amount, p_count,
    k.posted_amount - d_posted * p_amount, k.posted_amount, k.reserved_amount - d_reserved * p_amount, k.reserved_amount,
    k.posted_count - d_posted * p_count, k.posted_count, k.reserved_count - d_reserved * p_count, k.reserved_count,
    p_event, p_before, p_after, p_at
  );
end
$$;

-- As count_entry, for what is added to a counter that may be split. A counter with a rolling window is not: all who count
-- in it meet at its head anyway.
create function count_asked(
  p_organization uuid, p_decision uuid, p_seq integer, p_kind text, p_definition text, p_scope_key text, p_bucket date,
  p_limit_ids text[], p_amount bigint, p_count integer, p_event uuid, p_before text, p_after text, p_at timestamptz,
  p_guard_amount bigint, p_guard_count bigint, p_rolling_from date
) returns void
  language plpgsql as $$
declare
  k counters;
  v_slots integer;
  v_slot integer;
  v_amount bigint;
  v_count bigint;
  d_posted integer := case p_kind when 'post' then 1 else 0 end;
begin
  if p_rolling_from is null and counter_heat(p_scope_key) >= 2 then
    select s.slots into v_slots from counter_slots s where s.organization_id = p_organization and s.definition = p_definition;
  end if;
  if v_slots is null then
    perform count_entry(p_organization, p_decision, p_seq, p_kind, p_definition, p_scope_key, p_bucket, 0, p_limit_ids,
      p_amount, p_count, p_event, p_before, p_after, p_at, p_guard_amount, p_guard_count, p_rolling_from);
    return;
  end if;

  v_slot := 1 + (hashtext(p_decision::text) & 2147483647) % v_slots;
  -- An update that waited, and then found no room, still holds the row: going back to before it lets go of that, so that
  -- nobody who shares out holds a slot out of turn.
  begin
    update counters set
        posted_amount = posted_amount + d_posted * p_amount, reserved_amount = reserved_amount + (1 - d_posted) * p_amount,
        posted_count = posted_count + d_posted * p_count, reserved_count = reserved_count + (1 - d_posted) * p_count
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket
        and slot = v_slot
        -- What may pass the limit takes from what the other slots believe that they have: then nothing is shared any more.
        and share_amount_of is not distinct from p_guard_amount
        and (p_guard_amount is null or posted_amount + reserved_amount + p_amount <= share_amount)
        and share_count_of is not distinct from p_guard_count
        and (p_guard_count is null or posted_count + reserved_count + p_count <= share_count)
      returning * into k;
    if not found then
      raise exception 'No room in this slot.' using errcode = 'LW003';
    end if;
  exception
    when sqlstate 'LW003' then k := null;
  end;
  if k.definition is null then
    insert into counters (organization_id, definition, scope_key, bucket, slot)
      select p_organization, p_definition, p_scope_key, p_bucket, n from generate_series(0, v_slots) as n
      on conflict do nothing;
    -- Always from the first to the last, so that those who share out never wait in a circle.
    perform 1 from counters
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket
      order by slot for update;
    select sum(posted_amount + reserved_amount) + p_amount, sum(posted_count + reserved_count) + p_count
      into v_amount, v_count
      from counters
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket;
    if v_amount > p_guard_amount or v_count > p_guard_count then
      raise exception 'A counter has run full meanwhile.' using errcode = 'LW001', detail = p_definition;
    end if;
    update counters set
        posted_amount = posted_amount + case slot when v_slot then d_posted * p_amount else 0 end,
        reserved_amount = reserved_amount + case slot when v_slot then (1 - d_posted) * p_amount else 0 end,
        posted_count = posted_count + case slot when v_slot then d_posted * p_count else 0 end,
        reserved_count = reserved_count + case slot when v_slot then (1 - d_posted) * p_count else 0 end,
        share_amount = posted_amount + reserved_amount + case slot when v_slot then p_amount else 0 end
          + (p_guard_amount - v_amount) / v_slots + case when slot <= (p_guard_amount - v_amount) % v_slots then 1 else 0 end,
        share_amount_of = p_guard_amount,
        share_count = posted_count + reserved_count + case slot when v_slot then p_count else 0 end
          + (p_guard_count - v_count) / v_slots + case when slot <= (p_guard_count - v_count) % v_slots then 1 else 0 end,
        share_count_of = p_guard_count
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket
        and slot between 1 and v_slots;
    -- What was a slot while it was split more finely has no share any more.
    update counters set share_amount_of = null, share_count_of = null
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket
        and slot > v_slots and (share_amount_of is not null or share_count_of is not null);
    select * into k from counters
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket
        and slot = v_slot;
  end if;
  perform write_entry(p_decision, p_seq, p_kind, k, p_limit_ids, p_amount, p_count, p_event, p_before, p_after, p_at);
end
$$;

-- The entry of a step of a decision that counts nowhere: no limit applies to it. Its "counter" is the decision's own.
create function note_step(
  p_organization uuid, p_decision uuid, p_seq integer, p_kind text, p_amount bigint, p_event uuid, p_before text, p_after text,
  p_at timestamptz
) returns void
  language sql
  begin atomic
    insert into ledger_entries (
      organization_id, decision_id, seq, kind, definition, scope_key, bucket, limit_ids, amount, count,
      posted_amount_before, posted_amount_after, reserved_amount_before, reserved_amount_after,
      posted_count_before, posted_count_after, reserved_count_before, reserved_count_after,
      event_id, status_before, status_after, created_at
    ) select
      p_organization, p_decision, p_seq, p_kind, 'decision', 'decision:' || p_decision, date '0001-01-01', '{}', p_amount, 1,
      p_amount * posted_before, p_amount * posted_after, p_amount * reserved_before, p_amount * reserved_after,
      posted_before, posted_after, reserved_before, reserved_after,
      p_event, p_before, p_after, p_at
    from (values ('post', 0, 1, 0, 0), ('reserve', 0, 0, 0, 1), ('commit', 0, 1, 1, 0), ('release', 0, 0, 1, 0), ('reverse', 1, 0, 0, 0))
      as step (kind, posted_before, posted_after, reserved_before, reserved_after)
    where step.kind = p_kind;
  end;

-- What a decision holds now: for each counter what its entries come to, leaving out what came to nothing.
create function decision_holdings(p_organization uuid, p_decision uuid) returns table (
  definition text, scope_key text, bucket date, slot integer, limit_ids text[], kind text, amount bigint, count integer
)
  language sql stable
  begin atomic
    select l.definition, l.scope_key, l.bucket, l.slot, l.limit_ids,
        case when n.reserved_count > 0 then 'reserved' else 'posted' end,
        (case when n.reserved_count > 0 then n.reserved_amount else n.posted_amount end)::bigint,
        (case when n.reserved_count > 0 then n.reserved_count else n.posted_count end)::integer
      from (
        select e.definition, e.scope_key, e.bucket, max(e.seq) as last_seq,
            sum(e.posted_amount_after - e.posted_amount_before) as posted_amount,
            sum(e.reserved_amount_after - e.reserved_amount_before) as reserved_amount,
            sum(e.posted_count_after - e.posted_count_before) as posted_count,
            sum(e.reserved_count_after - e.reserved_count_before) as reserved_count
          from ledger_entries e
          where e.organization_id = p_organization and e.decision_id = p_decision
          group by e.definition, e.scope_key, e.bucket, e.slot
      ) as n
      join ledger_entries l on l.organization_id = p_organization and l.decision_id = p_decision and l.seq = n.last_seq
      where n.posted_count > 0 or n.reserved_count > 0
      order by counter_heat(l.scope_key), l.definition, l.scope_key, l.bucket;
  end;

-- Writes the entries of a step: each counter that the decision holds moves along.
create function count_step(
  p_organization uuid, p_decision uuid, p_kind text, p_event uuid, p_before text, p_after text, p_at timestamptz
) returns void
  language plpgsql as $$
declare
  h record;
  v_seq integer;
begin
  select coalesce(max(seq), 0) into v_seq from ledger_entries where organization_id = p_organization and decision_id = p_decision;
  for h in select * from decision_holdings(p_organization, p_decision) loop
    v_seq := v_seq + 1;
    if h.definition = 'decision' then
      perform note_step(p_organization, p_decision, v_seq, p_kind, h.amount, p_event, p_before, p_after, p_at);
    else
      perform count_entry(p_organization, p_decision, v_seq, p_kind, h.definition, h.scope_key, h.bucket, h.slot, h.limit_ids,
        h.amount, h.count, p_event, p_before, p_after, p_at, null, null, null);
    end if;
  end loop;
end
$$;

create or replace function count_rollup(
  p_organization uuid, p_day date, p_employee uuid, p_remedy text, p_verdict text, p_status text, p_decisions integer, p_amount bigint
) returns void
  language plpgsql as $$
begin
  insert into decision_rollups (organization_id, day, employee_id, remedy, verdict, status, decisions, amount)
    values (p_organization, p_day, p_employee, p_remedy, p_verdict, p_status, greatest(p_decisions, 0), greatest(p_amount, 0))
    on conflict (organization_id, day, employee_id, remedy, verdict, status) do update set
      decisions = decision_rollups.decisions + p_decisions,
      amount = decision_rollups.amount + p_amount;
end
$$;

-- Moves a day's sums from one status to another.
create function move_rollup(
  p_organization uuid, p_decision decisions, p_from text, p_amount bigint, p_to text, p_new_amount bigint
) returns void
  language plpgsql as $$
declare
  d alias for p_decision;
  v_day date;
begin
  select (d.created_at at time zone o.time_zone)::date into v_day from organizations o where o.id = p_organization;
  perform count_rollup(p_organization, v_day, d.employee_id, d.remedy, d.verdict, p_from, -1, -coalesce(p_amount, 0));
  perform count_rollup(p_organization, v_day, d.employee_id, d.remedy, d.verdict, p_to, 1, coalesce(p_new_amount, 0));
end
$$;

-- Takes one step of the state machine with all that belongs to it: status, entries, sums. The event that the entries
-- name is the caller's to write, in the same transaction. Whoever comes second waits for the row, and then finds that
-- there is no such step any more.
create function take_step(p_organization uuid, p_decision uuid, p_to text, p_event uuid, p_at timestamptz) returns decisions
  language plpgsql as $$
declare
  d decisions;
  v_kind text;
  v_amount bigint;
begin
  select * into d from decisions where organization_id = p_organization and id = p_decision for no key update;
  select entry_kind into v_kind from decision_steps where from_status = d.status and to_status = p_to;
  if not found then
    raise exception 'A decision that is % cannot become %.', d.status, p_to using errcode = 'check_violation';
  end if;
  update decisions set status = p_to where organization_id = p_organization and id = p_decision;
  perform count_step(p_organization, p_decision, v_kind, p_event, d.status, p_to, p_at);
  select coalesce(h.granted_counted_amount, d.counted_amount) into v_amount
    from (select 1) as one
    left join handovers h on h.organization_id = p_organization and h.decision_id = p_decision;
  perform move_rollup(p_organization, d, d.status, v_amount, p_to, v_amount);
  return d;
end
$$;

-- Makes the counters of a list exist, each rolling one with its head, in the order in which they are locked.
create function ensure_counters(p_organization uuid, p_counters jsonb) returns void
  language plpgsql as $$
begin
  insert into counters (organization_id, definition, scope_key, bucket)
    select p_organization, x.definition, x."scopeKey", b.bucket
      from jsonb_to_recordset(p_counters) as x (definition text, "scopeKey" text, bucket date, "rollingFrom" date)
      cross join lateral (
        select x.bucket union select date '0001-01-01' where x."rollingFrom" is not null
      ) as b
      order by counter_heat(x."scopeKey"), x.definition, x."scopeKey", b.bucket
    on conflict do nothing;
end
$$;

create or replace function expire_handover(p_organization uuid, p_decision uuid, p_at timestamptz, p_audit_id uuid) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  -- A version that is being published counts what is reserved: it must not be released meanwhile.
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  update handovers set status = 'expired', answered_at = p_at
    where organization_id = p_organization and decision_id = p_decision and status = 'waiting' and deadline_at <= p_at;
  if not found then
    return false;
  end if;
  perform take_step(p_organization, p_decision, 'expired', p_audit_id, p_at);
  update jobs set status = 'done', finished_at = p_at
    where organization_id = p_organization and decision_id = p_decision and kind = 'expire_handover';
  perform audit_decision(p_organization, p_audit_id, '{"kind": "system"}', 'handover.expired', p_decision, '{}', p_at);
  return true;
end
$$;

-- Takes a waiting handover back, by who asked; what it held is free again. Answers
-- {"outcome": "withdrawn" | "missing" | "not_allowed"} or {"outcome": "answered", "status"}.
create function withdraw_handover(
  p_organization uuid, p_handover uuid, p_by uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  h handovers;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  select * into h from handovers where organization_id = p_organization and id = p_handover for no key update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif h.asked_by <> p_by then
    return jsonb_build_object('outcome', 'not_allowed');
  elsif h.status <> 'waiting' then
    return jsonb_build_object('outcome', 'answered', 'status', h.status);
  end if;
  update handovers set status = 'withdrawn', answered_at = p_at where organization_id = p_organization and id = p_handover;
  perform take_step(p_organization, h.decision_id, 'released', p_event, p_at);
  update jobs set status = 'cancelled', finished_at = p_at
    where organization_id = p_organization and decision_id = h.decision_id and kind = 'expire_handover';
  perform audit_decision(p_organization, p_event, p_actor, 'handover.withdrawn', h.decision_id, '{}', p_at);
  return jsonb_build_object('outcome', 'withdrawn');
end
$$;

-- Answers a waiting handover, whole or not at all. p_answer:
--   handoverId, answer ("approve" | "adjust" | "decline"), by, actor, note, eventId, at
-- and, where something is granted, what the answerer's evaluation was based on:
--   amount, countedAmount, explanation, policyVersion, teamId, askerVersion, askerTeamId, versionsInForce, customerId,
--   counters (as of a decision, besides "askers": only the asker counts there), job {id, runAt}
-- What the decision holds is counted for the asker already, and stays so with what is granted. Where only the asker would
-- count anew, that is because of an amount that was adjusted.
-- Answers {"outcome": "answered", "status"}, {"outcome": "missing" | "own" | "expired" | "policy_changed"},
-- {"outcome": "already", "status", "by", "note", "amount"} or {"outcome": "full", "definition"}.
create function answer_handover(p_organization uuid, p_answer jsonb) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  a record;
  c record;
  h handovers;
  d decisions;
  v_status text;
  v_amount bigint;
  v_seq integer;
  v_definition text;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  select * into a from jsonb_to_record(p_answer) as x (
    "handoverId" uuid, answer text, "by" uuid, actor jsonb, note text, amount bigint, "countedAmount" bigint,
    explanation jsonb, "policyVersion" integer, "teamId" uuid, "askerVersion" integer, "askerTeamId" uuid,
    "versionsInForce" integer[], "customerId" uuid, counters jsonb, job jsonb, "eventId" uuid, at timestamptz
  );
  select * into h from handovers where organization_id = p_organization and id = a."handoverId" for no key update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif h.asked_by = a."by" then
    return jsonb_build_object('outcome', 'own');
  elsif h.status <> 'waiting' then
    return jsonb_build_object('outcome', 'already', 'status', h.status, 'by', h.answered_by, 'note', h.answer_note,
      'amount', h.granted_amount);
  elsif h.deadline_at <= a.at then
    return jsonb_build_object('outcome', 'expired');
  end if;
  v_status := case a.answer when 'approve' then 'approved' when 'adjust' then 'adjusted' when 'decline' then 'declined' end;

  if v_status = 'declined' then
    update handovers set status = v_status, answered_by = a."by", answered_at = a.at, answer_note = a.note,
        answered_by_key = case when a.actor ->> 'kind' = 'api_key' then (a.actor ->> 'id')::uuid end
      where organization_id = p_organization and id = h.id;
    perform take_step(p_organization, h.decision_id, 'declined', a."eventId", a.at);
  else
    begin
      if policy_in_force(p_organization, a."teamId", a.at) is distinct from a."policyVersion"
        or policy_in_force(p_organization, a."askerTeamId", a.at) is distinct from a."askerVersion"
        or policies_in_force(p_organization, a.at) is distinct from a."versionsInForce"
        or standing_customer(p_organization, a."customerId") <> a."customerId" then
        raise exception 'Another policy is in force.' using errcode = 'LW002';
      end if;
      select * into d from decisions where organization_id = p_organization and id = h.decision_id for no key update;
      update handovers set status = v_status, answered_by = a."by", answered_at = a.at, answer_note = a.note,
          granted_amount = a.amount, granted_counted_amount = a."countedAmount", answer_policy_version = a."policyVersion",
          answer_explanation = a.explanation,
          answered_by_key = case when a.actor ->> 'kind' = 'api_key' then (a.actor ->> 'id')::uuid end
        where organization_id = p_organization and id = h.id;
      update decisions set status = 'posted' where organization_id = p_organization and id = d.id;
      perform ensure_counters(p_organization, a.counters);

      select coalesce(max(seq), 0) into v_seq from ledger_entries where organization_id = p_organization and decision_id = d.id;
      for c in
        select coalesce(k.definition, x.definition) as definition, coalesce(k.scope_key, x."scopeKey") as scope_key,
            coalesce(k.bucket, x.bucket) as bucket, k.slot, coalesce(x."limitIds", k.limit_ids) as limit_ids,
            k.amount as held, k.count as held_count, x."guardAmount" as guard_amount, x."guardCount" as guard_count,
            x."rollingFrom" as rolling_from,
            case when coalesce(k.definition, x.definition) = 'order-refundable' then a.amount
              else coalesce(a."countedAmount", 0) end as granted
          from decision_holdings(p_organization, d.id) as k
          full join jsonb_to_recordset(a.counters) as x (
            definition text, "scopeKey" text, bucket date, "rollingFrom" date, "limitIds" text[],
            "guardAmount" bigint, "guardCount" bigint, askers boolean
          ) on x.definition = k.definition and x."scopeKey" = k.scope_key and x.bucket = k.bucket
          where k.definition is not null or not x.askers or a.answer = 'adjust'
          order by counter_heat(coalesce(k.scope_key, x."scopeKey")), 1, 2, 3
      loop
        if c.definition = 'decision' then
          v_seq := v_seq + 1;
          if c.held = c.granted then
            perform note_step(p_organization, d.id, v_seq, 'commit', c.held, a."eventId", 'reserved', 'posted', a.at);
            continue;
          end if;
          perform note_step(p_organization, d.id, v_seq, 'release', c.held, a."eventId", 'reserved', 'posted', a.at);
          v_seq := v_seq + 1;
          perform note_step(p_organization, d.id, v_seq, 'post', c.granted, a."eventId", 'reserved', 'posted', a.at);
          continue;
        end if;
        if c.definition = 'order-refundable' then
          select o.amount_paid into c.guard_amount from orders o where o.organization_id = p_organization and o.id = d.order_id;
        end if;
        if c.held = c.granted then
          v_seq := v_seq + 1;
          perform count_entry(p_organization, d.id, v_seq, 'commit', c.definition, c.scope_key, c.bucket, c.slot, c.limit_ids, c.held,
            c.held_count, a."eventId", 'reserved', 'posted', a.at,
            case when c.slot = 0 then c.guard_amount end, case when c.slot = 0 then c.guard_count end, c.rolling_from);
          continue;
        end if;
        if c.held is not null then
          v_seq := v_seq + 1;
          perform count_entry(p_organization, d.id, v_seq, 'release', c.definition, c.scope_key, c.bucket, c.slot, c.limit_ids, c.held,
            c.held_count, a."eventId", 'reserved', 'posted', a.at, null, null, null);
        end if;
        v_seq := v_seq + 1;
        perform count_asked(p_organization, d.id, v_seq, 'post', c.definition, c.scope_key, c.bucket, c.limit_ids, c.granted,
          1, a."eventId", 'reserved', 'posted', a.at, c.guard_amount, c.guard_count, c.rolling_from);
      end loop;
      perform move_rollup(p_organization, d, 'reserved', d.counted_amount, 'posted', a."countedAmount");
      insert into jobs (organization_id, id, decision_id, kind, run_at, created_at)
        values (p_organization, (a.job ->> 'id')::uuid, d.id, 'execute', (a.job ->> 'runAt')::timestamptz, a.at);
    exception
      when sqlstate 'LW001' then
        get stacked diagnostics v_definition = pg_exception_detail;
        return jsonb_build_object('outcome', 'full', 'definition', v_definition);
      when sqlstate 'LW002' then
        return jsonb_build_object('outcome', 'policy_changed');
    end;
  end if;

  update jobs set status = 'cancelled', finished_at = a.at
    where organization_id = p_organization and decision_id = h.decision_id and kind = 'expire_handover';
  perform audit_decision(p_organization, a."eventId", a.actor, 'handover.' || v_status, h.decision_id,
    jsonb_build_object('handoverId', h.id, 'by', a."by", 'amount', a.amount, 'policyVersion', a."policyVersion"), a.at);
  return jsonb_build_object('outcome', 'answered', 'status', v_status);
end
$$;

-- Gives a posted decision's allowance back in the windows that it came from, once. An undo comes before anybody begins to
-- carry the decision out, and keeps them from it; a reversal comes whenever it comes, with a reason. A manager or an
-- admin may reverse anybody's, everybody else their own of the same day. Answers
--   {"outcome": "reversed"}, {"outcome": "replayed"}, {"outcome": "mismatch"}, {"outcome": "missing"},
--   {"outcome": "not_posted", "status"}, {"outcome": "not_allowed"}, {"outcome": "execution_started"} (an undo that is too
--   late), {"outcome": "execution_unknown"} (nobody knows whether the money moved: it holds until somebody does).
create function reverse_decision(
  p_organization uuid, p_decision uuid, p_key text, p_hash text, p_kind text, p_reason text, p_by uuid, p_actor jsonb,
  p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d decisions;
  v_existing idempotency_keys;
  v_zone text;
  v_role text;
  v_job jobs;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  -- The row first: whoever reverses at the same moment waits here, and sees what the first one did.
  select * into d from decisions where organization_id = p_organization and id = p_decision for no key update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  end if;
  select * into v_existing from idempotency_keys
    where organization_id = p_organization and employee_id = p_by and key = p_key;
  if found then
    return jsonb_build_object('outcome', case when v_existing.request_hash = p_hash then 'replayed' else 'mismatch' end);
  end if;

  select o.time_zone into v_zone from organizations o where o.id = p_organization;
  select e.role into v_role from employees e where e.organization_id = p_organization and e.id = p_by and e.status = 'active';
  if v_role is null or v_role = 'auditor' or (v_role = 'agent' and (
    d.employee_id <> p_by or (d.created_at at time zone v_zone)::date <> (p_at at time zone v_zone)::date
  )) then
    return jsonb_build_object('outcome', 'not_allowed');
  elsif d.status <> 'posted' then
    return jsonb_build_object('outcome', 'not_posted', 'status', d.status);
  end if;
  select * into v_job from jobs where organization_id = p_organization and decision_id = p_decision and kind = 'execute' for update;
  if v_job.status = 'unknown' then
    return jsonb_build_object('outcome', 'execution_unknown');
  elsif p_kind = 'undo' and (v_job.status <> 'queued' or v_job.run_at <= p_at) then
    return jsonb_build_object('outcome', 'execution_started');
  end if;

  insert into idempotency_keys (organization_id, employee_id, key, request_hash, decision_id, created_at)
    values (p_organization, p_by, p_key, p_hash, p_decision, p_at);
  insert into reversals (organization_id, decision_id, kind, reason, reversed_by, api_key_id, created_at)
    values (p_organization, p_decision, p_kind, p_reason, p_by,
      case when p_actor ->> 'kind' = 'api_key' then (p_actor ->> 'id')::uuid end, p_at);
  perform take_step(p_organization, p_decision, 'reversed', p_event, p_at);
  update jobs set status = 'cancelled', finished_at = p_at
    where organization_id = p_organization and decision_id = p_decision and kind = 'execute' and status = 'queued';
  perform audit_decision(p_organization, p_event, p_actor,
    case p_kind when 'undo' then 'decision.undone' else 'decision.reversed' end, p_decision, jsonb_build_object('by', p_by), p_at);
  return jsonb_build_object('outcome', 'reversed');
exception
  -- The same key came with another decision at the same moment.
  when unique_violation then
    return jsonb_build_object('outcome', 'mismatch');
end
$$;

-- Moves what decisions hold on one customer's counters to another's. Each decision that moves gets an event of its own
-- and, counter by counter, an entry that takes away and one that adds.
create function move_holdings(
  p_organization uuid, p_decisions_of uuid[], p_from uuid, p_to uuid, p_action text, p_actor jsonb, p_at timestamptz
) returns integer
  language plpgsql as $$
declare
  d record;
  h record;
  v_seq integer;
  v_event uuid;
  v_from text := 'customer:' || p_from;
  v_to text := 'customer:' || p_to;
  v_moved integer := 0;
  v_any boolean;
begin
  for d in
    select x.id, x.status from decisions x
      where x.organization_id = p_organization and x.customer_id = any (p_decisions_of) and x.status in ('posted', 'reserved')
      order by x.id for no key update
  loop
    select coalesce(max(seq), 0) into v_seq from ledger_entries where organization_id = p_organization and decision_id = d.id;
    v_event := new_id(p_at);
    v_any := false;
    for h in
      select k.*, replace(k.scope_key, v_from, v_to) as new_key from decision_holdings(p_organization, d.id) as k
        where v_from = any (string_to_array(k.scope_key, '/'))
    loop
      v_any := true;
      insert into counters (organization_id, definition, scope_key, bucket)
        values (p_organization, h.definition, h.new_key, h.bucket), (p_organization, h.definition, h.new_key, date '0001-01-01')
        on conflict do nothing;
      perform count_entry(p_organization, d.id, v_seq + 1, case h.kind when 'posted' then 'reverse' else 'release' end,
        h.definition, h.scope_key, h.bucket, h.slot, h.limit_ids, h.amount, h.count, v_event, d.status, d.status, p_at, null, null, null);
      perform count_entry(p_organization, d.id, v_seq + 2, case h.kind when 'posted' then 'post' else 'reserve' end,
        h.definition, h.new_key, h.bucket, 0, h.limit_ids, h.amount, h.count, v_event, d.status, d.status, p_at, null, null, null);
      v_seq := v_seq + 2;
    end loop;
    if v_any then
      perform audit_decision(p_organization, v_event, p_actor, p_action, d.id, jsonb_build_object('from', p_from, 'to', p_to), p_at);
      v_moved := v_moved + 1;
    end if;
  end loop;
  return v_moved;
end
$$;

-- A UUIDv7 of a moment, as the app makes them.
create function new_id(p_at timestamptz) returns uuid
  language sql volatile parallel safe
  return (
    lpad(to_hex((extract(epoch from p_at) * 1000)::bigint), 12, '0')
    || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14, 3)
    || substr(replace(gen_random_uuid()::text, '-', ''), 17)
  )::uuid;

-- Merges a duplicate into the record that stays: what was spent on the one counts on the other from now on. Nobody decides
-- meanwhile. Answers {"outcome": "merged", "moved"}, or why not: missing, same, merged_already.
create function merge_customers(
  p_organization uuid, p_id uuid, p_duplicate uuid, p_customer uuid, p_reason text, p_by uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_moved integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  perform 1 from customers where organization_id = p_organization and id in (p_duplicate, p_customer) order by id for no key update;
  if p_duplicate = p_customer then
    return jsonb_build_object('outcome', 'same');
  elsif (
    select count(*) from customers where organization_id = p_organization and id in (p_duplicate, p_customer) and erased_at is null
  ) < 2 then
    return jsonb_build_object('outcome', 'missing');
  elsif exists (
    select 1 from customers where organization_id = p_organization and id in (p_duplicate, p_customer) and merged_into is not null
  ) then
    return jsonb_build_object('outcome', 'merged_already');
  end if;
  v_moved := move_holdings(p_organization, array(select merged_customers(p_organization, p_duplicate)), p_duplicate, p_customer,
    'decision.customer_merged', p_actor, p_at);
  update customers set merged_into = p_customer where organization_id = p_organization and id = p_duplicate;
  insert into customer_merges (organization_id, id, duplicate_id, customer_id, reason, merged_by, merged_at)
    values (p_organization, p_id, p_duplicate, p_customer, p_reason, p_by, p_at);
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, p_event, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'customer.merged', 'customer', p_duplicate::text,
      jsonb_build_object('into', p_customer, 'mergeId', p_id, 'decisions', v_moved), p_at);
  return jsonb_build_object('outcome', 'merged', 'moved', v_moved);
end
$$;

-- Takes a merge back: what was decided for the duplicate, before it was merged, counts on it again; what was decided since
-- was decided for the record that stayed, and stays there. Answers {"outcome": "undone", "moved"} or missing, undone_already.
create function unmerge_customers(
  p_organization uuid, p_id uuid, p_by uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  m customer_merges;
  v_stands uuid;
  v_moved integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  select * into m from customer_merges where organization_id = p_organization and id = p_id for no key update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif m.undone_at is not null then
    return jsonb_build_object('outcome', 'undone_already');
  end if;
  -- The record that stayed may have been merged itself meanwhile: what counts is where it is counted now.
  v_stands := standing_customer(p_organization, m.duplicate_id);
  v_moved := move_holdings(p_organization, array(select merged_customers(p_organization, m.duplicate_id)), v_stands, m.duplicate_id,
    'decision.customer_unmerged', p_actor, p_at);
  update customers set merged_into = null where organization_id = p_organization and id = m.duplicate_id;
  update customer_merges set undone_by = p_by, undone_at = p_at where organization_id = p_organization and id = p_id;
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, p_event, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'customer.unmerged', 'customer', m.duplicate_id::text,
      jsonb_build_object('from', m.customer_id, 'mergeId', p_id, 'decisions', v_moved), p_at);
  return jsonb_build_object('outcome', 'undone', 'moved', v_moved);
end
$$;

-- Lets counters that are new count what happened before. Each decision that is counted gets an event that says so.
-- p_backfill: [{"decisionId", "definition", "scopeKey", "bucket", "limitIds", "amount", "kind": "post" | "reserve"}].
create or replace function count_backfill(p_organization uuid, p_backfill jsonb, p_at timestamptz) returns void
  language plpgsql as $$
declare
  e record;
  v_event uuid;
  v_decision uuid;
begin
  insert into counters (organization_id, definition, scope_key, bucket)
    select distinct p_organization, x.definition, x."scopeKey", x.bucket
      from jsonb_to_recordset(p_backfill) as x (definition text, "scopeKey" text, bucket date)
    on conflict do nothing;
  for e in
    select x.*, d.status, row_number() over (partition by x."decisionId") + coalesce(
        (select max(l.seq) from ledger_entries l where l.organization_id = p_organization and l.decision_id = x."decisionId"), 0
      ) as seq
      from jsonb_to_recordset(p_backfill) as x (
        "decisionId" uuid, definition text, "scopeKey" text, bucket date, "limitIds" text[], amount bigint, kind text
      )
      join decisions d on d.organization_id = p_organization and d.id = x."decisionId"
      order by x."decisionId"
  loop
    if e."decisionId" is distinct from v_decision then
      v_decision := e."decisionId";
      v_event := new_id(p_at);
      perform audit_decision(p_organization, v_event, '{"kind": "system"}', 'decision.counted', v_decision, '{}', p_at);
    end if;
    perform count_entry(p_organization, e."decisionId", e.seq::integer, e.kind, e.definition, e."scopeKey", e.bucket, 0,
      e."limitIds", e.amount, 1, v_event, e.status, e.status, p_at, null, null, null);
  end loop;
  -- What was shared out between slots did not know of it.
  update counters k set share_amount_of = null, share_count_of = null
    where k.organization_id = p_organization and k.slot > 0
      and k.definition in (select x.definition from jsonb_to_recordset(p_backfill) as x (definition text));
end
$$;

-- What writes history belongs to the ledger's role, and only the app may call it.
grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'split_counter(uuid, text, integer, jsonb, uuid, timestamptz)',
    'write_seal(uuid, bigint, bytea, bytea, bytea, uuid[], bytea[], bytea[], timestamptz)',
    'list_organizations()',
    'dispatch_jobs(timestamptz, integer)',
    'withdraw_handover(uuid, uuid, uuid, jsonb, uuid, timestamptz)',
    'answer_handover(uuid, jsonb)',
    'reverse_decision(uuid, uuid, text, text, text, text, uuid, jsonb, uuid, timestamptz)',
    'merge_customers(uuid, uuid, uuid, uuid, text, uuid, jsonb, uuid, timestamptz)',
    'unmerge_customers(uuid, uuid, uuid, jsonb, uuid, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
  foreach f in array array[
    'enqueue_jobs(uuid, jsonb)',
    'audit_policy(uuid, uuid, jsonb, text, integer, jsonb, timestamptz)',
    'audit_decision(uuid, uuid, jsonb, text, uuid, jsonb, timestamptz)',
    'count_entry(uuid, uuid, integer, text, text, text, date, integer, text[], bigint, integer, uuid, text, text, timestamptz, bigint, bigint, date)',
    'count_asked(uuid, uuid, integer, text, text, text, date, text[], bigint, integer, uuid, text, text, timestamptz, bigint, bigint, date)',
    'write_entry(uuid, integer, text, counters, text[], bigint, integer, uuid, text, text, timestamptz)',
    'note_step(uuid, uuid, integer, text, bigint, uuid, text, text, timestamptz)',
    'decision_holdings(uuid, uuid)',
    'count_step(uuid, uuid, text, uuid, text, text, timestamptz)',
    'move_rollup(uuid, decisions, text, bigint, text, bigint)',
    'take_step(uuid, uuid, text, uuid, timestamptz)',
    'ensure_counters(uuid, jsonb)',
    'move_holdings(uuid, uuid[], uuid, uuid, text, jsonb, timestamptz)'
  ] loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_ledger', f);
  end loop;
  grant execute on function decision_holdings(uuid, uuid) to leeway_app;
  alter function queue_for_seal() owner to leeway_ledger;
end
$$;
revoke create on schema public from leeway_ledger;
