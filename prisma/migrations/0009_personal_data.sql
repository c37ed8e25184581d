-- Up Migration

-- What stands in the place of a text that has to be something, once it is gone.
create function erased_text() returns text
  language sql immutable parallel safe
  return '[erased]';

-- Names and contacts stand on customers and employees only, so that a person is made anonymous in one place.
alter table customers add constraint customers_erased check (
  erased_at is null or (name = 'Erased customer' and email is null and phone is null and external_ref is null)
);
alter table employees
  add column erased_at timestamptz,
  add constraint employees_erased check (
    erased_at is null or (
      name = 'Former employee' and email = id || '@erased.invalid' and password_hash is null and status = 'suspended'
    )
  );
-- The app edits people; whether they are erased is not for it to say.
revoke update on employees from leeway_app;
grant update (email, name, role, status, team_id, manager_id, started_on, password_hash, password_one_time, updated_at)
  on employees to leeway_app;

create function stay_erased() returns trigger
  language plpgsql as $$
begin
  raise exception 'Whoever was erased stays so.' using errcode = 'insufficient_privilege';
end
$$;
create trigger stay_erased before update on customers
  for each row when (old.erased_at is not null and new.erased_at is distinct from old.erased_at) execute function stay_erased();
create trigger stay_erased before update on employees
  for each row when (old.erased_at is not null and new.erased_at is distinct from old.erased_at) execute function stay_erased();

-- Nobody is found by words who was erased.
drop trigger customers_index_terms_update on customers;
create trigger customers_index_terms_update after update of name, email, phone, external_ref on customers
  for each row when (
    new.erased_at is null
    and (old.name, old.email, old.phone, old.external_ref) is distinct from (new.name, new.email, new.phone, new.external_ref)
  ) execute function customers_index_terms();

-- ── How long things are kept ──────────────────────────────────────────────────────────────────────────────────────────

-- Each kind is kept for so many days, or for good where it says null.
create function is_retention(p_days jsonb) returns boolean
  language sql immutable parallel safe
  return jsonb_typeof(p_days) = 'object'
    and p_days ?& array['sessions', 'idempotencyKeys', 'unsentRequests', 'simulations', 'caseTexts', 'notes']
    and p_days - array['sessions', 'idempotencyKeys', 'unsentRequests', 'simulations', 'caseTexts', 'notes'] = '{}'
    and not jsonb_path_exists(p_days, '$.* ? (!(@ == null) && (@.type() != "number" || @ < 1 || @ > 36500 || @.floor() != @))', '{}', true);

alter table organizations
  add column retention jsonb not null
    default '{"sessions": 90, "idempotencyKeys": 30, "unsentRequests": 365, "simulations": 365, "caseTexts": null, "notes": null}'
    constraint organizations_retention check (is_retention(retention)),
  -- Counts the changes of the settings, so that of two who edit them the second one hears of the first.
  add column revision integer not null default 1 check (revision > 0);

-- What is older than this may go by now; null where the kind is kept for good.
create function kept_since(p_organization uuid, p_kind text) returns timestamptz
  language sql stable
  return (
    select now() - make_interval(hours => 24 * (o.retention ->> p_kind)::integer)
    from organizations o where o.id = p_organization
  );

-- ── What may go from history, and that nothing else does ──────────────────────────────────────────────────────────────

-- Whether a text may go: its customer was erased, or it is older than its kind is kept. Only the functions below are
-- anybody to take it; the owner is not.
create function may_go(p_organization uuid, p_customer uuid, p_kind text, p_written_at timestamptz) returns boolean
  language sql stable
  return current_user = 'leeway_ledger' and (
    p_written_at < coalesce(kept_since(p_organization, p_kind), '-infinity')
    or exists (select from customers c where c.organization_id = p_organization and c.id = p_customer and c.erased_at is not null)
  );

create function refuse_text_change(p_table text) returns void
  language plpgsql as $$
begin
  raise exception 'Rows of % are history: a text goes when its customer is erased or its time is over, and nothing else changes.', p_table
    using errcode = 'insufficient_privilege';
end
$$;

create function decisions_text() returns trigger
  language plpgsql as $$
begin
  if (to_jsonb(new) - 'note') is distinct from (to_jsonb(old) - 'note') or new.note is not null
    or not may_go(old.organization_id, old.customer_id, 'notes', old.created_at) then
    perform refuse_text_change(tg_table_name);
  end if;
  return new;
end
$$;
drop trigger decisions_step on decisions;
create trigger decisions_step before update on decisions
  for each row when (new.note is not distinct from old.note) execute function decisions_step();
create trigger decisions_text before update on decisions
  for each row when (new.note is distinct from old.note) execute function decisions_text();

create function cases_text() returns trigger
  language plpgsql as $$
begin
  if (to_jsonb(new) - 'happened' - 'need') is distinct from (to_jsonb(old) - 'happened' - 'need')
    or new.happened <> erased_text() or new.need is not null
    or not may_go(old.organization_id, old.customer_id, 'caseTexts', old.created_at) then
    perform refuse_text_change(tg_table_name);
  end if;
  return new;
end
$$;
drop trigger history_rows on cases;
create trigger history_rows before delete on cases for each row execute function forbid_change();
create trigger cases_text before update on cases for each row execute function cases_text();

create function handovers_text() returns trigger
  language plpgsql as $$
declare
  v_customer uuid;
begin
  select d.customer_id into v_customer from decisions d where d.organization_id = old.organization_id and d.id = old.decision_id;
  if (to_jsonb(new) - 'answer_note') is distinct from (to_jsonb(old) - 'answer_note') or new.answer_note is not null
    or not may_go(old.organization_id, v_customer, 'notes', old.answered_at) then
    perform refuse_text_change(tg_table_name);
  end if;
  return new;
end
$$;
drop trigger handovers_step on handovers;
create trigger handovers_step before update on handovers
  for each row when (old.status = 'waiting' or new.answer_note is not distinct from old.answer_note) execute function handovers_step();
create trigger handovers_text before update on handovers
  for each row when (old.status <> 'waiting' and new.answer_note is distinct from old.answer_note) execute function handovers_text();

create function reversals_text() returns trigger
  language plpgsql as $$
declare
  v_customer uuid;
begin
  select d.customer_id into v_customer from decisions d where d.organization_id = old.organization_id and d.id = old.decision_id;
  if (to_jsonb(new) - 'reason') is distinct from (to_jsonb(old) - 'reason') or new.reason is distinct from erased_text()
    or not may_go(old.organization_id, v_customer, 'notes', old.created_at) then
    perform refuse_text_change(tg_table_name);
  end if;
  return new;
end
$$;
drop trigger history_rows on reversals;
create trigger history_rows before delete on reversals for each row execute function forbid_change();
create trigger reversals_text before update on reversals for each row execute function reversals_text();

create function customer_merges_text() returns trigger
  language plpgsql as $$
begin
  if (to_jsonb(new) - 'reason') is distinct from (to_jsonb(old) - 'reason') or new.reason <> erased_text()
    or not (
      may_go(old.organization_id, old.duplicate_id, 'notes', old.merged_at)
      or may_go(old.organization_id, old.customer_id, 'notes', old.merged_at)
    ) then
    perform refuse_text_change(tg_table_name);
  end if;
  return new;
end
$$;
drop trigger customer_merges_step on customer_merges;
create trigger customer_merges_step before update on customer_merges
  for each row when (new.reason is not distinct from old.reason) execute function customer_merges_step();
create trigger customer_merges_text before update on customer_merges
  for each row when (new.reason is distinct from old.reason) execute function customer_merges_text();

-- Rows that keep an intent from being done twice, or say what was nearly asked for, go when their time is over; a key
-- never within a day, whatever the settings say.
create function forbid_early_removal() returns trigger
  language plpgsql as $$
begin
  if current_user <> 'leeway_ledger'
    or old.created_at >= coalesce(kept_since(old.organization_id, tg_argv[0]), '-infinity')
    or old.created_at >= now() - interval '24 hours' then
    raise exception 'Rows of % are history: they go when their time is over, and not before.', tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;
drop trigger history_rows on idempotency_keys;
create trigger history_rows before update on idempotency_keys for each row execute function forbid_change();
create trigger early_rows before delete on idempotency_keys
  for each row execute function forbid_early_removal('idempotencyKeys');
drop trigger history_rows on unsent_requests;
create trigger history_rows before update on unsent_requests for each row execute function forbid_change();
create trigger early_rows before delete on unsent_requests
  for each row execute function forbid_early_removal('unsentRequests');

-- Texts are the exception, so what still has to go is found without reading what has none.
create index decisions_note on decisions (organization_id, id) where note is not null;
create index handovers_answer_note on handovers (organization_id, id) where answer_note is not null;

grant update (name, email, phone, external_ref, erased_at, updated_at) on customers to leeway_ledger;
grant select, delete on customer_terms to leeway_ledger;
grant select, update (happened, need) on cases to leeway_ledger;
grant update (note) on decisions to leeway_ledger;
grant update (reason) on reversals to leeway_ledger;
grant update (reason) on customer_merges to leeway_ledger;
grant update (name, email, password_hash, password_one_time, status, manager_id, erased_at, updated_at) on employees to leeway_ledger;
grant select, update (revoked_at, user_agent), delete on sessions to leeway_ledger;
grant delete on idempotency_keys to leeway_ledger;
grant select, delete on unsent_requests to leeway_ledger;
grant delete on policy_simulations to leeway_ledger;

-- ── Erasure ───────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Takes what says who it was from one record of a customer, with every text that was written about it, and writes down
-- that it did. Answers what went, by kind; null where nothing was left to go.
create function erase_record(
  p_organization uuid, p_customer uuid, p_reason text, p_actor jsonb, p_at timestamptz
) returns jsonb
  language plpgsql as $$
declare
  v_counts jsonb;
  v_record integer;
  v_terms integer;
  v_notes integer;
  v_cases integer;
  v_answers integer;
  v_reversals integer;
  v_merges integer;
begin
  update customers set name = 'Erased customer', email = null, phone = null, external_ref = null, erased_at = p_at, updated_at = p_at
    where organization_id = p_organization and id = p_customer and erased_at is null;
  get diagnostics v_record = row_count;
  delete from customer_terms where organization_id = p_organization and customer_id = p_customer;
  get diagnostics v_terms = row_count;
  update decisions set note = null
    where organization_id = p_organization and customer_id = p_customer and note is not null;
  get diagnostics v_notes = row_count;
  update cases set happened = erased_text(), need = null
    where organization_id = p_organization and customer_id = p_customer and (happened <> erased_text() or need is not null);
  get diagnostics v_cases = row_count;
  update handovers h set answer_note = null from decisions d
    where h.organization_id = p_organization and h.answer_note is not null
      and d.organization_id = p_organization and d.id = h.decision_id and d.customer_id = p_customer;
  get diagnostics v_answers = row_count;
  update reversals r set reason = erased_text() from decisions d
    where r.organization_id = p_organization and r.reason <> erased_text()
      and d.organization_id = p_organization and d.id = r.decision_id and d.customer_id = p_customer;
  get diagnostics v_reversals = row_count;
  update customer_merges set reason = erased_text()
    where organization_id = p_organization and p_customer in (duplicate_id, customer_id) and reason <> erased_text();
  get diagnostics v_merges = row_count;

  if v_record + v_terms + v_notes + v_cases + v_answers + v_reversals + v_merges = 0 then
    return null;
  end if;
  v_counts := jsonb_build_object('notes', v_notes, 'cases', v_cases, 'answers', v_answers, 'reversals', v_reversals, 'merges', v_merges);
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, new_id(p_at), p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'customer.erased', 'customer', p_customer::text,
      v_counts || jsonb_build_object('reason', p_reason), p_at);
  return v_counts;
end
$$;

-- Makes a customer anonymous: their record, and every record that was merged with it, while nobody decides. Decisions,
-- entries, counters and ids stay as they are. Once more changes nothing, unless something was written since.
-- Answers {"outcome": "erased", "customer", "records": [ids], <counts>} or {"outcome": "missing"}.
create function erase_customer(
  p_organization uuid, p_customer uuid, p_reason text, p_actor jsonb, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_stands uuid;
  v_records uuid[];
  v_record uuid;
  v_counts jsonb;
  v_sums jsonb := '{"notes": 0, "cases": 0, "answers": 0, "reversals": 0, "merges": 0}';
  v_changed uuid[] := '{}';
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(policy_lock_key(p_organization));
  if not exists (select from customers where organization_id = p_organization and id = p_customer) then
    return jsonb_build_object('outcome', 'missing');
  end if;
  v_stands := standing_customer(p_organization, p_customer);
  v_records := array(select m from merged_customers(p_organization, v_stands) as m order by m);
  foreach v_record in array v_records loop
    v_counts := erase_record(p_organization, v_record, p_reason, p_actor, p_at);
    continue when v_counts is null;
    v_changed := v_changed || v_record;
    select jsonb_object_agg(k, (v ->> k)::integer + (v_counts ->> k)::integer) into v_sums
      from (select v_sums as v) as s, jsonb_object_keys(v_sums) as k;
  end loop;
  return v_sums || jsonb_build_object('outcome', 'erased', 'customer', v_stands, 'records', to_jsonb(v_records),
    'changed', cardinality(v_changed));
end
$$;

-- Makes somebody who left anonymous: nobody signs in as them, nobody reports to them, nothing says who they were. What
-- they decided stays theirs by id. Answers {"outcome": "erased", "changed", "sessions", "reports"}, {"outcome": "missing"}
-- or {"outcome": "last_admin"}: somebody has to be able to keep the settings.
create function erase_employee(
  p_organization uuid, p_employee uuid, p_reason text, p_actor jsonb, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  e employees;
  v_sessions integer;
  v_reports integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  -- All admins are locked, so that two erasures at once don't each leave the other's.
  perform 1 from employees
    where organization_id = p_organization and (id = p_employee or role = 'admin') order by id for no key update;
  select * into e from employees where organization_id = p_organization and id = p_employee;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif e.role = 'admin' and e.status = 'active' and not exists (
    select from employees where organization_id = p_organization and role = 'admin' and status = 'active' and id <> p_employee
  ) then
    return jsonb_build_object('outcome', 'last_admin');
  end if;

  update sessions set revoked_at = coalesce(revoked_at, p_at), user_agent = null
    where organization_id = p_organization and employee_id = p_employee and (revoked_at is null or user_agent is not null);
  get diagnostics v_sessions = row_count;
  update employees set manager_id = null, updated_at = p_at where organization_id = p_organization and manager_id = p_employee;
  get diagnostics v_reports = row_count;
  if e.erased_at is null then
    update employees set name = 'Former employee', email = id || '@erased.invalid', password_hash = null, password_one_time = false,
        status = 'suspended', erased_at = p_at, updated_at = p_at
      where organization_id = p_organization and id = p_employee;
  elsif v_sessions + v_reports = 0 then
    return jsonb_build_object('outcome', 'erased', 'changed', 0, 'sessions', 0, 'reports', 0);
  end if;
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, new_id(p_at), p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'employee.erased', 'employee', p_employee::text,
      jsonb_build_object('sessions', v_sessions, 'reports', v_reports, 'reason', p_reason), p_at);
  return jsonb_build_object('outcome', 'erased', 'changed', 1, 'sessions', v_sessions, 'reports', v_reports);
end
$$;

-- ── Retention ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Says, before the first text of an age goes, that texts of that kind and age are gone: what was sealed as a digest is
-- known to be missing rightly.
create function note_expiry(p_organization uuid, p_kind text, p_before timestamptz, p_at timestamptz) returns void
  language plpgsql as $$
begin
  if not exists (
    select from audit_events e
    where e.organization_id = p_organization and e.subject_kind = 'organization' and e.subject_id = p_organization::text
      and e.action = 'texts.expired' and e.data ->> 'kind' = p_kind and (e.data ->> 'before')::timestamptz >= p_before
  ) then
    insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
      values (p_organization, new_id(p_at), 'system', null, 'texts.expired', 'organization', p_organization::text,
        jsonb_build_object('kind', p_kind,
          'before', to_char(p_before at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')), p_at);
  end if;
end
$$;

create function expire_notes(p_organization uuid, p_before timestamptz, p_limit integer) returns jsonb
  language plpgsql as $$
declare
  v_ids uuid[];
  v_most integer := 0;
  v_all integer := 0;
begin
  v_ids := array(
    select d.id from decisions d
    where d.organization_id = p_organization and d.note is not null and d.id < least_id_at(p_before) and d.created_at < p_before
    order by d.id limit p_limit);
  update decisions set note = null where organization_id = p_organization and id = any (v_ids);
  v_most := cardinality(v_ids);
  v_all := v_all + cardinality(v_ids);
  v_ids := array(
    select h.id from handovers h
    where h.organization_id = p_organization and h.answer_note is not null and h.answered_at < p_before
    order by h.id limit p_limit);
  update handovers set answer_note = null where organization_id = p_organization and id = any (v_ids);
  v_most := greatest(v_most, cardinality(v_ids));
  v_all := v_all + cardinality(v_ids);
  v_ids := array(
    select r.decision_id from reversals r
    where r.organization_id = p_organization and r.reason <> erased_text() and r.created_at < p_before
    order by r.decision_id limit p_limit);
  update reversals set reason = erased_text() where organization_id = p_organization and decision_id = any (v_ids);
  v_most := greatest(v_most, cardinality(v_ids));
  v_all := v_all + cardinality(v_ids);
  v_ids := array(
    select m.id from customer_merges m
    where m.organization_id = p_organization and m.reason <> erased_text() and m.merged_at < p_before
    order by m.id limit p_limit);
  update customer_merges set reason = erased_text() where organization_id = p_organization and id = any (v_ids);
  v_most := greatest(v_most, cardinality(v_ids));
  v_all := v_all + cardinality(v_ids);
  return jsonb_build_object('removed', v_all, 'after', case when v_most = p_limit then '[]'::jsonb end);
end
$$;

create function expire_case_texts(p_organization uuid, p_before timestamptz, p_after uuid, p_limit integer) returns jsonb
  language plpgsql as $$
declare
  v_ids uuid[];
  v_removed integer;
begin
  v_ids := array(
    select c.id from cases c
    where c.organization_id = p_organization and c.id < least_id_at(p_before) and (p_after is null or c.id > p_after)
    order by c.id limit p_limit);
  update cases set happened = erased_text(), need = null
    where organization_id = p_organization and id = any (v_ids) and created_at < p_before
      and (happened <> erased_text() or need is not null);
  get diagnostics v_removed = row_count;
  return jsonb_build_object('removed', v_removed,
    'after', case when cardinality(v_ids) = p_limit then jsonb_build_array(v_ids[p_limit]) end);
end
$$;

-- Walks over the keys in their order and removes what is over: they have no other order, and an index for one would be
-- paid for with every decision.
create function expire_idempotency_keys(
  p_organization uuid, p_before timestamptz, p_employee uuid, p_key text, p_limit integer
) returns jsonb
  language plpgsql as $$
declare
  v_removed integer;
  v_last record;
  v_seen integer;
begin
  select count(*), (array_agg(x.employee_id order by x.employee_id desc, x.key desc))[1] as employee_id,
      (array_agg(x.key order by x.employee_id desc, x.key desc))[1] as key
    into v_last
    from (
      select k.employee_id, k.key from idempotency_keys k
      where k.organization_id = p_organization and (p_employee is null or (k.employee_id, k.key) > (p_employee, p_key))
      order by k.employee_id, k.key limit p_limit
    ) as x;
  v_seen := v_last.count;
  delete from idempotency_keys k
    where k.organization_id = p_organization and k.created_at < p_before
      and (p_employee is null or (k.employee_id, k.key) > (p_employee, p_key))
      and (k.employee_id, k.key) <= (v_last.employee_id, v_last.key);
  get diagnostics v_removed = row_count;
  return jsonb_build_object('removed', v_removed,
    'after', case when v_seen = p_limit then jsonb_build_array(v_last.employee_id, v_last.key) end);
end
$$;

create function expire_sessions(p_organization uuid, p_before timestamptz, p_after uuid, p_limit integer) returns jsonb
  language plpgsql as $$
declare
  v_ids uuid[];
  v_removed integer;
begin
  v_ids := array(
    select s.id from sessions s where s.organization_id = p_organization and (p_after is null or s.id > p_after)
    order by s.id limit p_limit);
  delete from sessions where organization_id = p_organization and id = any (v_ids) and least(revoked_at, expires_at) < p_before;
  get diagnostics v_removed = row_count;
  return jsonb_build_object('removed', v_removed,
    'after', case when cardinality(v_ids) = p_limit then jsonb_build_array(v_ids[p_limit]) end);
end
$$;

-- Removes one batch of what is older than p_before, which may not be younger than the organization keeps it. p_after is
-- what the batch before ended with. Answers {"removed": how many, "after": what this one ended with, or null at the end}.
create function expire_batch(
  p_organization uuid, p_kind text, p_before timestamptz, p_after jsonb, p_limit integer, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_ids uuid[];
  v_answer jsonb;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  if p_before > coalesce(kept_since(p_organization, p_kind), '-infinity') then
    raise exception 'This is kept for longer.' using errcode = 'insufficient_privilege';
  end if;
  -- Events are told apart to the millisecond.
  p_before := date_trunc('milliseconds', p_before);
  case p_kind
    when 'sessions' then
      return expire_sessions(p_organization, p_before, (p_after ->> 0)::uuid, p_limit);
    when 'idempotencyKeys' then
      return expire_idempotency_keys(p_organization, p_before, (p_after ->> 0)::uuid, p_after ->> 1, p_limit);
    when 'unsentRequests' then
      v_ids := array(
        select u.id from unsent_requests u
        where u.organization_id = p_organization and u.id < least_id_at(p_before) and u.created_at < p_before
        order by u.id limit p_limit);
      delete from unsent_requests where organization_id = p_organization and id = any (v_ids);
    when 'simulations' then
      v_ids := array(
        select s.id from policy_simulations s
        where s.organization_id = p_organization and s.finished_at < p_before order by s.id limit p_limit);
      delete from policy_simulations where organization_id = p_organization and id = any (v_ids);
    when 'caseTexts' then
      v_answer := expire_case_texts(p_organization, p_before, (p_after ->> 0)::uuid, p_limit);
    when 'notes' then
      v_answer := expire_notes(p_organization, p_before, p_limit);
  end case;
  if v_answer is null then
    return jsonb_build_object('removed', cardinality(v_ids), 'after', case when cardinality(v_ids) = p_limit then '[]'::jsonb end);
  end if;
  if (v_answer ->> 'removed')::integer > 0 then
    perform note_expiry(p_organization, p_kind, p_before, p_at);
  end if;
  return v_answer;
end
$$;

-- What takes from history belongs to the ledger's role, and only the app may call it.
grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'erase_customer(uuid, uuid, text, jsonb, timestamptz)',
    'erase_employee(uuid, uuid, text, jsonb, timestamptz)',
    'expire_batch(uuid, text, timestamptz, jsonb, integer, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
  foreach f in array array[
    'erase_record(uuid, uuid, text, jsonb, timestamptz)',
    'note_expiry(uuid, text, timestamptz, timestamptz)',
    'expire_notes(uuid, timestamptz, integer)',
    'expire_case_texts(uuid, timestamptz, uuid, integer)',
    'expire_idempotency_keys(uuid, timestamptz, uuid, text, integer)',
    'expire_sessions(uuid, timestamptz, uuid, integer)'
  ] loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_ledger', f);
  end loop;
end
$$;
revoke create on schema public from leeway_ledger;
