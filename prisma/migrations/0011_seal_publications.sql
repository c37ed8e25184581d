-- Up Migration

-- When an event came into the queue, by the database's own clock: what its id claims can be held against that.
alter table unsealed add column queued_at timestamptz;
alter table unsealed alter column queued_at set default clock_timestamp();
alter table seal_leaves add column queued_at timestamptz;

-- Every seal that was ever written, so that one that is taken away is missed, also when another one is written in its
-- place: then the register holds two of its number.
create table seal_register (
  organization_id uuid not null references organizations (id),
  seq bigint not null check (seq > 0),
  hash bytea not null check (length(hash) = 32),
  written_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, seq, hash)
);

-- What was told outside of which seal, and what kept it from being told. A channel tells one seal after the other.
create table seal_publications (
  organization_id uuid not null references organizations (id),
  channel text not null check (channel in ('file', 'webhook')),
  seal_seq bigint not null check (seal_seq > 0),
  hash bytea not null check (length(hash) = 32),
  -- Null until it was told.
  published_at timestamptz,
  attempts integer not null default 0 check (attempts >= 0),
  attempted_at timestamptz,
  -- Why the last attempt failed.
  fault text check (fault <> ''),
  primary key (organization_id, channel, seal_seq)
);

-- Verifications that somebody asked for, and the nightly ones; each with what came of it.
create table seal_verifications (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed')),
  -- Null for the nightly one.
  asked_by uuid,
  -- What is being looked at.
  phase text,
  processed bigint not null default 0,
  total bigint,
  result jsonb,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, asked_by) references employees (organization_id, id),
  check ((status = 'done') = (result is not null)),
  check ((status in ('done', 'failed')) = (finished_at is not null))
);

do $$
declare
  t text;
begin
  foreach t in array array['seal_register', 'seal_publications', 'seal_verifications'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select on %I to leeway_app', t);
  end loop;
end
$$;
grant select, insert on seal_register to leeway_ledger;
grant insert, update on seal_publications to leeway_app;
grant insert, update on seal_verifications to leeway_app;
grant select, insert on seal_verifications to leeway_ledger;
create trigger history_rows before update or delete on seal_register for each row execute function forbid_change();
create trigger history_table before truncate on seal_register for each statement execute function forbid_change();

-- Forced row-level security holds the owner too, who has no tenant here.
alter table seals no force row level security;
alter table seal_register no force row level security;
insert into seal_register (organization_id, seq, hash) select organization_id, seq, hash from seals;
alter table seals force row level security;
alter table seal_register force row level security;

-- As before, and besides: the leaf keeps when its event came, and the register knows of the seal.
create or replace function write_seal(
  p_organization uuid, p_seq bigint, p_previous_hash bytea, p_root bytea, p_hash bytea,
  p_events uuid[], p_hashes bytea[], p_row_hashes bytea[], p_at timestamptz
) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_last seals;
  v_written integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(hashtextextended('leeway.seal/' || p_organization::text, 0));
  select * into v_last from seals where organization_id = p_organization order by seq desc limit 1;
  if coalesce(v_last.seq, 0) + 1 <> p_seq or v_last.hash is distinct from p_previous_hash then
    return false;
  end if;
  insert into seals (organization_id, seq, previous_hash, root, hash, leaf_count, sealed_at)
    values (p_organization, p_seq, p_previous_hash, p_root, p_hash, cardinality(p_events), p_at);
  with taken as (
    delete from unsealed where organization_id = p_organization and event_id = any (p_events) returning event_id, queued_at
  )
  insert into seal_leaves (organization_id, seal_seq, position, event_id, hash, row_hashes, queued_at)
    select p_organization, p_seq, x.position - 1, x.event_id, x.hash, x.row_hashes, t.queued_at
    from unnest(p_events, p_hashes, p_row_hashes) with ordinality as x (event_id, hash, row_hashes, position)
    join taken t on t.event_id = x.event_id;
  get diagnostics v_written = row_count;
  if v_written <> cardinality(p_events) then
    raise exception 'Some of these events are not waiting to be sealed.';
  end if;
  insert into seal_register (organization_id, seq, hash) values (p_organization, p_seq, p_hash) on conflict do nothing;
  return true;
end
$$;

-- Asks the worker to verify what is sealed, unless that is under way; answers the id of the one that is awaited. One that
-- nobody has moved for an hour is not.
create function request_verification(p_organization uuid, p_id uuid, p_by uuid, p_at timestamptz) returns uuid
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_id uuid;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(hashtextextended('leeway.verify/' || p_organization::text, 0));
  select id into v_id from seal_verifications
    where organization_id = p_organization and status in ('queued', 'running') and created_at > p_at - interval '1 hour'
    order by created_at desc limit 1;
  if found then
    return v_id;
  end if;
  insert into seal_verifications (organization_id, id, asked_by, created_at) values (p_organization, p_id, p_by, p_at);
  perform enqueue_job('verify_seals', json_build_object('organizationId', p_organization, 'verificationId', p_id), p_at,
    'verify_seals/' || p_id);
  return p_id;
end
$$;

grant create on schema public to leeway_ledger;
alter function request_verification(uuid, uuid, uuid, timestamptz) owner to leeway_ledger;
revoke create on schema public from leeway_ledger;
revoke all on function request_verification(uuid, uuid, uuid, timestamptz) from public;
grant execute on function request_verification(uuid, uuid, uuid, timestamptz) to leeway_app;

-- Down Migration
drop function request_verification;
drop table seal_verifications, seal_publications, seal_register;
alter table seal_leaves drop column queued_at;
alter table unsealed drop column queued_at;
