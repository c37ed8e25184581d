-- Up Migration

-- How far what goes out has read history: up to which seal, and what was read ahead of the next one is known by what it
-- left behind. A reader that is new begins with what happens from then on.
create table event_feeds (
  organization_id uuid not null references organizations (id),
  reader text not null check (reader in ('webhooks', 'mail')),
  seal_seq bigint not null check (seal_seq >= 0),
  since timestamptz not null,
  primary key (organization_id, reader)
);

-- Where an organization is told of what happens. The secret that signs is kept encrypted. A paused endpoint, and one that
-- was disabled because nothing got through for days, gets nothing; what happens meanwhile waits for it.
create table webhook_endpoints (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  url text not null check (length(url) <= 2000 and url ~ '^https?://'),
  secret text not null check (secret <> '' and secret not like '%whsec_%'),
  -- 'decision.recorded', or 'decision.*' for all that happens to decisions.
  kinds text[] not null check (cardinality(kinds) between 1 and 60),
  status text not null default 'on' check (status in ('on', 'paused', 'disabled')),
  created_by uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  last_success_at timestamptz,
  -- Since when nothing has got through; null while what is sent arrives.
  failing_since timestamptz,
  disabled_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references employees (organization_id, id),
  check ((status = 'disabled') = (disabled_at is not null))
);
create index webhook_endpoints_creator on webhook_endpoints (organization_id, created_by);

-- What endpoints are told of one event, word for word the same to each and at each attempt. Ids, states and amounts.
create table webhook_messages (
  organization_id uuid not null references organizations (id),
  -- The event's; of a test, one of its own.
  id uuid not null,
  type text not null check (type <> ''),
  -- Of which decision, for the log.
  decision_id uuid,
  body text not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  primary key (organization_id, id)
);
create index webhook_messages_age on webhook_messages (organization_id, created_at);
create index webhook_messages_decision on webhook_messages (organization_id, decision_id);

create table webhook_deliveries (
  organization_id uuid not null,
  endpoint_id uuid not null,
  message_id uuid not null,
  status text not null default 'waiting' check (status in ('waiting', 'delivered', 'dead')),
  -- Since it was last begun anew by hand.
  attempts integer not null default 0 check (attempts >= 0),
  first_attempt_at timestamptz,
  next_attempt_at timestamptz not null,
  -- Somebody is at it until then; whoever was killed lets go of it so.
  leased_until timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, endpoint_id, message_id),
  foreign key (organization_id, endpoint_id) references webhook_endpoints (organization_id, id) on delete cascade,
  foreign key (organization_id, message_id) references webhook_messages (organization_id, id) on delete cascade,
  check ((status = 'waiting') = (finished_at is null))
);
create index webhook_deliveries_due on webhook_deliveries (organization_id, endpoint_id, next_attempt_at) where status = 'waiting';
create index webhook_deliveries_dead on webhook_deliveries (organization_id, endpoint_id, message_id) where status = 'dead';
create index webhook_deliveries_message on webhook_deliveries (organization_id, message_id);

-- Every attempt, with what came back: the beginning of the answer, never what was sent along with ours.
create table webhook_attempts (
  organization_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  message_id uuid not null,
  at timestamptz not null,
  latency_ms integer not null check (latency_ms >= 0),
  code integer,
  fault text check (fault <> ''),
  excerpt text check (length(excerpt) <= 600),
  primary key (organization_id, id),
  foreign key (organization_id, endpoint_id, message_id)
    references webhook_deliveries (organization_id, endpoint_id, message_id) on delete cascade,
  -- Either somebody answered, or something kept them from it.
  check ((code is null) = (fault is not null))
);
create index webhook_attempts_delivery on webhook_attempts (organization_id, endpoint_id, message_id, at desc);

do $$
declare
  t text;
begin
  foreach t in array array['event_feeds', 'webhook_endpoints', 'webhook_messages', 'webhook_deliveries', 'webhook_attempts'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select, insert, update, delete on %I to leeway_app', t);
    execute format('grant select on %I to leeway_ledger', t);
  end loop;
end
$$;

-- The organizations that have an endpoint at all: the others cost one look at an index.
create function organizations_with_webhooks() returns setof uuid
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
begin
  for v_organization in select o.id from organizations o order by random() loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    if exists (select from webhook_endpoints e where e.organization_id = v_organization) then
      return next v_organization;
    end if;
  end loop;
end
$$;

-- The endpoints that something is due for, and that nobody has stopped. In no particular order, so that a busy
-- organization is not always before the others.
create function webhook_endpoints_due(p_at timestamptz) returns table (organization uuid, endpoint uuid)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
begin
  for v_organization in select o.id from organizations o order by random() loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    return query
      select e.organization_id, e.id from webhook_endpoints e
        where e.organization_id = v_organization and e.status = 'on' and exists (
          select from webhook_deliveries d
          where d.organization_id = v_organization and d.endpoint_id = e.id and d.status = 'waiting' and d.next_attempt_at <= p_at
            and (d.leased_until is null or d.leased_until <= p_at));
  end loop;
end
$$;

-- How much stands in the queues, over all organizations: what may be known of them together, and nothing of one of them.
create function outgoing_depths() returns table (queue text, status text, number bigint, oldest timestamptz)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
begin
  for v_organization in select o.id from organizations o loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    return query select 'webhooks', d.status, count(*), min(d.created_at) from webhook_deliveries d
      where d.organization_id = v_organization and d.status in ('waiting', 'dead') group by d.status;
    return query select 'decisions/' || j.kind, j.status, count(*), min(j.run_at) from jobs j
      where j.organization_id = v_organization and j.status = 'queued' group by j.kind, j.status;
  end loop;
end
$$;

-- How many jobs wait in the worker's own queue, by task, and since when the oldest is due. The queue is the owner's.
create function worker_depths() returns table (task text, waiting bigint, failing bigint, oldest timestamptz)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query
    select j.task_identifier, count(*) filter (where j.run_at <= now()), count(*) filter (where j.attempts > 1),
      min(j.run_at) filter (where j.run_at <= now() and j.locked_at is null)
    from graphile_worker.jobs j group by j.task_identifier;
end
$$;
revoke all on function worker_depths() from public;
grant execute on function worker_depths() to leeway_app;

grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array['organizations_with_webhooks()', 'webhook_endpoints_due(timestamptz)', 'outgoing_depths()'] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
end
$$;
revoke create on schema public from leeway_ledger;

-- Down Migration
drop function worker_depths, outgoing_depths, webhook_endpoints_due, organizations_with_webhooks;
drop table webhook_attempts, webhook_deliveries, webhook_messages, webhook_endpoints, event_feeds;
