-- Up Migration

-- What every decision calls keeps its plans. A plan is thrown away when it was made for another role or another search
-- path, so what both the app and the ledger's functions ask belongs to one role and has a search path of its own. And
-- plans are made once for all values: those made for each value anew cost more than what they do.
alter function policy_in_force(uuid, uuid, timestamptz) security definer set search_path = public, pg_temp;
-- Most organizations try nothing most of the time, so trials are asked for first and by themselves.
create or replace function policies_in_force(p_organization uuid, p_at timestamptz) returns integer[]
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
declare
  v_version integer;
begin
  perform 1 from policy_trials t
    where t.organization_id = p_organization and t.starts_at <= p_at and p_at < coalesce(t.ended_at, t.ends_at);
  if not found then
    select p.version into v_version from policies p where p.organization_id = p_organization and p.status = 'published';
    return case when v_version is null then '{}'::integer[] else array[v_version] end;
  end if;
  return array(
    select p.version from policies p where p.organization_id = p_organization and p.status = 'published'
    union
    select t.version from policy_trials t
      where t.organization_id = p_organization and t.starts_at <= p_at and p_at < coalesce(t.ended_at, t.ends_at)
    order by 1
  );
end
$$;
alter function find_session(uuid, uuid, timestamptz, interval) set plan_cache_mode = force_generic_plan;
alter function answer_handover(uuid, jsonb) set plan_cache_mode = force_generic_plan;

-- As before, in a language that keeps what it has read: each limit of each decision asks.
create or replace function scope_key(p_scope text[], p_employee uuid, p_customer uuid, p_team text, p_order uuid, p_case uuid, p_per_case boolean)
  returns text
  language plpgsql immutable parallel safe as $$
begin
  if ('team' = any (p_scope) and p_team is null) or ('order' = any (p_scope) and p_order is null) or (p_per_case and p_case is null) then
    return null;
  end if;
  return
    coalesce(
      nullif(
        concat_ws('/',
          case when 'employee' = any (p_scope) then 'employee:' || p_employee end,
          case when 'customer' = any (p_scope) then 'customer:' || p_customer end,
          case when 'team' = any (p_scope) then 'team:' || p_team end,
          case when 'order' = any (p_scope) then 'order:' || p_order end
        ), ''),
      'organization')
    || case when p_per_case then '/case:' || p_case else '' end;
end
$$;

-- Everything that a verdict needs, of one moment and in one round trip; what was not asked for is not looked for. A record that
-- was merged into another one stands for that one, and with p_answered (a handover's decision) what that decision holds is
-- told apart, so that its answer is not in its own way.
create or replace function read_decision_inputs(
  p_organization uuid,
  p_employee uuid,
  p_customer_id uuid,
  p_customer_ref text,
  p_order_id uuid,
  p_order_ref text,
  p_key text,
  p_queries jsonb,
  p_at timestamptz,
  p_currency text,
  p_day date,
  p_answered uuid
) returns jsonb
  language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  v_employee record;
  v_customer record;
  v_order orders;
  v_version integer;
  v_versions integer[];
  v_counted record;
  v_rate jsonb;
  -- An assignment is evaluated at once; what is performed is a query of its own.
  v_done text := set_config('leeway.organization_id', p_organization::text, true);
begin
  select e.id, e.role, e.status, e.started_on, e.team_id, t.key as team,
      (select m.id from employees m
        where m.organization_id = p_organization and m.id = e.manager_id and m.status = 'active') as manager_id,
      o.time_zone, o.currency, o.handover_minutes, o.undo_seconds,
      (select jsonb_build_object('hash', i.request_hash, 'decisionId', i.decision_id) from idempotency_keys i
        where i.organization_id = p_organization and i.employee_id = p_employee and i.key = p_key) as replay
    into v_employee
    from organizations o
    left join employees e on e.organization_id = p_organization and e.id = p_employee
    left join teams t on t.organization_id = p_organization and t.id = e.team_id
    where o.id = p_organization;
  -- With one version in force it is everybody's.
  v_versions := policies_in_force(p_organization, p_at);
  v_version := case when cardinality(v_versions) = 1 then v_versions[1]
    else policy_in_force(p_organization, v_employee.team_id, p_at) end;

  select c.id, c.tier, c.merged_into, c.erased_at into v_customer from customers c
    where c.organization_id = p_organization and c.id = p_customer_id;
  if not found and p_customer_ref is not null then
    select c.id, c.tier, c.merged_into, c.erased_at into v_customer from customers c
      where c.organization_id = p_organization and c.external_ref = p_customer_ref;
  end if;
  while v_customer.merged_into is not null loop
    select c.id, c.tier, c.merged_into, c.erased_at into v_customer from customers c
      where c.organization_id = p_organization and c.id = v_customer.merged_into;
  end loop;
  -- What they asked for before may still be answered.
  if v_customer.erased_at is not null and p_answered is null then
    v_customer.id := null;
  end if;

  if p_order_ref is not null then
    select o.* into v_order from orders o
      where o.organization_id = p_organization and o.id = p_order_id;
    if not found then
      select o.* into v_order from orders o
        where o.organization_id = p_organization and o.external_ref = p_order_ref;
    end if;
    if v_order.customer_id <> v_customer.id then
      v_order.customer_id := standing_customer(p_organization, v_order.customer_id);
    end if;
  end if;

  if p_currency is not null then
    select jsonb_build_object('rate', trim_scale(x.rate)::text, 'day', x.day) into v_rate
      from exchange_rates x
      where x.organization_id = p_organization and x.currency = p_currency and x.day <= p_day
      order by x.day desc limit 1;
  end if;

  -- All that counts is read in one statement, so that it is of one moment. What the handover that is being answered holds
  -- itself is told apart: it is not in its own way.
  if p_answered is null then
    select
        (select jsonb_object_agg(q."limitId", jsonb_build_array(u.posted_amount, u.reserved_amount, u.posted_count, u.reserved_count))
          from jsonb_to_recordset(p_queries)
            as q ("limitId" text, definition text, scope text[], "perCase" boolean, bucket date, "rollingFrom" date)
          cross join lateral (
            select sum(k.posted_amount) as posted_amount, sum(k.reserved_amount) as reserved_amount,
                sum(k.posted_count) as posted_count, sum(k.reserved_count) as reserved_count
              from counters k
              where k.organization_id = p_organization
                and k.definition = q.definition
                and k.scope_key = scope_key(q.scope, v_employee.id, v_customer.id, v_employee.team, v_order.id, null, q."perCase")
                -- Of a rolling window also the days after: where a clock steps back, or an answer counts on the day of the
                -- asking, the windows that end on those days hold it too, and the guard looks at them.
                and k.bucket >= coalesce(q."rollingFrom", q.bucket) and (k.bucket = q.bucket or q."rollingFrom" is not null)
          ) as u
          where u.posted_amount is not null) as usage,
        null::jsonb as held,
        (select coalesce(sum(k.posted_amount), 0)::bigint from counters k
          where k.organization_id = p_organization and k.definition = 'order-refundable'
            and k.scope_key = 'order:' || v_order.id and k.bucket = date '0001-01-01') as refunded,
        (select coalesce(sum(k.reserved_amount), 0)::bigint from counters k
          where k.organization_id = p_organization and k.definition = 'order-refundable'
            and k.scope_key = 'order:' || v_order.id and k.bucket = date '0001-01-01') as held_refunds
      into v_counted;
  else
    select
        (select jsonb_object_agg(q."limitId", jsonb_build_array(u.posted_amount, u.reserved_amount, u.posted_count, u.reserved_count))
          from jsonb_to_recordset(p_queries)
            as q ("limitId" text, definition text, scope text[], "perCase" boolean, bucket date, "rollingFrom" date)
          cross join lateral (
            select sum(k.posted_amount) as posted_amount, sum(k.reserved_amount) as reserved_amount,
                sum(k.posted_count) as posted_count, sum(k.reserved_count) as reserved_count
              from counters k
              where k.organization_id = p_organization
                and k.definition = q.definition
                and k.scope_key = scope_key(q.scope, v_employee.id, v_customer.id, v_employee.team, v_order.id, null, q."perCase")
                -- Of a rolling window also the days after: where a clock steps back, or an answer counts on the day of the
                -- asking, the windows that end on those days hold it too, and the guard looks at them.
                and k.bucket >= coalesce(q."rollingFrom", q.bucket) and (k.bucket = q.bucket or q."rollingFrom" is not null)
          ) as u
          where u.posted_amount is not null) as usage,
        (select jsonb_object_agg(q."limitId", jsonb_build_array(h.amount, h.count))
            from jsonb_to_recordset(p_queries)
              as q ("limitId" text, definition text, scope text[], "perCase" boolean, bucket date, "rollingFrom" date)
            join decision_holdings(p_organization, p_answered) as h
              on h.definition = q.definition and h.bucket between coalesce(q."rollingFrom", q.bucket) and q.bucket
                and h.scope_key = scope_key(q.scope, v_employee.id, v_customer.id, v_employee.team, v_order.id, null, q."perCase")
            where h.kind = 'reserved') as held,
        (select coalesce(sum(k.posted_amount), 0)::bigint from counters k
          where k.organization_id = p_organization and k.definition = 'order-refundable'
            and k.scope_key = 'order:' || v_order.id and k.bucket = date '0001-01-01') as refunded,
        (select coalesce(sum(k.reserved_amount), 0)::bigint from counters k
          where k.organization_id = p_organization and k.definition = 'order-refundable'
            and k.scope_key = 'order:' || v_order.id and k.bucket = date '0001-01-01')
          - (select coalesce(sum(h.amount), 0)::bigint from decision_holdings(p_organization, p_answered) as h
                where h.definition = 'order-refundable' and h.kind = 'reserved') as held_refunds
      into v_counted;
  end if;

  return jsonb_build_object(
    'policyVersion', v_version,
    'versionsInForce', v_versions,
    'organization', jsonb_build_object(
      'timeZone', v_employee.time_zone, 'currency', v_employee.currency, 'handoverMinutes', v_employee.handover_minutes,
      'undoSeconds', v_employee.undo_seconds),
    'employee', case when v_employee.id is not null then jsonb_build_object(
      'id', v_employee.id, 'role', v_employee.role, 'status', v_employee.status, 'startedOn', v_employee.started_on,
      'teamId', v_employee.team_id, 'team', v_employee.team, 'managerId', v_employee.manager_id) end,
    'customer', case when v_customer.id is not null then jsonb_build_object('id', v_customer.id, 'tier', v_customer.tier) end,
    'order', case when v_order.id is not null then jsonb_build_object(
      'id', v_order.id, 'customerId', v_order.customer_id, 'paid', v_order.amount_paid, 'currency', v_order.currency,
      'placedAt', extract(epoch from v_order.placed_at) * 1000, 'refunded', v_counted.refunded, 'reserved', v_counted.held_refunds) end,
    'replay', v_employee.replay,
    'rate', v_rate,
    'usage', coalesce(v_counted.usage, '{}'::jsonb),
    'held', v_counted.held
  );
end
$$;

create or replace function find_api_key(p_hash text, p_employee_id uuid, p_employee_email text, p_at timestamptz) returns jsonb
  language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  k record;
  v_employee jsonb;
  v_done text := set_config('leeway.api_key_hash', p_hash, true);
begin
  select a.*, count(*) over () as holders into k from api_keys a where a.key_hash = p_hash;
  if not found or k.holders > 1 or k.revoked_at is not null or k.expires_at <= p_at then
    return null;
  end if;
  v_done := set_config('leeway.organization_id', k.organization_id::text, true);
  if k.last_used_at is null or k.last_used_at < p_at - interval '1 minute' then
    update api_keys set last_used_at = p_at where organization_id = k.organization_id and id = k.id;
  end if;
  select jsonb_build_object('id', e.id, 'role', e.role, 'status', e.status) into v_employee
    from employees e
    where e.organization_id = k.organization_id and (e.id = p_employee_id or e.email = p_employee_email);
  return jsonb_build_object('organizationId', k.organization_id, 'apiKeyId', k.id, 'scopes', k.scopes, 'employee', v_employee);
end
$$;

-- Proves a key and reads what its employee decides on, in one round trip. The caller guesses the organization, because it
-- has to say what the limits of its policy count; where the guess is wrong, or the key opens nothing, nothing is read.
create function read_as_bearer(
  p_hash text,
  p_employee_id uuid,
  p_employee_email text,
  p_organization uuid,
  p_customer_id uuid,
  p_customer_ref text,
  p_order_id uuid,
  p_order_ref text,
  p_key text,
  p_queries jsonb,
  p_at timestamptz,
  p_currency text,
  p_day date
) returns jsonb
  language plpgsql as $$
declare
  v_actor jsonb := find_api_key(p_hash, p_employee_id, p_employee_email, p_at);
  v_employee uuid := (v_actor -> 'employee' ->> 'id')::uuid;
begin
  if v_employee is null or (v_actor ->> 'organizationId')::uuid <> p_organization then
    return jsonb_build_object('actor', v_actor);
  end if;
  return jsonb_build_object('actor', v_actor, 'inputs', read_decision_inputs(
    p_organization, v_employee, p_customer_id, p_customer_ref, p_order_id, p_order_ref, p_key, p_queries, p_at, p_currency, p_day, null));
end
$$;

-- Nobody looks for the entries of one counter: what is held against them is all of them at once.
drop index ledger_entries_counter;

-- A condition on rows is read anew from its text by every statement that writes some. Long ones are functions therefore:
-- the same conditions, read once a session.
create function entry_adds_up(
  seq integer, kind text, amount bigint, count integer,
  posted_amount_before bigint, posted_amount_after bigint, reserved_amount_before bigint, reserved_amount_after bigint,
  posted_count_before bigint, posted_count_after bigint, reserved_count_before bigint, reserved_count_after bigint
) returns boolean
  language plpgsql immutable parallel safe as $$
declare
  d_posted integer := case kind when 'post' then 1 when 'commit' then 1 when 'reverse' then -1 else 0 end;
  d_reserved integer := case kind when 'reserve' then 1 when 'commit' then -1 when 'release' then -1 else 0 end;
begin
  return seq > 0 and amount >= 0 and count >= 0 and (d_posted <> 0 or d_reserved <> 0)
    and posted_amount_after = posted_amount_before + d_posted * amount
    and reserved_amount_after = reserved_amount_before + d_reserved * amount
    and posted_count_after = posted_count_before + d_posted * count
    and reserved_count_after = reserved_count_before + d_reserved * count;
end
$$;
alter table ledger_entries
  drop constraint ledger_entries_kind_check,
  drop constraint ledger_entries_add_up,
  drop constraint ledger_entries_amount_check,
  drop constraint ledger_entries_count_check,
  drop constraint ledger_entries_seq_check,
  add constraint ledger_entries_add_up check (entry_adds_up(
    seq, kind, amount, count, posted_amount_before, posted_amount_after, reserved_amount_before, reserved_amount_after,
    posted_count_before, posted_count_after, reserved_count_before, reserved_count_after
  ));

create function decision_fits(
  remedy text, amount bigint, counted_amount bigint, currency text, verdict text, status text
) returns boolean
  language plpgsql immutable parallel safe as $$
begin
  return remedy in ('refund', 'credit', 'fee_waiver', 'upgrade', 'limit_extension', 'replacement', 'gift')
    and amount between 0 and 9007199254740991
    and (counted_amount is null or counted_amount between 0 and 9007199254740991)
    and currency ~ '^[A-Z]{3}$'
    and case verdict
      when 'allow' then status in ('posted', 'reversed')
      when 'bend' then status in ('posted', 'reversed')
      when 'handover' then status in ('reserved', 'posted', 'declined', 'expired', 'released', 'reversed')
      when 'deny' then status = 'refused'
      else false
    end;
end
$$;
alter table decisions
  drop constraint decisions_remedy_check,
  drop constraint decisions_amount_check,
  drop constraint decisions_counted_amount_check,
  drop constraint decisions_currency_check,
  drop constraint decisions_verdict_check,
  drop constraint decisions_status_check,
  drop constraint decisions_status_of_verdict,
  add constraint decisions_fit check (decision_fits(remedy, amount, counted_amount, currency, verdict, status));

create function job_fits(kind text, status text) returns boolean
  language plpgsql immutable parallel safe as $$
begin
  return kind in ('execute', 'expire_handover') and status in ('queued', 'by_hand', 'done', 'cancelled', 'unknown');
end
$$;
alter table jobs
  drop constraint jobs_kind_check,
  drop constraint jobs_status_check,
  add constraint jobs_fit check (job_fits(kind, status));

create function key_fits(key text, request_hash text) returns boolean
  language plpgsql immutable parallel safe as $$
begin
  -- No regular expression: sixty-four characters of it cost as much as the rest of the row.
  return key <> '' and length(request_hash) = 64 and translate(request_hash, '0123456789abcdef', '') = '';
end
$$;
alter table idempotency_keys
  drop constraint idempotency_keys_key_check,
  drop constraint idempotency_keys_request_hash_check,
  add constraint idempotency_keys_fit check (key_fits(key, request_hash));

-- And several short ones are one.
alter table counters
  drop constraint counters_posted_amount_check,
  drop constraint counters_reserved_amount_check,
  drop constraint counters_posted_count_check,
  drop constraint counters_reserved_count_check,
  add constraint counters_not_negative check (least(posted_amount, reserved_amount, posted_count, reserved_count) >= 0);
alter table decision_rollups
  drop constraint decision_rollups_decisions_check,
  drop constraint decision_rollups_amount_check,
  add constraint decision_rollups_not_negative check (least(decisions, amount) >= 0);

-- Adds what is asked for to a counter that is not split, and gives the counter as it is then. Raises LW001 when a guard
-- would be passed; the detail names the counter's definition. Counters are made where they are first counted on, in the
-- order in which they are locked, so that nobody asks for those that are there.
create function add_to_counter(
  p_organization uuid, p_kind text, p_definition text, p_scope_key text, p_bucket date, p_amount bigint,
  p_guard_amount bigint, p_guard_count bigint, p_rolling_from date
) returns counters
  language plpgsql as $$
declare
  k counters;
  v_made boolean := false;
  v_before_amount bigint := 0;
  v_before_count bigint := 0;
  d_posted integer := case p_kind when 'post' then 1 else 0 end;
begin
  if p_rolling_from is not null then
    -- Days of a rolling window are separate rows, so all who count in the window meet at its head first.
    perform 1 from counters
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key
        and bucket = date '0001-01-01' and slot = 0
      for update;
    if not found then
      insert into counters (organization_id, definition, scope_key, bucket)
        values (p_organization, p_definition, p_scope_key, date '0001-01-01') on conflict do nothing;
      perform 1 from counters
        where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key
          and bucket = date '0001-01-01' and slot = 0
        for update;
    end if;
    select coalesce(sum(posted_amount + reserved_amount), 0), coalesce(sum(posted_count + reserved_count), 0)
      into v_before_amount, v_before_count
      from counters
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key
        and bucket >= p_rolling_from and bucket <> p_bucket;
  end if;

  loop
    update counters set
        posted_amount = posted_amount + d_posted * p_amount, reserved_amount = reserved_amount + (1 - d_posted) * p_amount,
        posted_count = posted_count + d_posted, reserved_count = reserved_count + (1 - d_posted)
      where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket
        and slot = 0
        and (p_guard_amount is null or v_before_amount + posted_amount + reserved_amount + p_amount <= p_guard_amount)
        and (p_guard_count is null or v_before_count + posted_count + reserved_count + 1 <= p_guard_count)
      returning * into k;
    if found then
      return k;
    elsif v_made then
      raise exception 'A counter has run full meanwhile.' using errcode = 'LW001', detail = p_definition;
    end if;
    insert into counters (organization_id, definition, scope_key, bucket)
      values (p_organization, p_definition, p_scope_key, p_bucket) on conflict do nothing;
    v_made := true;
  end loop;
end
$$;

-- Records one decision, whole or not at all, in one call: without asking first whether the counters are there, and with one
-- statement for all entries. Answers
--   {"outcome": "recorded"}                                the decision stands under p_decision.id
--   {"outcome": "replayed", "decisionId": …}               the same intent was recorded before
--   {"outcome": "mismatch"}                                the key was used for another request
--   {"outcome": "policy_changed"}                          another version is in force, or the customer was merged: again
--   {"outcome": "full", "definition": …}                   a limit ran full meanwhile: evaluate again
-- READ COMMITTED is enough: every rule is in a unique key or in the condition of an update.
create or replace function record_decision(p_organization uuid, p_key text, p_hash text, p_decision jsonb) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  d record;
  c record;
  v_existing idempotency_keys;
  v_entry_kind text;
  v_posted integer;
  v_definition text;
  v_seq integer := 0;
  -- By seq: each counter as it is after it was counted on, and what was added.
  v_counters counters[];
  v_amounts bigint[];
  v_limit_ids text[];
  -- An assignment is evaluated at once; what is performed is a query of its own.
  v_done text := set_config('leeway.organization_id', p_organization::text, true);
begin
  v_done := pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  -- With what it asks for: the kind of entry that its first step writes, and which counters are split.
  select x.*, s.entry_kind, array(select k.definition from counter_slots k where k.organization_id = p_organization) as split
    into d
    from jsonb_to_record(p_decision) as x (
    id uuid, "employeeId" uuid, "teamId" uuid, "customerId" uuid, "orderId" uuid, "caseId" uuid, "case" jsonb,
    remedy text, amount bigint, currency text, "countedAmount" bigint, verdict text, status text, note text, cause text,
    channel text, "policyVersion" integer, explanation jsonb, facts jsonb, "apiKeyId" uuid, at timestamptz, day date,
    counters jsonb, handover jsonb, job jsonb, "auditId" uuid, "versionsInForce" integer[]
  )
    left join decision_steps s on s.from_status = 'asked' and s.to_status = x.status;

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

    -- With one version in force it is everybody's.
    if policies_in_force(p_organization, d.at) is distinct from d."versionsInForce"
      or (case when cardinality(d."versionsInForce") = 1 then d."versionsInForce"[1]
        else policy_in_force(p_organization, d."teamId", d.at) end) is distinct from d."policyVersion" then
      raise exception 'Another policy is in force.' using errcode = 'LW002';
    end if;
    perform 1 from customers where organization_id = p_organization and id = d."customerId"
      and (merged_into is not null or erased_at is not null);
    if found then
      raise exception 'The customer is another one now.' using errcode = 'LW002';
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
    end if;

    v_entry_kind := d.entry_kind;
    if v_entry_kind is not null then
      for c in
        select x.* from jsonb_to_recordset(d.counters) as x (
          definition text, "scopeKey" text, bucket date, "rollingFrom" date, "limitIds" text[], amount bigint,
          "guardAmount" bigint, "guardCount" bigint
        )
        order by counter_heat(x."scopeKey"), x.definition, x."scopeKey", x.bucket
      loop
        v_seq := v_seq + 1;
        if c.definition = 'order-refundable' then
          select o.amount_paid into c."guardAmount" from orders o where o.organization_id = p_organization and o.id = d."orderId";
        end if;
        -- One with a rolling window is not split: all who count in it meet at its head anyway.
        if c.definition = any (d.split) and c."rollingFrom" is null and counter_heat(c."scopeKey") >= 2 then
          perform count_asked(p_organization, d.id, v_seq, v_entry_kind, c.definition, c."scopeKey", c.bucket, c."limitIds",
            c.amount, 1, d."auditId", 'asked', d.status, d.at, c."guardAmount", c."guardCount", c."rollingFrom");
          continue;
        end if;
        v_counters[v_seq] := add_to_counter(p_organization, v_entry_kind, c.definition, c."scopeKey", c.bucket, c.amount,
          c."guardAmount", c."guardCount", c."rollingFrom");
        v_amounts[v_seq] := c.amount;
        v_limit_ids[v_seq] := c."limitIds"::text;
      end loop;
      -- The entries of all of them in one statement.
      if v_counters is not null then
        v_posted := case v_entry_kind when 'post' then 1 else 0 end;
        insert into ledger_entries (
          organization_id, decision_id, seq, kind, definition, scope_key, bucket, slot, limit_ids, amount, count,
          posted_amount_before, posted_amount_after, reserved_amount_before, reserved_amount_after,
          posted_count_before, posted_count_after, reserved_count_before, reserved_count_after,
          event_id, status_before, status_after, created_at
        )
        select p_organization, d.id, n, v_entry_kind, k.definition, k.scope_key, k.bucket, k.slot, v_limit_ids[n]::text[], v_amounts[n], 1,
            k.posted_amount - v_posted * v_amounts[n], k.posted_amount,
            k.reserved_amount - (1 - v_posted) * v_amounts[n], k.reserved_amount,
            k.posted_count - v_posted, k.posted_count, k.reserved_count - (1 - v_posted), k.reserved_count,
            d."auditId", 'asked', d.status, d.at
          from generate_subscripts(v_counters, 1) as n
          cross join lateral (select (v_counters[n]).*) as k
          where k.definition is not null;
      end if;
      if v_seq = 0 then
        perform note_step(p_organization, d.id, 1, v_entry_kind, coalesce(d."countedAmount", 0), d."auditId", 'asked', d.status, d.at);
      end if;
    end if;

    v_done := count_rollup(p_organization, d.day, d."employeeId", d.remedy, d.verdict, d.status, 1, coalesce(d."countedAmount", 0));
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

do $$
declare
  f text;
begin
  foreach f in array array['policy_in_force(uuid, uuid, timestamptz)', 'policies_in_force(uuid, timestamptz)'] loop
    execute format('grant create on schema public to leeway_ledger');
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke create on schema public from leeway_ledger');
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app, leeway_ledger', f);
  end loop;
  foreach f in array array[
    'add_to_counter(uuid, text, text, text, date, bigint, bigint, bigint, date)'
  ] loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_ledger', f);
  end loop;
end
$$;
