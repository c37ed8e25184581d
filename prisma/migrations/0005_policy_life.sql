-- Up Migration

-- A version begins as a draft, which is edited under an optimistic lock (`revision`); from the moment that a decision
-- can be taken under it, on trial or in force, it is never edited again.
alter table policies drop constraint policies_status_check, drop constraint policies_check;
alter table policies
  add column base_version integer,
  add column restores integer,
  add column revision integer not null default 1 check (revision > 0),
  add column updated_at timestamptz,
  add column updated_by uuid,
  add column publish_at timestamptz,
  add column publish_by uuid,
  -- Why a scheduled publication did not happen, in words for the admin.
  add column publish_fault text,
  add constraint policies_status_check check (status in ('draft', 'trial', 'published', 'superseded', 'discarded')),
  add constraint policies_published_at_check check (
    case status
      when 'published' then published_at is not null
      when 'superseded' then true
      else published_at is null
    end
  ),
  add constraint policies_publish_at_check check (publish_at is null or status = 'draft'),
  add foreign key (organization_id, base_version) references policies (organization_id, version),
  add foreign key (organization_id, restores) references policies (organization_id, version),
  add foreign key (organization_id, updated_by) references employees (organization_id, id),
  add foreign key (organization_id, publish_by) references employees (organization_id, id);
create index policies_status on policies (organization_id, status, version desc);

-- A draft that is in force for one team beside the published version, for some days.
create table policy_trials (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  version integer not null,
  team_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- When it was over: at its end, or before, when somebody ended it.
  ended_at timestamptz,
  started_by uuid not null,
  ended_by uuid,
  primary key (organization_id, id),
  foreign key (organization_id, version) references policies (organization_id, version),
  foreign key (organization_id, team_id) references teams (organization_id, id),
  foreign key (organization_id, started_by) references employees (organization_id, id),
  foreign key (organization_id, ended_by) references employees (organization_id, id),
  check (ends_at > starts_at),
  check (ended_at between starts_at and ends_at)
);
create unique index policy_trials_team on policy_trials (organization_id, team_id) where ended_at is null;
create unique index policy_trials_version on policy_trials (organization_id, version) where ended_at is null;
create index policy_trials_starts on policy_trials (organization_id, starts_at desc);

-- What one unit of a currency is worth in the organization's, from a day on.
create table exchange_rates (
  organization_id uuid not null references organizations (id),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  day date not null,
  rate numeric(24, 12) not null check (rate > 0),
  updated_at timestamptz not null,
  updated_by uuid,
  primary key (organization_id, currency, day),
  foreign key (organization_id, updated_by) references employees (organization_id, id)
);

-- What somebody was about to ask for on the desk and did not send: where limits are low, people ask for less.
create table unsent_requests (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  employee_id uuid not null,
  team_id uuid,
  customer_id uuid not null,
  order_id uuid,
  remedy text not null check (remedy in ('refund', 'credit', 'fee_waiver', 'upgrade', 'limit_extension', 'replacement', 'gift')),
  amount bigint not null check (amount between 0 and 9007199254740991),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  counted_amount bigint check (counted_amount between 0 and 9007199254740991),
  verdict text not null check (verdict in ('allow', 'bend', 'handover', 'deny')),
  binding text,
  cause text,
  channel text,
  policy_version integer not null,
  facts jsonb not null,
  -- The rate that brought it into the policy's currency; null where none was needed or known.
  exchange jsonb,
  -- What was sent instead, of a lower amount; null when nothing was.
  sent_decision_id uuid,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, employee_id) references employees (organization_id, id),
  foreign key (organization_id, customer_id) references customers (organization_id, id),
  foreign key (organization_id, order_id) references orders (organization_id, id),
  foreign key (organization_id, policy_version) references policies (organization_id, version),
  foreign key (organization_id, sent_decision_id) references decisions (organization_id, id)
);

-- A replay of recorded history under a draft. Working data: it can always be made again.
create table policy_simulations (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  version integer not null,
  revision integer not null,
  -- The draft as it was when the replay was asked for, and the version in force that it is held against.
  document jsonb not null,
  compared_with integer not null,
  from_day date not null,
  to_day date not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'cancelled', 'failed')),
  processed bigint not null default 0,
  total bigint,
  result jsonb,
  fault text,
  asked_by uuid,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, version) references policies (organization_id, version),
  foreign key (organization_id, compared_with) references policies (organization_id, version),
  foreign key (organization_id, asked_by) references employees (organization_id, id),
  check (from_day <= to_day),
  check ((status = 'done') = (result is not null)),
  check ((status in ('done', 'cancelled', 'failed')) = (finished_at is not null))
);
create index policy_simulations_version on policy_simulations (organization_id, version, created_at desc);

-- The decisions that would have gone otherwise.
create table policy_simulation_differences (
  organization_id uuid not null references organizations (id),
  simulation_id uuid not null,
  decision_id uuid not null,
  -- What was decided; what the version in force and the draft say to it.
  recorded text not null check (recorded in ('allow', 'bend', 'handover', 'deny')),
  current text not null check (current in ('allow', 'bend', 'handover', 'deny')),
  draft text not null check (draft in ('allow', 'bend', 'handover', 'deny')),
  binding text,
  primary key (organization_id, simulation_id, decision_id),
  foreign key (organization_id, simulation_id) references policy_simulations (organization_id, id) on delete cascade,
  foreign key (organization_id, decision_id) references decisions (organization_id, id)
);

do $$
declare
  t text;
begin
  foreach t in array array[
    'policy_trials', 'exchange_rates', 'unsent_requests', 'policy_simulations', 'policy_simulation_differences'
  ] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select on %I to leeway_app', t);
  end loop;
  foreach t in array array['unsent_requests'] loop
    execute format('create trigger history_rows before update or delete on %I for each row execute function forbid_change()', t);
    execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', t);
  end loop;
  foreach t in array array['policy_trials'] loop
    execute format('create trigger history_rows before delete on %I for each row execute function forbid_change()', t);
    execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', t);
  end loop;
end
$$;

grant insert, update, delete on exchange_rates to leeway_app;
grant insert on unsent_requests to leeway_app;
grant update on policy_simulations to leeway_app;
grant insert, delete on policy_simulation_differences to leeway_app;

grant select, insert, update on policy_trials to leeway_ledger;
grant select on exchange_rates, teams to leeway_ledger;
grant select, insert on policy_simulations to leeway_ledger;
grant update (
  status, document, note, author_id, base_version, restores, revision, updated_at, updated_by, published_at, publish_at,
  publish_by, publish_fault
) on policies to leeway_ledger;

-- What a version may still become, and that nothing else of it moves once a decision could be taken under it.
create or replace function policies_step() returns trigger
  language plpgsql as $$
declare
  v_fixed jsonb := to_jsonb(old) - 'status' - 'published_at' - 'note';
begin
  if (old.status, new.status) not in (
    ('draft', 'draft'), ('draft', 'trial'), ('draft', 'published'), ('draft', 'discarded'), ('discarded', 'draft'),
    ('trial', 'published'), ('trial', 'superseded'), ('published', 'superseded')
  ) then
    raise exception 'A policy that is % cannot become %: a published policy is never edited, publish a new version.', old.status, new.status
      using errcode = 'insufficient_privilege';
  end if;
  if old.status <> 'draft' and (to_jsonb(new) - 'status' - 'published_at' - 'note') is distinct from v_fixed then
    raise exception 'A published policy is never edited: publish a new version.' using errcode = 'insufficient_privilege';
  end if;
  -- The note and the moment belong to the publication, and stay as it wrote them.
  if old.status in ('published', 'superseded')
    and (new.note, new.published_at) is distinct from (old.note, old.published_at) then
    raise exception 'A published policy is never edited: publish a new version.' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;

-- A trial's only moving part is its end.
create function policy_trials_step() returns trigger
  language plpgsql as $$
begin
  if old.ended_at is not null
    or (to_jsonb(new) - 'ended_at' - 'ended_by') is distinct from (to_jsonb(old) - 'ended_at' - 'ended_by') then
    raise exception 'A trial is history: it only ends, once.' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger policy_trials_step before update on policy_trials for each row execute function policy_trials_step();

-- The version that a member of a team decides under at a moment: the trial that runs for the team, else the published.
create function policy_in_force(p_organization uuid, p_team uuid, p_at timestamptz) returns integer
  language sql stable parallel safe
  return coalesce(
    (select t.version from policy_trials t
      where t.organization_id = p_organization and t.team_id = p_team
        and t.starts_at <= p_at and p_at < coalesce(t.ended_at, t.ends_at)
      order by t.starts_at desc limit 1),
    (select p.version from policies p where p.organization_id = p_organization and p.status = 'published')
  );

-- Every version that somebody decides under at a moment. All of them count every decision, so that no budget is lost
-- when a team changes from one to the other; only the decider's own one guards.
create function policies_in_force(p_organization uuid, p_at timestamptz) returns integer[]
  language sql stable parallel safe
  return array(
    select p.version from policies p where p.organization_id = p_organization and p.status = 'published'
    union
    select t.version from policy_trials t
      where t.organization_id = p_organization and t.starts_at <= p_at and p_at < coalesce(t.ended_at, t.ends_at)
    order by 1
  );

-- As before, and besides: the version is the one that the employee's team decides under, every other version that is in
-- force somewhere is named, and the exchange rate of the day is read.
drop function read_decision_inputs;
create function read_decision_inputs(
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
  p_day date
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
  v_rate jsonb;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);

  select o.time_zone, o.currency, o.handover_minutes into v_organization from organizations o where o.id = p_organization;

  select e.id, e.role, e.status, e.started_on, e.team_id, t.key as team,
      (select m.id from employees m
        where m.organization_id = p_organization and m.id = e.manager_id and m.status = 'active') as manager_id
    into v_employee
    from employees e
    left join teams t on t.organization_id = e.organization_id and t.id = e.team_id
    where e.organization_id = p_organization and e.id = p_employee;
  v_version := policy_in_force(p_organization, v_employee.team_id, p_at);

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

  select jsonb_build_object('rate', trim_scale(x.rate)::text, 'day', x.day) into v_rate
    from exchange_rates x
    where x.organization_id = p_organization and x.currency = p_currency and x.day <= p_day
    order by x.day desc limit 1;

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
    'versionsInForce', policies_in_force(p_organization, p_at),
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
    'rate', v_rate,
    'usage', coalesce(v_usage, '{}'::jsonb)
  );
end
$$;

-- As before, and besides: the version must be the one that the decider's team decides under, and all versions that are
-- in force somewhere must have been counted for.
create or replace function record_decision(p_organization uuid, p_key text, p_hash text, p_decision jsonb) returns jsonb
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
    counters jsonb, handover jsonb, job jsonb, "auditId" uuid, "versionsInForce" integer[]
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

    if policy_in_force(p_organization, d."teamId", d.at) is distinct from d."policyVersion"
      or policies_in_force(p_organization, d.at) is distinct from d."versionsInForce" then
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

create or replace function expire_handover(p_organization uuid, p_decision uuid, p_at timestamptz, p_audit_id uuid) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d decisions;
  e record;
  v_day date;
  v_seq integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  -- A version that is being published counts what is reserved: it must not be released meanwhile.
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
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

-- Versions count up by one. Whoever takes the next number holds this until it is written.
create function next_policy_version(p_organization uuid) returns integer
  language plpgsql set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('leeway.policy-number/' || p_organization::text, 0));
  return (select coalesce(max(version), 0) + 1 from policies where organization_id = p_organization);
end
$$;

create function audit_policy(
  p_organization uuid, p_audit_id uuid, p_actor jsonb, p_action text, p_version integer, p_data jsonb, p_at timestamptz
) returns void
  language sql set search_path = public, pg_temp
  begin atomic
    insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
      values (p_organization, p_audit_id, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, p_action, 'policy', p_version::text, p_data, p_at);
  end;

-- Tells whoever listens that somebody's policy is another one from now on.
create function tell_policy(p_organization uuid) returns void
  language sql set search_path = public, pg_temp
  return pg_notify('leeway', json_build_object('organizationId', p_organization, 'kind', 'policy')::text);

-- Makes a draft (p_version null), or writes a draft anew if it is still at the revision that its author saw.
-- p_actor is {"kind": "employee" | "api_key" | "system", "id"}; p_author the person behind it, null where there is none.
-- Answers {"outcome": "saved", "version", "revision"}, {"outcome": "stale", "revision"}, {"outcome": "not_draft", "status"},
-- {"outcome": "scheduled"} or {"outcome": "missing"}.
create function save_draft(
  p_organization uuid, p_version integer, p_revision integer, p_base integer, p_document jsonb, p_note text,
  p_actor jsonb, p_author uuid, p_audit_id uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v policies;
  v_version integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  if p_version is null then
    v_version := next_policy_version(p_organization);
    insert into policies (organization_id, version, status, document, note, author_id, created_at, base_version, updated_at, updated_by)
      values (p_organization, v_version, 'draft', p_document, p_note, p_author, p_at, p_base, p_at, p_author);
    perform audit_policy(p_organization, p_audit_id, p_actor, 'policy.drafted', v_version, jsonb_build_object('base', p_base), p_at);
    return jsonb_build_object('outcome', 'saved', 'version', v_version, 'revision', 1);
  end if;

  select * into v from policies where organization_id = p_organization and version = p_version for update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif v.status <> 'draft' then
    return jsonb_build_object('outcome', 'not_draft', 'status', v.status);
  elsif v.publish_at is not null then
    return jsonb_build_object('outcome', 'scheduled');
  elsif v.revision is distinct from p_revision then
    return jsonb_build_object('outcome', 'stale', 'revision', v.revision);
  end if;
  update policies set document = p_document, note = p_note, base_version = p_base, revision = v.revision + 1,
      updated_at = p_at, updated_by = p_author, publish_fault = null
    where organization_id = p_organization and version = p_version;
  perform audit_policy(p_organization, p_audit_id, p_actor, 'policy.saved', p_version, jsonb_build_object('revision', v.revision + 1), p_at);
  return jsonb_build_object('outcome', 'saved', 'version', p_version, 'revision', v.revision + 1);
end
$$;

-- Takes a draft away, or back. Answers {"outcome": "done" | "missing" | "not_draft", "status"}.
create function discard_draft(
  p_organization uuid, p_version integer, p_discard boolean, p_actor jsonb, p_audit_id uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_status text;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  update policies set status = case when p_discard then 'discarded' else 'draft' end, publish_at = null, publish_by = null
    where organization_id = p_organization and version = p_version
      and status = case when p_discard then 'draft' else 'discarded' end;
  if found then
    perform audit_policy(p_organization, p_audit_id, p_actor, case when p_discard then 'policy.discarded' else 'policy.restored' end,
      p_version, '{}', p_at);
    return jsonb_build_object('outcome', 'done');
  end if;
  select status into v_status from policies where organization_id = p_organization and version = p_version;
  return case when v_status is null then jsonb_build_object('outcome', 'missing')
    else jsonb_build_object('outcome', 'not_draft', 'status', v_status) end;
end
$$;

-- Says when a draft is to be published (null: not any more). What was scheduled is what is published: until then it
-- can't be edited. Answers {"outcome": "done" | "missing" | "not_draft" | "stale", …}.
create function schedule_policy(
  p_organization uuid, p_version integer, p_revision integer, p_publish_at timestamptz, p_note text, p_actor jsonb, p_author uuid,
  p_audit_id uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v policies;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into v from policies where organization_id = p_organization and version = p_version for update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif v.status <> 'draft' then
    return jsonb_build_object('outcome', 'not_draft', 'status', v.status);
  elsif p_publish_at is not null and v.revision is distinct from p_revision then
    return jsonb_build_object('outcome', 'stale', 'revision', v.revision);
  end if;
  update policies set publish_at = p_publish_at, publish_by = case when p_publish_at is not null then p_author end,
      publish_fault = null, note = coalesce(p_note, note)
    where organization_id = p_organization and version = p_version;
  if p_publish_at is not null then
    perform enqueue_job('publish_policy', json_build_object('organizationId', p_organization, 'version', p_version), p_publish_at,
      'publish_policy/' || p_organization || '/' || p_version);
  end if;
  perform audit_policy(p_organization, p_audit_id, p_actor,
    case when p_publish_at is null then 'policy.unscheduled' else 'policy.scheduled' end, p_version,
    jsonb_build_object('publishAt', p_publish_at), p_at);
  return jsonb_build_object('outcome', 'done');
end
$$;

-- Notes why a scheduled publication did not happen; the draft is free to be edited again.
create function refuse_scheduled(p_organization uuid, p_version integer, p_fault text, p_audit_id uuid, p_at timestamptz) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  update policies set publish_at = null, publish_by = null, publish_fault = p_fault
    where organization_id = p_organization and version = p_version and status = 'draft' and publish_at is not null;
  if found then
    perform audit_policy(p_organization, p_audit_id, '{"kind": "system"}', 'policy.not_published', p_version, '{}', p_at);
  end if;
end
$$;

-- Lets counters that are new count what happened before.
-- p_backfill: [{"decisionId", "definition", "scopeKey", "bucket", "limitIds", "amount", "kind": "post" | "reserve"}].
create function count_backfill(p_organization uuid, p_backfill jsonb, p_at timestamptz) returns void
  language plpgsql set search_path = public, pg_temp as $$
declare
  e record;
begin
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
end
$$;

-- Ends a trial: at its time (p_by null), or before, by somebody. The version that was tried is superseded, unless it is
-- the one that is published now. Answers whether this call did it.
create function close_trial(
  p_organization uuid, p_trial uuid, p_by uuid, p_supersede boolean, p_actor jsonb, p_audit_id uuid, p_at timestamptz
) returns boolean
  language plpgsql set search_path = public, pg_temp as $$
declare
  t policy_trials;
begin
  update policy_trials set ended_at = least(ends_at, greatest(starts_at, p_at)), ended_by = p_by
    where organization_id = p_organization and id = p_trial and ended_at is null and (ends_at <= p_at or p_actor ->> 'kind' <> 'system')
    returning * into t;
  if not found then
    return false;
  end if;
  if p_supersede then
    update policies set status = 'superseded' where organization_id = p_organization and version = t.version and status = 'trial';
  end if;
  perform audit_policy(p_organization, p_audit_id, p_actor, 'trial.ended', t.version,
    jsonb_build_object('trial', t.id, 'teamId', t.team_id), p_at);
  return true;
end
$$;

create function end_trial(p_organization uuid, p_trial uuid, p_by uuid, p_actor jsonb, p_audit_id uuid, p_at timestamptz) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  if not close_trial(p_organization, p_trial, p_by, true, p_actor, p_audit_id, p_at) then
    return false;
  end if;
  perform tell_policy(p_organization);
  return true;
end
$$;

-- Puts a draft in force for one team, from now until p_ends_at, beside the published version. All that the draft counts
-- and nobody counted so far is counted first (p_backfill), under the same lock.
-- Answers {"outcome": "started"}, or why not: missing, not_draft, stale, scheduled, no_policy, team_on_trial.
create function start_trial(
  p_organization uuid, p_trial uuid, p_version integer, p_revision integer, p_team uuid, p_ends_at timestamptz, p_backfill jsonb,
  p_actor jsonb, p_by uuid, p_audit_ids uuid[], p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v policies;
  v_other policy_trials;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  select * into v from policies where organization_id = p_organization and version = p_version for update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif v.status <> 'draft' then
    return jsonb_build_object('outcome', 'not_draft', 'status', v.status);
  elsif v.publish_at is not null then
    return jsonb_build_object('outcome', 'scheduled');
  elsif v.revision is distinct from p_revision then
    return jsonb_build_object('outcome', 'stale', 'revision', v.revision);
  elsif not exists (select 1 from policies where organization_id = p_organization and status = 'published') then
    return jsonb_build_object('outcome', 'no_policy');
  end if;
  select * into v_other from policy_trials where organization_id = p_organization and team_id = p_team and ended_at is null;
  if found and not close_trial(p_organization, v_other.id, null, true, '{"kind": "system"}', p_audit_ids[2], p_at) then
    return jsonb_build_object('outcome', 'team_on_trial', 'version', v_other.version);
  end if;
  perform count_backfill(p_organization, p_backfill, p_at);
  update policies set status = 'trial' where organization_id = p_organization and version = p_version;
  insert into policy_trials (organization_id, id, version, team_id, starts_at, ends_at, started_by)
    values (p_organization, p_trial, p_version, p_team, p_at, p_ends_at, p_by);
  perform enqueue_job('end_trial', json_build_object('organizationId', p_organization, 'trialId', p_trial), p_ends_at, 'end_trial/' || p_trial);
  perform audit_policy(p_organization, p_audit_ids[1], p_actor, 'trial.started', p_version,
    jsonb_build_object('trial', p_trial, 'teamId', p_team, 'endsAt', p_ends_at), p_at);
  perform tell_policy(p_organization);
  return jsonb_build_object('outcome', 'started');
end
$$;

-- Puts a version in force and lets the limits that are new in it count what happened before, all at one instant: no
-- decision is recorded between the two. p_base is the version in force that the author saw (null for an organization's
-- first). p_version is the draft or the version on trial that is published; null writes p_document as a new one.
-- Answers {"outcome": "published", "version"}, {"outcome": "stale", "version": <the one in force>},
-- {"outcome": "draft_changed", "revision"}, {"outcome": "not_draft", "status"} or {"outcome": "missing"}.
drop function publish_policy;
create function publish_policy(
  p_organization uuid, p_base integer, p_version integer, p_revision integer, p_restores integer, p_document jsonb, p_note text,
  p_backfill jsonb, p_actor jsonb, p_author uuid, p_audit_ids uuid[], p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_current integer;
  v_version integer := p_version;
  v policies;
  v_trial uuid;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  select version into v_current from policies where organization_id = p_organization and status = 'published';
  if v_current is distinct from p_base then
    return jsonb_build_object('outcome', 'stale', 'version', v_current);
  end if;
  if p_version is not null then
    select * into v from policies where organization_id = p_organization and version = p_version for update;
    if not found then
      return jsonb_build_object('outcome', 'missing');
    elsif v.status not in ('draft', 'trial') then
      return jsonb_build_object('outcome', 'not_draft', 'status', v.status);
    elsif v.revision is distinct from p_revision then
      return jsonb_build_object('outcome', 'draft_changed', 'revision', v.revision);
    end if;
  end if;

  update policies set status = 'superseded' where organization_id = p_organization and status = 'published';
  perform count_backfill(p_organization, p_backfill, p_at);
  if p_version is null then
    v_version := next_policy_version(p_organization);
    insert into policies (organization_id, version, status, document, note, author_id, created_at, published_at, base_version, restores)
      values (p_organization, v_version, 'published', p_document, p_note, p_author, p_at, p_at, p_base, p_restores);
  else
    if v.status = 'trial' then
      select id into v_trial from policy_trials
        where organization_id = p_organization and version = p_version and ended_at is null;
      perform close_trial(p_organization, v_trial, p_author, false, p_actor, p_audit_ids[2], p_at);
    end if;
    update policies set status = 'published', published_at = p_at, publish_at = null, note = coalesce(p_note, note),
        base_version = case when v.status = 'draft' then v_current else base_version end
      where organization_id = p_organization and version = p_version;
  end if;

  perform audit_policy(p_organization, p_audit_ids[1], p_actor, 'policy.published', v_version,
    jsonb_build_object('base', v_current, 'restores', p_restores), p_at);
  perform tell_policy(p_organization);
  return jsonb_build_object('outcome', 'published', 'version', v_version);
end
$$;

-- Asks the worker to replay history under a draft.
create function request_simulation(
  p_organization uuid, p_id uuid, p_version integer, p_from date, p_to date, p_by uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v policies;
  v_current integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into v from policies where organization_id = p_organization and version = p_version;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  end if;
  select version into v_current from policies where organization_id = p_organization and status = 'published';
  if v_current is null then
    return jsonb_build_object('outcome', 'no_policy');
  end if;
  insert into policy_simulations (organization_id, id, version, revision, document, compared_with, from_day, to_day, asked_by, created_at)
    values (p_organization, p_id, p_version, v.revision, v.document, v_current, p_from, p_to, p_by, p_at);
  perform enqueue_job('simulate_policy', json_build_object('organizationId', p_organization, 'simulationId', p_id), p_at, 'simulate_policy/' || p_id);
  return jsonb_build_object('outcome', 'queued');
end
$$;

-- What writes history belongs to the ledger's role, and only the app may call it.
grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'save_draft(uuid, integer, integer, integer, jsonb, text, jsonb, uuid, uuid, timestamptz)',
    'discard_draft(uuid, integer, boolean, jsonb, uuid, timestamptz)',
    'schedule_policy(uuid, integer, integer, timestamptz, text, jsonb, uuid, uuid, timestamptz)',
    'refuse_scheduled(uuid, integer, text, uuid, timestamptz)',
    'end_trial(uuid, uuid, uuid, jsonb, uuid, timestamptz)',
    'start_trial(uuid, uuid, integer, integer, uuid, timestamptz, jsonb, jsonb, uuid, uuid[], timestamptz)',
    'publish_policy(uuid, integer, integer, integer, integer, jsonb, text, jsonb, jsonb, uuid, uuid[], timestamptz)',
    'request_simulation(uuid, uuid, integer, date, date, uuid, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
  foreach f in array array[
    'next_policy_version(uuid)',
    'audit_policy(uuid, uuid, jsonb, text, integer, jsonb, timestamptz)',
    'tell_policy(uuid)',
    'count_backfill(uuid, jsonb, timestamptz)',
    'close_trial(uuid, uuid, uuid, boolean, jsonb, uuid, timestamptz)'
  ] loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_ledger', f);
  end loop;
end
$$;
revoke create on schema public from leeway_ledger;
