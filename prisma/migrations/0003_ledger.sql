-- Up Migration

-- One lock per organization between publishing a policy (exclusive) and deciding under one (shared), so that a limit
-- that is new in a version has counted everything before the first decision under it.
create function policy_lock_key(p_organization uuid) returns bigint
  language sql immutable parallel safe
  return hashtextextended('leeway.policy/' || p_organization::text, 0);

-- The text that names the subject of a counter; null when a part of it is missing. Its twin is scopeKey() in
-- lib/discretion/counters.ts, and a test holds the two against each other.
create function scope_key(p_scope text[], p_employee uuid, p_customer uuid, p_team text, p_order uuid, p_case uuid, p_per_case boolean)
  returns text
  language sql immutable parallel safe
  return case
    when ('team' = any (p_scope) and p_team is null)
      or ('order' = any (p_scope) and p_order is null)
      or (p_per_case and p_case is null) then null
    else
      coalesce(
        nullif(
          concat_ws('/',
            case when 'employee' = any (p_scope) then 'employee:' || p_employee end,
            case when 'customer' = any (p_scope) then 'customer:' || p_customer end,
            case when 'team' = any (p_scope) then 'team:' || p_team end,
            case when 'order' = any (p_scope) then 'order:' || p_order end
          ), ''),
        'organization')
      || case when p_per_case then '/case:' || p_case else '' end
  end;

-- How many people meet at a counter. Locks are taken from the coldest to the hottest, so that the hottest row is held
-- for the shortest time; the order is the same in every transaction, so that none waits in a circle.
create function counter_heat(p_scope_key text) returns integer
  language sql immutable parallel safe
  return case
    when p_scope_key like 'organization%' then 3
    when p_scope_key like 'team:%' then 2
    when p_scope_key like 'employee:%' then 0
    else 1
  end;

-- Everything that a verdict needs, in one round trip: who, for whom, which order, the policy in force, what every limit
-- has seen, and whether this intent was answered before. Runs as the caller, under row-level security.
create function read_decision_inputs(
  p_organization uuid,
  p_employee uuid,
  p_customer_id uuid,
  p_customer_ref text,
  p_order_id uuid,
  p_order_ref text,
  p_key text,
  p_queries jsonb
) returns jsonb
  language plpgsql as $$
declare
  v_employee record;
  v_customer record;
  v_order record;
  v_version integer;
  v_organization record;
  v_replay jsonb;
  v_refunds record;
  v_usage jsonb;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);

  select o.time_zone, o.currency, o.handover_minutes into v_organization from organizations o where o.id = p_organization;
  select max(p.version) into v_version from policies p where p.organization_id = p_organization and p.status = 'published';

  select e.id, e.role, e.status, e.started_on, e.team_id, t.key as team,
      (select m.id from employees m
        where m.organization_id = p_organization and m.id = e.manager_id and m.status = 'active') as manager_id
    into v_employee
    from employees e
    left join teams t on t.organization_id = e.organization_id and t.id = e.team_id
    where e.organization_id = p_organization and e.id = p_employee;

  select c.id, c.tier into v_customer from customers c
    where c.organization_id = p_organization and c.id = p_customer_id;
  if not found and p_customer_ref is not null then
    select c.id, c.tier into v_customer from customers c
      where c.organization_id = p_organization and c.external_ref = p_customer_ref;
  end if;

  select o.id, o.customer_id, o.amount_paid, o.currency, o.placed_at into v_order from orders o
    where o.organization_id = p_organization and o.id = p_order_id;
  if not found and p_order_ref is not null then
    select o.id, o.customer_id, o.amount_paid, o.currency, o.placed_at into v_order from orders o
      where o.organization_id = p_organization and o.external_ref = p_order_ref;
  end if;

  select coalesce(sum(k.posted_amount), 0)::bigint as posted, coalesce(sum(k.reserved_amount), 0)::bigint as reserved
    into v_refunds
    from counters k
    where k.organization_id = p_organization and k.definition = 'order-refundable'
      and k.scope_key = 'order:' || v_order.id and k.bucket = date '0001-01-01';

  if p_key is not null then
    select jsonb_build_object('hash', i.request_hash, 'decisionId', i.decision_id) into v_replay
      from idempotency_keys i
      where i.organization_id = p_organization and i.employee_id = p_employee and i.key = p_key;
  end if;

  select jsonb_object_agg(q."limitId", jsonb_build_array(u.posted_amount, u.reserved_amount, u.posted_count, u.reserved_count))
    into v_usage
    from jsonb_to_recordset(p_queries)
      as q ("limitId" text, definition text, scope text[], "perCase" boolean, bucket date, "rollingFrom" date)
    cross join lateral (
      select sum(k.posted_amount) as posted_amount, sum(k.reserved_amount) as reserved_amount,
          sum(k.posted_count) as posted_count, sum(k.reserved_count) as reserved_count
        from counters k
        where k.organization_id = p_organization
          and k.definition = q.definition
          and k.scope_key = scope_key(q.scope, v_employee.id, v_customer.id, v_employee.team, v_order.id, null, q."perCase")
          and k.bucket between coalesce(q."rollingFrom", q.bucket) and q.bucket
    ) as u
    where u.posted_amount is not null;

  return jsonb_build_object(
    'policyVersion', v_version,
    'organization', jsonb_build_object(
      'timeZone', v_organization.time_zone, 'currency', v_organization.currency, 'handoverMinutes', v_organization.handover_minutes),
    'employee', case when v_employee.id is not null then jsonb_build_object(
      'id', v_employee.id, 'role', v_employee.role, 'status', v_employee.status, 'startedOn', v_employee.started_on,
      'teamId', v_employee.team_id, 'team', v_employee.team, 'managerId', v_employee.manager_id) end,
    'customer', case when v_customer.id is not null then jsonb_build_object('id', v_customer.id, 'tier', v_customer.tier) end,
    'order', case when v_order.id is not null then jsonb_build_object(
      'id', v_order.id, 'customerId', v_order.customer_id, 'paid', v_order.amount_paid, 'currency', v_order.currency,
      'placedAt', extract(epoch from v_order.placed_at) * 1000, 'refunded', v_refunds.posted, 'reserved', v_refunds.reserved) end,
    'replay', v_replay,
    'usage', coalesce(v_usage, '{}'::jsonb)
  );
end
$$;

-- Wakes the worker. Runs as the owner of the queue, whom neither the app nor the ledger's role may be.
create function enqueue_job(p_task text, p_payload json, p_run_at timestamptz, p_key text) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform graphile_worker.add_job(p_task, payload => p_payload, run_at => p_run_at, job_key => p_key, max_attempts => 25);
end
$$;

-- Adds to one counter and writes the entry that says what was before and after. The row must exist.
-- Raises LW001 when a guard would be passed; the detail names the counter's definition.
create function count_entry(
  p_organization uuid, p_decision uuid, p_seq integer, p_kind text, p_definition text, p_scope_key text, p_bucket date,
  p_limit_ids text[], p_amount bigint, p_count integer, p_at timestamptz,
  p_guard_amount bigint, p_guard_count bigint, p_rolling_from date
) returns void
  language plpgsql set search_path = public, pg_temp as $$
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
      and (p_guard_amount is null or v_before_amount + posted_amount + reserved_amount + p_amount <= p_guard_amount)
      and (p_guard_count is null or v_before_count + posted_count + reserved_count + p_count <= p_guard_count)
    returning * into k;
  if not found then
    raise exception 'A counter has run full meanwhile.' using errcode = 'LW001', detail = p_definition;
  end if;

  insert into ledger_entries (
    organization_id, decision_id, seq, kind, definition, scope_key, bucket, limit_ids, amount, count,
    posted_amount_before, posted_amount_after, reserved_amount_before, reserved_amount_after,
    posted_count_before, posted_count_after, reserved_count_before, reserved_count_after, created_at
  ) values (
    p_organization, p_decision, p_seq, p_kind, p_definition, p_scope_key, p_bucket, p_limit_ids, p_amount, p_count,
    k.posted_amount - d_posted * p_amount, k.posted_amount, k.reserved_amount - d_reserved * p_amount, k.reserved_amount,
    k.posted_count - d_posted * p_count, k.posted_count, k.reserved_count - d_reserved * p_count, k.reserved_count, p_at
  );
end
$$;

-- Adds to the day's sums of one employee.
create function count_rollup(
  p_organization uuid, p_day date, p_employee uuid, p_remedy text, p_verdict text, p_status text, p_decisions integer, p_amount bigint
) returns void
  language sql set search_path = public, pg_temp
  begin atomic
    insert into decision_rollups (organization_id, day, employee_id, remedy, verdict, status, decisions, amount)
    values (p_organization, p_day, p_employee, p_remedy, p_verdict, p_status, greatest(p_decisions, 0), greatest(p_amount, 0))
    on conflict (organization_id, day, employee_id, remedy, verdict, status) do update set
      decisions = decision_rollups.decisions + p_decisions,
      amount = decision_rollups.amount + p_amount;
  end;

-- Records one decision, whole or not at all, in one call. Answers
--   {"outcome": "recorded"}                                the decision stands under p_decision.id
--   {"outcome": "replayed", "decisionId": …}               the same intent was recorded before
--   {"outcome": "mismatch"}                                the key was used for another request
--   {"outcome": "policy_changed"}                          another version is in force: evaluate again
--   {"outcome": "full", "definition": …}                   a limit ran full meanwhile: evaluate again
-- READ COMMITTED is enough: every rule is in a unique key or in the condition of an update.
create function record_decision(p_organization uuid, p_key text, p_hash text, p_decision jsonb) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d record;
  c record;
  v_existing idempotency_keys;
  v_entry_kind text;
  v_paid bigint;
  v_definition text;
  v_seq integer := 0;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));

  select * into d from jsonb_to_record(p_decision) as x (
    id uuid, "employeeId" uuid, "teamId" uuid, "customerId" uuid, "orderId" uuid, "caseId" uuid, "case" jsonb,
    remedy text, amount bigint, currency text, "countedAmount" bigint, verdict text, status text, note text, cause text,
    channel text, "policyVersion" integer, explanation jsonb, facts jsonb, "apiKeyId" uuid, at timestamptz, day date,
    counters jsonb, handover jsonb, job jsonb, "auditId" uuid
  );

  -- The subtransaction is what a full counter undoes, the claim of the key included.
  begin
    insert into idempotency_keys (organization_id, employee_id, key, request_hash, decision_id, created_at)
      values (p_organization, d."employeeId", p_key, p_hash, d.id, d.at)
      on conflict do nothing;
    if not found then
      select * into v_existing from idempotency_keys i
        where i.organization_id = p_organization and i.employee_id = d."employeeId" and i.key = p_key;
      if v_existing.request_hash = p_hash then
        return jsonb_build_object('outcome', 'replayed', 'decisionId', v_existing.decision_id);
      end if;
      return jsonb_build_object('outcome', 'mismatch');
    end if;

    if not exists (
      select 1 from policies
      where organization_id = p_organization and version = d."policyVersion" and status = 'published'
    ) then
      raise exception 'Another policy is in force.' using errcode = 'LW002';
    end if;

    if d."case" is not null then
      insert into cases (organization_id, id, customer_id, employee_id, channel, happened, need, cause, created_at)
        values (p_organization, d."caseId", d."customerId", d."employeeId", d."case" ->> 'channel',
          d."case" ->> 'happened', d."case" ->> 'need', d."case" ->> 'cause', d.at);
    end if;

    insert into decisions (
      organization_id, id, employee_id, team_id, customer_id, order_id, case_id, remedy, amount, currency,
      counted_amount, verdict, status, note, cause, channel, policy_version, explanation, facts, api_key_id, created_at
    ) values (
      p_organization, d.id, d."employeeId", d."teamId", d."customerId", d."orderId", d."caseId", d.remedy, d.amount, d.currency,
      d."countedAmount", d.verdict, d.status, d.note, d.cause, d.channel, d."policyVersion", d.explanation, d.facts,
      d."apiKeyId", d.at
    );

    if d.handover is not null then
      insert into handovers (organization_id, id, decision_id, asked_by, waiting_for, deadline_at, created_at)
        values (p_organization, (d.handover ->> 'id')::uuid, d.id, d."employeeId", (d.handover ->> 'waitingFor')::uuid,
          (d.handover ->> 'deadlineAt')::timestamptz, d.at);
    end if;

    insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
      values (p_organization, d."auditId", case when d."apiKeyId" is null then 'employee' else 'api_key' end,
        coalesce(d."apiKeyId", d."employeeId"), 'decision.recorded', 'decision', d.id::text,
        jsonb_build_object('verdict', d.verdict, 'status', d.status, 'employeeId', d."employeeId"), d.at);

    if d.job is not null then
      insert into jobs (organization_id, id, decision_id, kind, run_at, created_at)
        values (p_organization, (d.job ->> 'id')::uuid, d.id, d.job ->> 'kind', (d.job ->> 'runAt')::timestamptz, d.at);
      perform enqueue_job(d.job ->> 'kind',
        json_build_object('organizationId', p_organization, 'decisionId', d.id),
        (d.job ->> 'runAt')::timestamptz, (d.job ->> 'kind') || '/' || d.id);
    end if;

    v_entry_kind := case d.status when 'posted' then 'post' when 'reserved' then 'reserve' end;
    if v_entry_kind is not null then
      insert into counters (organization_id, definition, scope_key, bucket)
        select p_organization, x.definition, x."scopeKey", b.bucket
          from jsonb_to_recordset(d.counters) as x (definition text, "scopeKey" text, bucket date, "rollingFrom" date)
          cross join lateral (
            select x.bucket union select date '0001-01-01' where x."rollingFrom" is not null
          ) as b
          order by counter_heat(x."scopeKey"), x.definition, x."scopeKey", b.bucket
        on conflict do nothing;

      for c in
        select x.* from jsonb_to_recordset(d.counters) as x (
          definition text, "scopeKey" text, bucket date, "rollingFrom" date, "limitIds" text[], amount bigint,
          "guardAmount" bigint, "guardCount" bigint
        )
        order by counter_heat(x."scopeKey"), x.definition, x."scopeKey", x.bucket
      loop
        v_seq := v_seq + 1;
        if c.definition = 'order-refundable' then
          select o.amount_paid into v_paid from orders o where o.organization_id = p_organization and o.id = d."orderId";
          c."guardAmount" := v_paid;
        end if;
        perform count_entry(p_organization, d.id, v_seq, v_entry_kind, c.definition, c."scopeKey", c.bucket, c."limitIds",
          c.amount, 1, d.at, c."guardAmount", c."guardCount", c."rollingFrom");
      end loop;
    end if;

    perform count_rollup(p_organization, d.day, d."employeeId", d.remedy, d.verdict, d.status, 1, coalesce(d."countedAmount", 0));
  exception
    when sqlstate 'LW001' then
      get stacked diagnostics v_definition = pg_exception_detail;
      return jsonb_build_object('outcome', 'full', 'definition', v_definition);
    when sqlstate 'LW002' then
      return jsonb_build_object('outcome', 'policy_changed');
  end;

  return jsonb_build_object('outcome', 'recorded');
end
$$;

-- Gives back what a waiting handover holds, once its deadline has passed, once. Answers whether this call did it.
create function expire_handover(p_organization uuid, p_decision uuid, p_at timestamptz, p_audit_id uuid) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d decisions;
  e record;
  v_day date;
  v_seq integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  update handovers set status = 'expired', answered_at = p_at
    where organization_id = p_organization and decision_id = p_decision and status = 'waiting' and deadline_at <= p_at;
  if not found then
    return false;
  end if;

  update decisions set status = 'expired' where organization_id = p_organization and id = p_decision returning * into d;
  select max(seq) into v_seq from ledger_entries where organization_id = p_organization and decision_id = p_decision;
  for e in
    select l.* from ledger_entries l
      where l.organization_id = p_organization and l.decision_id = p_decision and l.kind = 'reserve'
      order by counter_heat(l.scope_key), l.definition, l.scope_key, l.bucket
  loop
    v_seq := v_seq + 1;
    perform count_entry(p_organization, p_decision, v_seq, 'release', e.definition, e.scope_key, e.bucket, e.limit_ids,
      e.amount, e.count, p_at, null, null, null);
  end loop;

  select (d.created_at at time zone o.time_zone)::date into v_day from organizations o where o.id = p_organization;
  perform count_rollup(p_organization, v_day, d.employee_id, d.remedy, d.verdict, 'reserved', -1, -coalesce(d.counted_amount, 0));
  perform count_rollup(p_organization, v_day, d.employee_id, d.remedy, d.verdict, 'expired', 1, coalesce(d.counted_amount, 0));
  update jobs set status = 'done', finished_at = p_at
    where organization_id = p_organization and decision_id = p_decision and kind = 'expire_handover';
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, p_audit_id, 'system', null, 'handover.expired', 'decision', p_decision::text, '{}', p_at);
  return true;
end
$$;

-- Notes that a posted decision is carried out by a person, because no provider serves its remedy.
create function execute_by_hand(p_organization uuid, p_decision uuid, p_at timestamptz) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  update jobs set status = 'by_hand', finished_at = p_at
    where organization_id = p_organization and decision_id = p_decision and kind = 'execute' and status = 'queued';
  return found;
end
$$;

-- Puts a new version in force and lets the limits that are new in it count what happened before, all at one instant:
-- no decision is recorded between the two. p_base is the version that the author saw (null for an organization's first).
-- p_backfill: [{"decisionId", "definition", "scopeKey", "bucket", "limitIds", "amount", "kind": "post" | "reserve"}].
-- Answers {"outcome": "published", "version": …} or {"outcome": "stale", "version": <the one in force>}.
create function publish_policy(
  p_organization uuid, p_base integer, p_document jsonb, p_author uuid, p_note text, p_backfill jsonb, p_audit_id uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_current integer;
  v_version integer;
  e record;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  select version into v_current from policies where organization_id = p_organization and status = 'published';
  if v_current is distinct from p_base then
    return jsonb_build_object('outcome', 'stale', 'version', v_current);
  end if;

  update policies set status = 'superseded' where organization_id = p_organization and status = 'published';
  select coalesce(max(version), 0) + 1 into v_version from policies where organization_id = p_organization;
  insert into policies (organization_id, version, status, document, note, author_id, created_at, published_at)
    values (p_organization, v_version, 'published', p_document, p_note, p_author, p_at, p_at);

  insert into counters (organization_id, definition, scope_key, bucket)
    select distinct p_organization, x.definition, x."scopeKey", x.bucket
      from jsonb_to_recordset(p_backfill) as x (definition text, "scopeKey" text, bucket date)
    on conflict do nothing;
  for e in
    select x.*, row_number() over (partition by x."decisionId") + coalesce(
        (select max(l.seq) from ledger_entries l where l.organization_id = p_organization and l.decision_id = x."decisionId"), 0
      ) as seq
      from jsonb_to_recordset(p_backfill) as x (
        "decisionId" uuid, definition text, "scopeKey" text, bucket date, "limitIds" text[], amount bigint, kind text
      )
  loop
    perform count_entry(p_organization, e."decisionId", e.seq::integer, e.kind, e.definition, e."scopeKey", e.bucket,
      e."limitIds", e.amount, 1, p_at, null, null, null);
  end loop;

  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, p_audit_id, case when p_author is null then 'system' else 'employee' end, p_author,
      'policy.published', 'policy', v_version::text, jsonb_build_object('base', v_current, 'note', p_note), p_at);
  return jsonb_build_object('outcome', 'published', 'version', v_version);
end
$$;

-- What writes history belongs to the ledger's role, and only the app may call it.
grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'record_decision(uuid, text, text, jsonb)',
    'expire_handover(uuid, uuid, timestamptz, uuid)',
    'execute_by_hand(uuid, uuid, timestamptz)',
    'publish_policy(uuid, integer, jsonb, uuid, text, jsonb, uuid, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
  foreach f in array array[
    'enqueue_job(text, json, timestamptz, text)',
    'count_entry(uuid, uuid, integer, text, text, text, date, text[], bigint, integer, timestamptz, bigint, bigint, date)',
    'count_rollup(uuid, date, uuid, text, text, text, integer, bigint)'
  ] loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_ledger', f);
  end loop;
end
$$;
revoke create on schema public from leeway_ledger;

-- Down Migration
drop function publish_policy, execute_by_hand, expire_handover, record_decision, count_rollup, count_entry, enqueue_job,
  read_decision_inputs, counter_heat, scope_key, policy_lock_key cascade;
