-- Up Migration

-- How a payment provider names what was paid with, and whom: what a refund goes back to. Nothing of the card is in either.
alter table orders add column payment_ref text check (payment_ref <> '' and length(payment_ref) <= 200);
alter table customers add column payment_ref text check (payment_ref <> '' and length(payment_ref) <= 200);
grant update (payment_ref) on customers to leeway_app;
create index orders_payment on orders (organization_id, payment_ref) where payment_ref is not null;

-- At the provider it leads to a name, so it goes with the customer's own.
create function forget_payment_ref() returns trigger
  language plpgsql as $$
begin
  new.payment_ref := null;
  return new;
end
$$;
create trigger forget_payment_ref before update on customers
  for each row when (new.erased_at is not null and new.payment_ref is not null) execute function forget_payment_ref();
alter table customers drop constraint customers_erased, add constraint customers_erased check (
  erased_at is null
  or (name = 'Erased customer' and email is null and phone is null and external_ref is null and payment_ref is null)
);

-- What an organization set up to carry decisions out with elsewhere. What is secret of it is encrypted by the app, whose key is not in
-- the database; of each secret its last four characters are kept beside it, to be shown.
create table execution_providers (
  organization_id uuid not null references organizations (id),
  kind text not null check (kind in ('stripe', 'webhook')),
  enabled boolean not null,
  settings jsonb not null default '{}',
  secrets text check (secrets like 'v1:%'),
  hints jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by uuid,
  -- What came of asking it last, in a test or in earnest.
  last_outcome text check (last_outcome in ('well', 'failing')),
  last_fault text check ((last_fault is not null) = (last_outcome is not distinct from 'failing')),
  last_outcome_at timestamptz,
  primary key (organization_id, kind),
  foreign key (organization_id, updated_by) references employees (organization_id, id),
  check ((last_outcome is null) = (last_outcome_at is null))
);
create index execution_providers_updated_by on execution_providers (organization_id, updated_by);

-- What providers say by themselves of decisions. Each message is kept before it is answered, once however often it is sent, until
-- the execution that it is about has heard of it.
create table provider_events (
  organization_id uuid not null references organizations (id),
  provider text not null check (provider in ('store_credit', 'stripe', 'webhook', 'by_hand')),
  -- The provider's own id of the message.
  event_id text not null check (event_id <> '' and length(event_id) <= 300),
  decision_id uuid not null,
  concerns text not null check (concerns in ('execution', 'reversal')),
  outcome jsonb not null,
  -- By the provider's clock, and by ours.
  happened_at timestamptz not null,
  received_at timestamptz not null,
  applied_at timestamptz,
  primary key (organization_id, provider, event_id),
  foreign key (organization_id, decision_id) references decisions (organization_id, id)
);
create index provider_events_waiting on provider_events (organization_id, received_at) where applied_at is null;
create index provider_events_decision on provider_events (organization_id, decision_id);

-- Payments that somebody's bank was asked to take back, by the provider's id of the dispute and by what orders know the payment as.
create table payment_disputes (
  organization_id uuid not null references organizations (id),
  provider text not null check (provider in ('stripe')),
  dispute_id text not null check (dispute_id <> '' and length(dispute_id) <= 200),
  payment_refs text[] not null check (cardinality(payment_refs) > 0),
  is_open boolean not null,
  -- What the newest message says, by the provider's clock; one that comes late changes nothing.
  as_of timestamptz not null,
  received_at timestamptz not null,
  primary key (organization_id, provider, dispute_id)
);
create index payment_disputes_open on payment_disputes (organization_id) where is_open;

do $$
declare
  t text;
begin
  foreach t in array array['execution_providers', 'provider_events', 'payment_disputes'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
  end loop;
end
$$;
grant select, insert, update, delete on execution_providers to leeway_app;
grant select, insert, update on payment_disputes to leeway_app;
grant select, insert on provider_events to leeway_app;
-- What was said stays as it was said; only that it was heard is written to it.
grant update (applied_at) on provider_events to leeway_app;
grant select on organizations, provider_events to leeway_ledger;

-- What another system wrote of why something failed may name whom it was for, and goes with them.
create function forget_provider_words() returns trigger
  language plpgsql as $$
begin
  update provider_events e set outcome = jsonb_set(e.outcome, '{detail}', to_jsonb(erased_text()))
    where e.organization_id = new.organization_id and e.outcome ? 'detail'
      and e.decision_id in (
        select d.id from decisions d where d.organization_id = new.organization_id and d.customer_id = new.id);
  return null;
end
$$;
create trigger forget_provider_words after update on customers
  for each row when (old.erased_at is null and new.erased_at is not null) execute function forget_provider_words();
grant update (outcome) on provider_events to leeway_ledger;

-- Whether a payment is disputed at this moment, by whatever an order knows it as.
create function has_open_dispute(p_organization uuid, p_payment text) returns boolean
  language sql stable as $$
  select exists (
    select from payment_disputes d
    where d.organization_id = p_organization and d.is_open and d.payment_refs @> array[p_payment]
  )
$$;

-- Organizations in which something that a provider said waits to be applied. The worker belongs to no organization.
create function organizations_with_provider_events() returns setof uuid
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
begin
  for v_organization in select o.id from organizations o order by o.id loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    if exists (select from provider_events e where e.organization_id = v_organization and e.applied_at is null) then
      return next v_organization;
    end if;
  end loop;
  perform set_config('leeway.organization_id', '', true);
end
$$;
grant create on schema public to leeway_ledger;
alter function organizations_with_provider_events() owner to leeway_ledger;
revoke create on schema public from leeway_ledger;
revoke all on function organizations_with_provider_events() from public;
grant execute on function organizations_with_provider_events() to leeway_app;

-- As before, and says whether the order's payment is disputed.
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
  v_disputed boolean := false;
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
    if v_order.payment_ref is not null then
      v_disputed := has_open_dispute(p_organization, v_order.payment_ref);
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
      'placedAt', extract(epoch from v_order.placed_at) * 1000, 'refunded', v_counted.refunded, 'reserved', v_counted.held_refunds,
      'hasOpenDispute', v_disputed) end,
    'replay', v_employee.replay,
    'rate', v_rate,
    'usage', coalesce(v_counted.usage, '{}'::jsonb),
    'held', v_counted.held
  );
end
$$;
