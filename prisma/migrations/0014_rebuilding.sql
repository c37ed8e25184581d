-- Up Migration

-- The counters that are not the sum of their entries, or whose entries don't follow one another: what one of them ends
-- with, another one begins with, from nothing to the counter. Whatever their order, the ends without the beginnings come to
-- the counter without nothing; each state is a number here, so that one pass over the entries is enough. A counter that
-- was rebuilt once has the gap that made it necessary, which is written down, and is held against its sum alone.
-- found is null where there is no such counter.
create function differing_counters(p_organization uuid) returns table (
  definition text, scope_key text, bucket date, slot integer, expected jsonb, found jsonb, adds_up boolean
)
  language sql stable as $$
  with told as (
    select e.definition, e.scope_key, e.bucket, e.slot,
        sum(e.posted_amount_after - e.posted_amount_before) as posted_amount,
        sum(e.reserved_amount_after - e.reserved_amount_before) as reserved_amount,
        sum(e.posted_count_after - e.posted_count_before) as posted_count,
        sum(e.reserved_count_after - e.reserved_count_before) as reserved_count,
        sum(hashint8extended(e.posted_amount_after, hashint8extended(e.reserved_amount_after,
            hashint8extended(e.posted_count_after, hashint8extended(e.reserved_count_after, 0)))))
          - sum(hashint8extended(e.posted_amount_before, hashint8extended(e.reserved_amount_before,
            hashint8extended(e.posted_count_before, hashint8extended(e.reserved_count_before, 0))))) as way
      from ledger_entries e
      where e.organization_id = p_organization and e.definition <> 'decision'
      group by e.definition, e.scope_key, e.bucket, e.slot
  ), rebuilt as (
    select distinct x.definition, x."scopeKey" as scope_key, x.bucket, x.slot
      from audit_events a
      cross join lateral jsonb_to_recordset(a.data -> 'counters') as x (definition text, "scopeKey" text, bucket date, slot integer)
      where a.organization_id = p_organization and a.subject_kind = 'reconciliation' and a.action = 'counters.repaired'
  ), held as (
    select definition, scope_key, bucket, slot,
        jsonb_build_object('postedAmount', coalesce(t.posted_amount, 0), 'reservedAmount', coalesce(t.reserved_amount, 0),
          'postedCount', coalesce(t.posted_count, 0), 'reservedCount', coalesce(t.reserved_count, 0)) as expected,
        case when k.organization_id is not null then
          jsonb_build_object('postedAmount', k.posted_amount, 'reservedAmount', k.reserved_amount,
            'postedCount', k.posted_count, 'reservedCount', k.reserved_count)
        end as found,
        coalesce((k.posted_amount, k.reserved_amount, k.posted_count, k.reserved_count)
          = (coalesce(t.posted_amount, 0), coalesce(t.reserved_amount, 0), coalesce(t.posted_count, 0), coalesce(t.reserved_count, 0)),
          false) as adds_up,
        coalesce(t.way, 0) = hashint8extended(k.posted_amount, hashint8extended(k.reserved_amount,
            hashint8extended(k.posted_count, hashint8extended(k.reserved_count, 0))))::numeric
          - hashint8extended(0, hashint8extended(0, hashint8extended(0, hashint8extended(0, 0))))::numeric as unbroken
      from (select * from counters where organization_id = p_organization) as k
      full join told t using (definition, scope_key, bucket, slot)
  )
  select h.definition, h.scope_key, h.bucket, h.slot, h.expected, h.found, h.adds_up from held h
    where not h.adds_up or (not h.unbroken and not exists (
      select from rebuilt r
        where r.definition = h.definition and r.scope_key = h.scope_key and r.bucket = h.bucket and r.slot = h.slot
    ))
$$;

drop function rebuild_counters, rebuild_rollups;

-- Whether the turn at a run is still whose it was. It stays theirs until the transaction ends.
create function hold_turn(p_organization uuid, p_run uuid, p_turn timestamptz) returns boolean
  language plpgsql as $$
begin
  perform 1 from reconciliations
    where organization_id = p_organization and id = p_run and status = 'running' and started_at = p_turn
    for update;
  return found;
end
$$;

-- Writes down what was rebuilt, some of it in each event.
create function note_rebuilt(
  p_organization uuid, p_run uuid, p_kind text, p_rebuilt jsonb, p_actor jsonb, p_at timestamptz
) returns void
  language sql
  begin atomic
    insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
      select p_organization, new_id(p_at), p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'counters.repaired', 'reconciliation',
          p_run::text, jsonb_build_object(p_kind, jsonb_agg(r.rebuilt order by r.n)), p_at
        from jsonb_array_elements(p_rebuilt) with ordinality as r (rebuilt, n)
        group by r.n / 1000;
  end;

-- Sets up to so many counters to what their ledger entries come to. How far a counter is off is found out in one look at
-- the ledger, while everybody decides: whoever decides moves both alike. Then it is put right while nobody of the
-- organization does. Nothing else moves. Answers {"rebuilt": [{"definition", "scopeKey", "bucket", "slot", "was", "is"}],
-- "left"}, how many no number makes right because their entries come to less than nothing; null where the turn is lost.
create function rebuild_counters(
  p_organization uuid, p_run uuid, p_turn timestamptz, p_limit integer, p_actor jsonb, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c record;
  k counters;
  v_differing jsonb;
  v_left bigint;
  v_rebuilt jsonb[] := '{}';
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select coalesce(jsonb_agg(jsonb_build_object('definition', d.definition, 'scopeKey', d.scope_key, 'bucket', d.bucket, 'slot', d.slot,
        'postedAmount', (d.expected ->> 'postedAmount')::bigint - coalesce((d.found ->> 'postedAmount')::bigint, 0),
        'reservedAmount', (d.expected ->> 'reservedAmount')::bigint - coalesce((d.found ->> 'reservedAmount')::bigint, 0),
        'postedCount', (d.expected ->> 'postedCount')::bigint - coalesce((d.found ->> 'postedCount')::bigint, 0),
        'reservedCount', (d.expected ->> 'reservedCount')::bigint - coalesce((d.found ->> 'reservedCount')::bigint, 0)))
      filter (where not d.hopeless and d.n <= p_limit), '[]'), count(*) filter (where d.hopeless)
    into v_differing, v_left
    from (
      select x.*, row_number() over (order by x.hopeless, x.definition, x.scope_key, x.bucket, x.slot) as n
        from (
          select y.*, least((y.expected ->> 'postedAmount')::bigint, (y.expected ->> 'reservedAmount')::bigint,
              (y.expected ->> 'postedCount')::bigint, (y.expected ->> 'reservedCount')::bigint) < 0 as hopeless
            from differing_counters(p_organization) as y
        ) as x
    ) as d;
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  if not hold_turn(p_organization, p_run, p_turn) then
    return null;
  end if;
  for c in
    select x.* from jsonb_to_recordset(v_differing) as x (
      definition text, "scopeKey" text, bucket date, slot integer,
      "postedAmount" bigint, "reservedAmount" bigint, "postedCount" bigint, "reservedCount" bigint
    )
  loop
    k := null;
    update counters set
        posted_amount = posted_amount + c."postedAmount", reserved_amount = reserved_amount + c."reservedAmount",
        posted_count = posted_count + c."postedCount", reserved_count = reserved_count + c."reservedCount"
      where organization_id = p_organization and definition = c.definition and scope_key = c."scopeKey" and bucket = c.bucket
        and slot = c.slot
      returning * into k;
    if not found then
      insert into counters (organization_id, definition, scope_key, bucket, slot, posted_amount, reserved_amount, posted_count, reserved_count)
        values (p_organization, c.definition, c."scopeKey", c.bucket, c.slot,
          c."postedAmount", c."reservedAmount", c."postedCount", c."reservedCount");
    end if;
    -- What was shared out between slots did not know of it.
    update counters set share_amount_of = null, share_count_of = null
      where organization_id = p_organization and definition = c.definition and scope_key = c."scopeKey" and bucket = c.bucket
        and slot > 0;
    v_rebuilt := array_append(v_rebuilt, jsonb_build_object(
      'definition', c.definition, 'scopeKey', c."scopeKey", 'bucket', c.bucket, 'slot', c.slot,
      'was', case when k.definition is not null then jsonb_build_object(
        'postedAmount', k.posted_amount - c."postedAmount", 'reservedAmount', k.reserved_amount - c."reservedAmount",
        'postedCount', k.posted_count - c."postedCount", 'reservedCount', k.reserved_count - c."reservedCount") end,
      'is', jsonb_build_object(
        'postedAmount', coalesce(k.posted_amount, c."postedAmount"), 'reservedAmount', coalesce(k.reserved_amount, c."reservedAmount"),
        'postedCount', coalesce(k.posted_count, c."postedCount"), 'reservedCount', coalesce(k.reserved_count, c."reservedCount"))));
  end loop;
  perform note_rebuilt(p_organization, p_run, 'counters', to_jsonb(v_rebuilt), p_actor, p_at);
  return jsonb_build_object('rebuilt', to_jsonb(v_rebuilt), 'left', v_left);
end
$$;

-- Sets sums to what they should be, while nobody of the organization decides: those of an employee's day to what their
-- decisions come to (p_rollups: [{"day", "employeeId", "remedy", "verdict", "status"}]), then those of whole days to what
-- the employees' come to (p_days: [{"day", "verdict", "status"}]). Nothing else moves. Answers {"rollups", "days"}, each
-- with "was" and "is"; null where the turn is lost.
create function rebuild_sums(
  p_organization uuid, p_run uuid, p_turn timestamptz, p_rollups jsonb, p_days jsonb, p_actor jsonb, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  s record;
  n record;
  r decision_rollups;
  v_was record;
  v_zone text;
  v_rollups jsonb[] := '{}';
  v_days jsonb[] := '{}';
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  if not hold_turn(p_organization, p_run, p_turn) then
    return null;
  end if;
  select o.time_zone into v_zone from organizations o where o.id = p_organization;
  for s in
    select distinct x.day, x."employeeId" as employee_id, x.remedy, x.verdict, x.status
      from jsonb_to_recordset(p_rollups) as x (day date, "employeeId" uuid, remedy text, verdict text, status text)
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
    v_rollups := array_append(v_rollups, jsonb_build_object('day', s.day, 'employeeId', s.employee_id, 'remedy', s.remedy,
      'verdict', s.verdict, 'status', s.status,
      'was', jsonb_build_object('decisions', coalesce(r.decisions, 0), 'amount', coalesce(r.amount, 0)),
      'is', jsonb_build_object('decisions', n.decisions, 'amount', n.amount)));
  end loop;
  -- What has become of the employees' sums has become of the day's by now: only what is still off is put right.
  for s in
    select distinct x.day, x.verdict, x.status from jsonb_to_recordset(p_days) as x (day date, verdict text, status text)
      order by 1, 2, 3
  loop
    select coalesce(sum(x.decisions), 0)::bigint as decisions, coalesce(sum(x.amount), 0)::bigint as amount into n
      from decision_rollups x
      where x.organization_id = p_organization and x.day = s.day and x.verdict = s.verdict and x.status = s.status;
    select coalesce(sum(x.decisions), 0)::bigint as decisions, coalesce(sum(x.amount), 0)::bigint as amount into v_was
      from decision_days x
      where x.organization_id = p_organization and x.day = s.day and x.verdict = s.verdict and x.status = s.status;
    continue when (v_was.decisions, v_was.amount) = (n.decisions, n.amount);
    insert into decision_days (organization_id, day, verdict, status, slot, decisions, amount)
      values (p_organization, s.day, s.verdict, s.status, 0, n.decisions - v_was.decisions, n.amount - v_was.amount)
      on conflict (organization_id, day, verdict, status, slot) do update set
        decisions = decision_days.decisions + excluded.decisions, amount = decision_days.amount + excluded.amount;
    v_days := array_append(v_days, jsonb_build_object('day', s.day, 'verdict', s.verdict, 'status', s.status,
      'was', jsonb_build_object('decisions', v_was.decisions, 'amount', v_was.amount),
      'is', jsonb_build_object('decisions', n.decisions, 'amount', n.amount)));
  end loop;
  perform note_rebuilt(p_organization, p_run, 'rollups', to_jsonb(v_rollups), p_actor, p_at);
  perform note_rebuilt(p_organization, p_run, 'days', to_jsonb(v_days), p_actor, p_at);
  return jsonb_build_object('rollups', to_jsonb(v_rollups), 'days', to_jsonb(v_days));
end
$$;

grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'rebuild_counters(uuid, uuid, timestamptz, integer, jsonb, timestamptz)',
    'rebuild_sums(uuid, uuid, timestamptz, jsonb, jsonb, jsonb, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
  foreach f in array array[
    'hold_turn(uuid, uuid, timestamptz)',
    'note_rebuilt(uuid, uuid, text, jsonb, jsonb, timestamptz)'
  ] loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_ledger', f);
  end loop;
end
$$;
revoke create on schema public from leeway_ledger;
grant select on audit_events to leeway_ledger;
