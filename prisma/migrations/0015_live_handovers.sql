-- Up Migration

-- Who is there to be asked, and who stands in for them. Whoever never said anything is on duty.
create table duties (
  organization_id uuid not null references organizations (id),
  employee_id uuid not null,
  on_duty boolean not null,
  -- Who is asked in their place while they are away.
  deputy_id uuid,
  changed_at timestamptz not null,
  primary key (organization_id, employee_id),
  foreign key (organization_id, employee_id) references employees (organization_id, id),
  foreign key (organization_id, deputy_id) references employees (organization_id, id),
  check (deputy_id <> employee_id)
);

-- What is said about a handover besides the answerer's note: what they ask back, what they are told, and what the
-- customer may be told. Texts may speak of somebody, so they can go; nothing else of a row can.
create table handover_words (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  handover_id uuid not null,
  kind text not null check (kind in ('question', 'facts', 'customer')),
  text text not null check (text <> ''),
  said_by uuid not null,
  said_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, handover_id) references handovers (organization_id, id),
  foreign key (organization_id, said_by) references employees (organization_id, id)
);
create index handover_words_handover on handover_words (organization_id, handover_id);

do $$
declare
  t text;
begin
  foreach t in array array['duties', 'handover_words'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select on %I to leeway_app, leeway_ledger', t);
  end loop;
end
$$;
grant insert, update on duties to leeway_app;
grant insert, update (text) on handover_words to leeway_ledger;

create function handover_words_text() returns trigger
  language plpgsql as $$
declare
  v_customer uuid;
begin
  select d.customer_id into v_customer from handovers h
    join decisions d on d.organization_id = h.organization_id and d.id = h.decision_id
    where h.organization_id = old.organization_id and h.id = old.handover_id;
  if (to_jsonb(new) - 'text') is distinct from (to_jsonb(old) - 'text') or new.text is distinct from erased_text()
    or not may_go(old.organization_id, v_customer, 'notes', old.said_at) then
    perform refuse_text_change(tg_table_name);
  end if;
  return new;
end
$$;
create trigger handover_words_text before update on handover_words for each row execute function handover_words_text();
create trigger history_rows before delete on handover_words for each row execute function forbid_change();
create trigger history_table before truncate on handover_words for each statement execute function forbid_change();

alter table handovers
  -- When it was last looked at whom it goes to; null until that was done.
  add column routed_at timestamptz,
  -- When the next in line is asked.
  add column stand_in_at timestamptz,
  -- Whom it waited for before, and who let their time pass.
  add column passed uuid[] not null default '{}',
  -- What is left to answer it once the facts that were asked for are there; null while the clock runs.
  add column clock_left_seconds integer check (clock_left_seconds >= 0),
  -- Why nobody may answer it: {"reason": "away" | "policy", "binding", "maxAmount"}.
  add column unanswerable jsonb,
  -- When it last changed in a way that somebody who looks at it has to see.
  add column moved_at timestamptz,
  add constraint handovers_unanswerable check (unanswerable is null or waiting_for is null);
create index handovers_moved on handovers (organization_id, moved_at desc) where moved_at is not null;

create function handovers_move() returns trigger
  language plpgsql as $$
begin
  new.moved_at := clock_timestamp();
  return new;
end
$$;
create trigger handovers_move before update on handovers
  for each row when (
    old.status <> new.status or old.waiting_for is distinct from new.waiting_for or old.deadline_at <> new.deadline_at
    or (old.routed_at is null) <> (new.routed_at is null)
    or old.clock_left_seconds is distinct from new.clock_left_seconds or old.unanswerable is distinct from new.unanswerable
  )
  execute function handovers_move();

-- Tells whoever listens that somebody's handover is another one now. Only what changes one says so: recording a decision
-- must not wait for everybody who tells something.
create function tell_handover() returns trigger
  language plpgsql as $$
begin
  perform pg_notify('leeway', json_build_object(
    'organizationId', new.organization_id, 'kind', 'handover', 'id', new.decision_id, 'whose', new.asked_by)::text);
  return null;
end
$$;
create trigger handovers_tell after update on handovers
  for each row when (old.moved_at is distinct from new.moved_at) execute function tell_handover();

-- Tells that somebody came or went.
create function tell_duty() returns trigger
  language plpgsql as $$
begin
  perform pg_notify('leeway', json_build_object('organizationId', new.organization_id, 'kind', 'handover')::text);
  return null;
end
$$;
create trigger duties_tell after insert or update on duties for each row execute function tell_duty();

-- Waiting handovers for which somebody has to be found: new ones, those whose time with somebody has passed or who went
-- away, and now and then those that nobody could answer.
create function handovers_to_route(p_at timestamptz, p_limit integer) returns table (organization uuid, handover uuid)
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
begin
  for v_organization in select o.id from organizations o order by random() loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    return query
      select h.organization_id, h.id from handovers h
        left join duties d on d.organization_id = h.organization_id and d.employee_id = h.waiting_for
        where h.organization_id = v_organization and h.status = 'waiting' and h.deadline_at > p_at
          and (h.routed_at is null
            or (h.stand_in_at <= p_at and h.clock_left_seconds is null)
            or (not d.on_duty and d.changed_at >= h.routed_at)
            or (h.waiting_for is null and h.routed_at <= p_at - interval '1 minute'))
        order by h.deadline_at limit p_limit;
  end loop;
end
$$;

-- Says whom a waiting handover goes to. p_route:
--   handoverId, seen (when it was routed before, as the caller saw it), to (null: nobody may answer), passed, standInAt,
--   unanswerable, eventId, at
-- Answers whether this call did it: who comes second finds it moved already.
create function route_handover(p_organization uuid, p_route jsonb) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  r record;
  h handovers;
  v_unanswerable jsonb := nullif(p_route -> 'unanswerable', 'null'::jsonb);
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into r from jsonb_to_record(p_route) as x (
    "handoverId" uuid, seen timestamptz, "to" uuid, passed uuid[], "standInAt" timestamptz, "eventId" uuid, at timestamptz
  );
  select * into h from handovers where organization_id = p_organization and id = r."handoverId" for no key update;
  if not found or h.status <> 'waiting' or h.routed_at is distinct from r.seen then
    return false;
  end if;
  update handovers set waiting_for = r."to", routed_at = r.at, passed = r.passed, stand_in_at = r."standInAt", unanswerable = v_unanswerable
    where organization_id = p_organization and id = h.id;
  if h.waiting_for is distinct from r."to" or h.unanswerable is distinct from v_unanswerable then
    perform audit_decision(p_organization, r."eventId", '{"kind": "system"}',
      case when r."to" is null then 'handover.unanswerable' else 'handover.routed' end, h.decision_id,
      jsonb_strip_nulls(jsonb_build_object('handoverId', h.id, 'from', h.waiting_for, 'to', r."to", 'unanswerable', v_unanswerable)), r.at);
  end if;
  return true;
end
$$;

-- Answers a handover, as answer_handover, and keeps with it what the customer may be told (p_answer: customerWords, wordsId).
create function answer_with_words(p_organization uuid, p_answer jsonb) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_outcome jsonb := answer_handover(p_organization, p_answer);
begin
  if v_outcome ->> 'outcome' = 'answered' and p_answer ->> 'customerWords' is not null then
    insert into handover_words (organization_id, id, handover_id, kind, text, said_by, said_at)
      values (p_organization, (p_answer ->> 'wordsId')::uuid, (p_answer ->> 'handoverId')::uuid, 'customer',
        p_answer ->> 'customerWords', (p_answer ->> 'by')::uuid, (p_answer ->> 'at')::timestamptz);
  end if;
  return v_outcome;
end
$$;

-- Moves the deadline of a waiting handover, and the job that expires it.
create function move_deadline(p_organization uuid, p_handover uuid, p_deadline timestamptz) returns void
  language plpgsql as $$
declare
  v_decision uuid;
begin
  update handovers set deadline_at = p_deadline where organization_id = p_organization and id = p_handover
    returning decision_id into v_decision;
  update jobs set run_at = p_deadline, dispatched_at = null
    where organization_id = p_organization and decision_id = v_decision and kind = 'expire_handover' and status = 'queued';
end
$$;

-- Asks whoever handed over for more facts. Meanwhile the clock stands; whoever never answers has as long as for any
-- handover. Answers {"outcome": "asked" | "missing" | "own" | "answered" | "expired" | "asked_already"}.
create function ask_back(
  p_organization uuid, p_handover uuid, p_by uuid, p_actor jsonb, p_id uuid, p_text text, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  h handovers;
  v_minutes integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into h from handovers where organization_id = p_organization and id = p_handover for no key update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif h.asked_by = p_by then
    return jsonb_build_object('outcome', 'own');
  elsif h.status <> 'waiting' then
    return jsonb_build_object('outcome', 'answered');
  elsif h.deadline_at <= p_at then
    return jsonb_build_object('outcome', 'expired');
  elsif h.clock_left_seconds is not null then
    return jsonb_build_object('outcome', 'asked_already');
  end if;
  select o.handover_minutes into v_minutes from organizations o where o.id = p_organization;
  update handovers set clock_left_seconds = ceil(extract(epoch from h.deadline_at - p_at)), stand_in_at = null, waiting_for = p_by,
      unanswerable = null, routed_at = coalesce(routed_at, p_at)
    where organization_id = p_organization and id = h.id;
  perform move_deadline(p_organization, h.id, greatest(h.deadline_at, p_at + make_interval(mins => v_minutes)));
  insert into handover_words (organization_id, id, handover_id, kind, text, said_by, said_at)
    values (p_organization, p_id, h.id, 'question', p_text, p_by, p_at);
  perform audit_decision(p_organization, p_event, p_actor, 'handover.asked_back', h.decision_id,
    jsonb_build_object('handoverId', h.id, 'by', p_by), p_at);
  return jsonb_build_object('outcome', 'asked');
end
$$;

-- Gives the facts that were asked for, by who handed over; the clock runs on with what was left. Answers
-- {"outcome": "given" | "missing" | "not_allowed" | "answered" | "expired" | "not_asked"}.
create function give_facts(
  p_organization uuid, p_handover uuid, p_by uuid, p_actor jsonb, p_id uuid, p_text text, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  h handovers;
  -- Whoever asked has a minute at least to read what they hear.
  v_left interval;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into h from handovers where organization_id = p_organization and id = p_handover for no key update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif h.asked_by <> p_by then
    return jsonb_build_object('outcome', 'not_allowed');
  elsif h.status <> 'waiting' then
    return jsonb_build_object('outcome', 'answered');
  elsif h.deadline_at <= p_at then
    return jsonb_build_object('outcome', 'expired');
  elsif h.clock_left_seconds is null then
    return jsonb_build_object('outcome', 'not_asked');
  end if;
  v_left := make_interval(secs => greatest(h.clock_left_seconds, 60));
  update handovers set clock_left_seconds = null, stand_in_at = p_at + v_left / 2
    where organization_id = p_organization and id = h.id;
  perform move_deadline(p_organization, h.id, p_at + v_left);
  insert into handover_words (organization_id, id, handover_id, kind, text, said_by, said_at)
    values (p_organization, p_id, h.id, 'facts', p_text, p_by, p_at);
  perform audit_decision(p_organization, p_event, p_actor, 'handover.facts_given', h.decision_id,
    jsonb_build_object('handoverId', h.id, 'by', p_by), p_at);
  return jsonb_build_object('outcome', 'given');
end
$$;

-- As before, and what is said about a handover goes with the answer's note.
create or replace function erase_record(
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
  v_words integer;
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
  update handover_words w set text = erased_text() from handovers h, decisions d
    where w.organization_id = p_organization and w.text <> erased_text()
      and h.organization_id = p_organization and h.id = w.handover_id
      and d.organization_id = p_organization and d.id = h.decision_id and d.customer_id = p_customer;
  get diagnostics v_words = row_count;
  v_answers := v_answers + v_words;
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

create or replace function expire_notes(p_organization uuid, p_before timestamptz, p_limit integer) returns jsonb
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
    select w.id from handover_words w
    where w.organization_id = p_organization and w.text <> erased_text() and w.said_at < p_before
    order by w.id limit p_limit);
  update handover_words set text = erased_text() where organization_id = p_organization and id = any (v_ids);
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

-- What writes history belongs to the ledger's role, and only the app may call it.
grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'handovers_to_route(timestamptz, integer)',
    'route_handover(uuid, jsonb)',
    'answer_with_words(uuid, jsonb)',
    'ask_back(uuid, uuid, uuid, jsonb, uuid, text, uuid, timestamptz)',
    'give_facts(uuid, uuid, uuid, jsonb, uuid, text, uuid, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
  execute 'revoke all on function move_deadline(uuid, uuid, timestamptz) from public';
  execute 'grant execute on function move_deadline(uuid, uuid, timestamptz) to leeway_ledger';
end
$$;
revoke create on schema public from leeway_ledger;
