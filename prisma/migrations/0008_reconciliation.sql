-- Up Migration

-- A comparison of everything that is kept twice: what it found, and what it mended. The first differences are kept, all
-- are counted.
create table reconciliations (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  -- By the clock, because somebody asked on the page, or on the command line.
  origin text not null check (origin in ('nightly', 'asked', 'command')),
  asked_by uuid,
  -- Whether counters and sums that differ are rebuilt.
  repairs boolean not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed')),
  -- How far it is: decisions (for the seals: rows) that were looked at, of how many; null where that is not known.
  step text check (step in ('decisions', 'counters', 'rebuilding', 'seals')),
  processed bigint not null default 0 check (processed >= 0),
  total bigint check (total >= 0),
  -- A run that says nothing for long was broken off.
  beat_at timestamptz not null,
  differences bigint check (differences >= 0),
  result jsonb,
  fault text check (fault in ('broken', 'abandoned')),
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  -- Somebody has seen that it found something.
  looked_at timestamptz,
  looked_by uuid,
  primary key (organization_id, id),
  foreign key (organization_id, asked_by) references employees (organization_id, id),
  foreign key (organization_id, looked_by) references employees (organization_id, id),
  check ((status = 'done') = (result is not null)),
  check ((status = 'done') = (differences is not null)),
  check ((status in ('done', 'failed')) = (finished_at is not null)),
  check ((status = 'failed') = (fault is not null)),
  check (looked_at is null or status = 'done')
);
create index reconciliations_underway on reconciliations (organization_id) where status in ('queued', 'running');

alter table reconciliations enable row level security, force row level security;
create policy tenant on reconciliations using (organization_id = current_organization()) with check (organization_id = current_organization());
grant select on reconciliations to leeway_app, leeway_ledger;
grant insert on reconciliations to leeway_ledger;
grant update (status, step, processed, total, beat_at, differences, result, fault, started_at, finished_at, looked_at, looked_by)
  on reconciliations to leeway_ledger;

-- What a run found stays as it was found; that somebody looked at it is added once.
create function reconciliations_step() returns trigger
  language plpgsql as $$
begin
  if old.status in ('done', 'failed') and (
    old.looked_at is not null
    or (to_jsonb(new) - 'looked_at' - 'looked_by') is distinct from (to_jsonb(old) - 'looked_at' - 'looked_by')
  ) then
    raise exception 'A reconciliation that is over is history: it can be looked at, once.' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger reconciliations_step before update on reconciliations for each row execute function reconciliations_step();
create trigger history_rows before delete on reconciliations for each row execute function forbid_change();
create trigger history_table before truncate on reconciliations for each statement execute function forbid_change();

-- Tells whoever listens that a reconciliation has ended, or was looked at.
create function tell_reconciliation(p_organization uuid) returns void
  language sql set search_path = public, pg_temp
  return pg_notify('leeway', json_build_object('organizationId', p_organization, 'kind', 'reconciliation')::text);

-- Puts a run into the worker's queue. Runs as the owner of the queue. Those of the night come one after the other, those
-- that somebody waits for at once.
create function enqueue_reconciliation(p_organization uuid, p_id uuid, p_queue text, p_at timestamptz) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform graphile_worker.add_job('reconcile', payload => json_build_object('organizationId', p_organization, 'reconciliationId', p_id),
    queue_name => p_queue, run_at => p_at, job_key => 'reconcile/' || p_id, max_attempts => 25);
end
$$;

-- Which of these jobs are in the worker's queue, and whether it has given up on them. Runs as the owner of the queue; a
-- key names a decision, so only who knows it can ask.
create function find_queued_jobs(p_keys text[]) returns table (key text, given_up boolean)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select q.key, q.attempts >= q.max_attempts from graphile_worker.jobs q where q.key = any (p_keys);
end
$$;

-- Asks for a run. Answers {"outcome": "queued"}, or {"outcome": "underway", "id"} where one waits or runs already. One that
-- has been silent for too long was broken off, and is no obstacle. A run from the command line begins by itself.
create function request_reconciliation(
  p_organization uuid, p_id uuid, p_origin text, p_repairs boolean, p_asked_by uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_underway uuid;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(hashtextextended('leeway.reconciliation/' || p_organization::text, 0));
  update reconciliations set status = 'failed', fault = 'abandoned', finished_at = p_at
    where organization_id = p_organization
      and ((status = 'queued' and beat_at < p_at - interval '1 hour') or (status = 'running' and beat_at < p_at - interval '2 minutes'));
  select id into v_underway from reconciliations
    where organization_id = p_organization and status in ('queued', 'running') limit 1;
  if found then
    return jsonb_build_object('outcome', 'underway', 'id', v_underway);
  end if;
  insert into reconciliations (organization_id, id, origin, asked_by, repairs, beat_at, created_at)
    values (p_organization, p_id, p_origin, p_asked_by, p_repairs, p_at, p_at);
  if p_origin <> 'command' then
    perform enqueue_reconciliation(p_organization, p_id, case p_origin when 'nightly' then 'reconciliation' end, p_at);
  end if;
  perform tell_reconciliation(p_organization);
  return jsonb_build_object('outcome', 'queued');
end
$$;

-- Takes the turn at a run, and answers the moment that names the turn, whether it repairs, and who asked; no row where
-- there is nothing to do any more. Whoever begins anew takes the turn over from who began before.
create function begin_reconciliation(p_organization uuid, p_id uuid, p_at timestamptz)
  returns table (turn text, repairs boolean, asked_by uuid)
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  return query update reconciliations r set status = 'running', step = null, processed = 0, total = null, beat_at = clock_timestamp(),
      started_at = greatest(p_at, r.started_at + interval '1 microsecond')
    where r.organization_id = p_organization and r.id = p_id and r.status in ('queued', 'running')
    returning r.started_at::text, r.repairs, r.asked_by;
end
$$;

-- Says how far a run is, or with nulls only that it goes on. Answers whether the turn is still the caller's.
create function note_reconciliation(
  p_organization uuid, p_id uuid, p_turn timestamptz, p_step text, p_processed bigint, p_total bigint
) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  update reconciliations set beat_at = clock_timestamp(), step = coalesce(p_step, step),
      processed = coalesce(p_processed, processed), total = case when p_step is null then total else p_total end
    where organization_id = p_organization and id = p_id and status = 'running' and started_at = p_turn;
  return found;
end
$$;

-- Writes down how a run ended (p_result null: it broke). Answers whether the turn was still the caller's.
create function finish_reconciliation(
  p_organization uuid, p_id uuid, p_turn timestamptz, p_differences bigint, p_result jsonb
) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  update reconciliations set status = case when p_result is null then 'failed' else 'done' end, step = null,
      fault = case when p_result is null then 'broken' end, differences = p_differences, result = p_result,
      beat_at = clock_timestamp(), finished_at = clock_timestamp()
    where organization_id = p_organization and id = p_id and status = 'running' and started_at = p_turn;
  if not found then
    return false;
  end if;
  perform tell_reconciliation(p_organization);
  return true;
end
$$;

-- Notes that somebody has seen what a run found. Answers whether there was anything new to see.
create function look_at_reconciliation(
  p_organization uuid, p_id uuid, p_by uuid, p_event uuid, p_at timestamptz
) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  update reconciliations set looked_at = p_at, looked_by = p_by
    where organization_id = p_organization and id = p_id and status = 'done' and differences > 0 and looked_at is null;
  if not found then
    return false;
  end if;
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, p_event, 'employee', p_by, 'reconciliation.looked_at', 'reconciliation', p_id::text, '{}', p_at);
  perform tell_reconciliation(p_organization);
  return true;
end
$$;

-- Sets counters to what their ledger entries come to, while nobody of the organization decides. Nothing else moves.
-- p_counters: [{"definition", "scopeKey", "bucket", "slot", "broken"}]; of one whose entries don't follow one another
-- (broken) it is written down also where the sum is right, and from then on it is held against the sum alone.
-- Answers {"rebuilt": [{… "was", "is"}], "left": [{…}]}: left is what can't be right whatever the counter says, because its
-- entries come to less than nothing.
create function rebuild_counters(
  p_organization uuid, p_run uuid, p_counters jsonb, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c record;
  k counters;
  v_was jsonb;
  v_is jsonb;
  v_key jsonb;
  n record;
  v_rebuilt jsonb := '[]';
  v_left jsonb := '[]';
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  for c in
    select x.definition, x."scopeKey" as scope_key, x.bucket, x.slot, bool_or(coalesce(x.broken, false)) as broken
      from jsonb_to_recordset(p_counters) as x (definition text, "scopeKey" text, bucket date, slot integer, broken boolean)
      group by 1, 2, 3, 4 order by 1, 2, 3, 4
  loop
    select coalesce(sum(posted_amount_after - posted_amount_before), 0)::bigint as posted_amount,
        coalesce(sum(reserved_amount_after - reserved_amount_before), 0)::bigint as reserved_amount,
        coalesce(sum(posted_count_after - posted_count_before), 0)::bigint as posted_count,
        coalesce(sum(reserved_count_after - reserved_count_before), 0)::bigint as reserved_count
      into n from ledger_entries
      where organization_id = p_organization and definition = c.definition and scope_key = c.scope_key and bucket = c.bucket
        and slot = c.slot;
    select * into k from counters
      where organization_id = p_organization and definition = c.definition and scope_key = c.scope_key and bucket = c.bucket
        and slot = c.slot
      for update;
    continue when found and not c.broken and (k.posted_amount, k.reserved_amount, k.posted_count, k.reserved_count)
      = (n.posted_amount, n.reserved_amount, n.posted_count, n.reserved_count);
    v_key := jsonb_build_object('definition', c.definition, 'scopeKey', c.scope_key, 'bucket', c.bucket, 'slot', c.slot);
    if least(n.posted_amount, n.reserved_amount, n.posted_count, n.reserved_count) < 0 then
      v_left := v_left || v_key;
      continue;
    end if;
    v_is := jsonb_build_object('postedAmount', n.posted_amount, 'reservedAmount', n.reserved_amount,
      'postedCount', n.posted_count, 'reservedCount', n.reserved_count);
    v_was := case when k.definition is not null then jsonb_build_object('postedAmount', k.posted_amount,
      'reservedAmount', k.reserved_amount, 'postedCount', k.posted_count, 'reservedCount', k.reserved_count) end;
    insert into counters (organization_id, definition, scope_key, bucket, slot, posted_amount, reserved_amount, posted_count, reserved_count)
      values (p_organization, c.definition, c.scope_key, c.bucket, c.slot,
        n.posted_amount, n.reserved_amount, n.posted_count, n.reserved_count)
      on conflict (organization_id, definition, scope_key, bucket, slot) do update set
        posted_amount = excluded.posted_amount, reserved_amount = excluded.reserved_amount,
        posted_count = excluded.posted_count, reserved_count = excluded.reserved_count;
    -- What was shared out between slots did not know of it.
    update counters set share_amount_of = null, share_count_of = null
      where organization_id = p_organization and definition = c.definition and scope_key = c.scope_key and bucket = c.bucket
        and slot > 0;
    v_rebuilt := v_rebuilt || (v_key || jsonb_build_object('was', v_was, 'is', v_is));
  end loop;
  if v_rebuilt <> '[]' then
    insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
      values (p_organization, p_event, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'counters.repaired', 'reconciliation',
        p_run::text, jsonb_build_object('counters', v_rebuilt), p_at);
  end if;
  return jsonb_build_object('rebuilt', v_rebuilt, 'left', v_left);
end
$$;

-- Sets the sums of days to what their decisions come to, while nobody of the organization decides. Nothing else moves.
-- p_sums: [{"day", "employeeId", "remedy", "verdict", "status"}]. Answers {"rebuilt": [{… "was", "is"}]}.
create function rebuild_rollups(
  p_organization uuid, p_run uuid, p_sums jsonb, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  s record;
  n record;
  r decision_rollups;
  v_zone text;
  v_rebuilt jsonb := '[]';
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  select o.time_zone into v_zone from organizations o where o.id = p_organization;
  for s in
    select distinct x.day, x."employeeId" as employee_id, x.remedy, x.verdict, x.status
      from jsonb_to_recordset(p_sums) as x (day date, "employeeId" uuid, remedy text, verdict text, status text)
      order by 1, 2, 3, 4, 5
  loop
    select count(*) as decisions, coalesce(sum(coalesce(h.granted_counted_amount, d.counted_amount, 0)), 0)::bigint as amount into n
      from decisions d
      left join handovers h on h.organization_id = p_organization and h.decision_id = d.id
      where d.organization_id = p_organization and d.employee_id = s.employee_id
        and d.id >= least_id_at((s.day - 1)::timestamp at time zone v_zone)
        and d.id < least_id_at((s.day + 2)::timestamp at time zone v_zone)
        and (d.created_at at time zone v_zone)::date = s.day
        and d.remedy = s.remedy and d.verdict = s.verdict and d.status = s.status;
    select * into r from decision_rollups
      where organization_id = p_organization and day = s.day and employee_id = s.employee_id and remedy = s.remedy
        and verdict = s.verdict and status = s.status
      for update;
    continue when (coalesce(r.decisions, 0), coalesce(r.amount, 0)) = (n.decisions, n.amount);
    insert into decision_rollups (organization_id, day, employee_id, remedy, verdict, status, decisions, amount)
      values (p_organization, s.day, s.employee_id, s.remedy, s.verdict, s.status, n.decisions, n.amount)
      on conflict (organization_id, day, employee_id, remedy, verdict, status) do update set
        decisions = excluded.decisions, amount = excluded.amount;
    v_rebuilt := v_rebuilt || jsonb_build_object('day', s.day, 'employeeId', s.employee_id, 'remedy', s.remedy, 'verdict', s.verdict,
      'status', s.status, 'was', jsonb_build_object('decisions', coalesce(r.decisions, 0), 'amount', coalesce(r.amount, 0)),
      'is', jsonb_build_object('decisions', n.decisions, 'amount', n.amount));
  end loop;
  if v_rebuilt <> '[]' then
    insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
      values (p_organization, p_event, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'counters.repaired', 'reconciliation',
        p_run::text, jsonb_build_object('rollups', v_rebuilt), p_at);
  end if;
  return jsonb_build_object('rebuilt', v_rebuilt);
end
$$;

grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'request_reconciliation(uuid, uuid, text, boolean, uuid, timestamptz)',
    'begin_reconciliation(uuid, uuid, timestamptz)',
    'note_reconciliation(uuid, uuid, timestamptz, text, bigint, bigint)',
    'finish_reconciliation(uuid, uuid, timestamptz, bigint, jsonb)',
    'look_at_reconciliation(uuid, uuid, uuid, uuid, timestamptz)',
    'rebuild_counters(uuid, uuid, jsonb, jsonb, uuid, timestamptz)',
    'rebuild_rollups(uuid, uuid, jsonb, jsonb, uuid, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
  revoke all on function enqueue_reconciliation(uuid, uuid, text, timestamptz) from public;
  grant execute on function enqueue_reconciliation(uuid, uuid, text, timestamptz) to leeway_ledger;
  revoke all on function find_queued_jobs(text[]) from public;
  grant execute on function find_queued_jobs(text[]) to leeway_app;
end
$$;
revoke create on schema public from leeway_ledger;

-- Down Migration
drop function rebuild_rollups, rebuild_counters, look_at_reconciliation, finish_reconciliation, note_reconciliation,
  begin_reconciliation, request_reconciliation, find_queued_jobs, enqueue_reconciliation, tell_reconciliation cascade;
drop table reconciliations;
drop function reconciliations_step;
