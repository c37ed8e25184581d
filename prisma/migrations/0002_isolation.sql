-- Up Migration

-- Every tenant's rows are visible only to a transaction that named the tenant, the tables' owner included.
do $$
declare
  t text;
begin
  foreach t in array array[
    'teams', 'employees', 'sessions', 'api_keys', 'customers', 'orders', 'customer_terms', 'policies', 'cases',
    'decisions', 'counters', 'ledger_entries', 'idempotency_keys', 'handovers', 'jobs', 'audit_events', 'decision_rollups'
  ] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
  end loop;
end
$$;

alter table organizations enable row level security, force row level security;
create policy tenant on organizations using (id = current_organization()) with check (id = current_organization());

-- Two doors for those who do not know their organization yet. Each opens on exactly the rows that carry what the
-- caller presented: the address that somebody signs in with, the digest of an API key.
create policy sign_in on employees for select
  using (email = nullif(current_setting('leeway.sign_in_email', true), ''));
create policy bearer on api_keys for select
  using (key_hash = nullif(current_setting('leeway.api_key_hash', true), ''));

grant usage on schema public to leeway_app, leeway_ledger;

grant select on all tables in schema public to leeway_app;
grant insert, update on organizations, teams, employees, sessions, api_keys, customers, orders to leeway_app;
grant insert, delete on customer_terms to leeway_app;
grant insert on audit_events to leeway_app;
grant insert, update, delete on rate_limits to leeway_app;

grant select on organizations, employees, orders, policies, decisions, counters, ledger_entries, idempotency_keys,
  handovers, jobs, decision_rollups to leeway_ledger;
grant insert on policies, cases, decisions, counters, ledger_entries, idempotency_keys, handovers, jobs, audit_events,
  decision_rollups to leeway_ledger;
grant update on counters, handovers, jobs, decision_rollups to leeway_ledger;
grant update (status) on decisions to leeway_ledger;
grant update (status, published_at) on policies to leeway_ledger;

-- What happened stays as it was written, whoever asks, the owner included.
create function forbid_change() returns trigger
  language plpgsql as $$
begin
  raise exception 'Rows of % are history: they are added to, never changed or removed.', tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;

do $$
declare
  t text;
begin
  foreach t in array array['ledger_entries', 'audit_events', 'idempotency_keys', 'cases'] loop
    execute format('create trigger history_rows before update or delete on %I for each row execute function forbid_change()', t);
    execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', t);
  end loop;
  foreach t in array array['decisions', 'policies'] loop
    execute format('create trigger history_rows before delete on %I for each row execute function forbid_change()', t);
    execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', t);
  end loop;
end
$$;

-- A decision's only moving part is its status, and it moves only along these steps.
create function decisions_step() returns trigger
  language plpgsql as $$
begin
  if (to_jsonb(new) - 'status') is distinct from (to_jsonb(old) - 'status') then
    raise exception 'A decision is history: only its status moves.' using errcode = 'insufficient_privilege';
  end if;
  if (old.status, new.status) not in (
    ('reserved', 'posted'), ('reserved', 'declined'), ('reserved', 'expired'), ('reserved', 'released'),
    ('posted', 'reversed')
  ) then
    raise exception 'A decision that is % cannot become %.', old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger decisions_step before update on decisions for each row execute function decisions_step();

-- A published policy is never edited: drafts are published, published ones are superseded.
create function policies_step() returns trigger
  language plpgsql as $$
begin
  if old.status <> 'draft' and (
    (to_jsonb(new) - 'status') is distinct from (to_jsonb(old) - 'status') or (old.status, new.status) <> ('published', 'superseded')
  ) then
    raise exception 'A published policy is never edited: publish a new version.' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger policies_step before update on policies for each row execute function policies_step();

-- Down Migration
drop trigger policies_step on policies;
drop trigger decisions_step on decisions;
drop function forbid_change, decisions_step, policies_step cascade;
