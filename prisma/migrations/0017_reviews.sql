-- Up Migration

-- ── Views of the list of actions ──────────────────────────────────────────────────────────────────────────────────────

-- What somebody looks at often: filters, order and columns under a name, for themselves or for the house.
create table saved_views (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  owner_id uuid not null,
  name text not null check (length(name) between 1 and 80),
  -- As it stands in the address of the list; people and customers by id, so that nothing in it says who they are.
  query jsonb not null check (jsonb_typeof(query) = 'object'),
  shared boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, owner_id, name),
  foreign key (organization_id, owner_id) references employees (organization_id, id)
);

-- Which view somebody begins with.
create table saved_view_defaults (
  organization_id uuid not null references organizations (id),
  employee_id uuid not null,
  view_id uuid not null,
  primary key (organization_id, employee_id),
  foreign key (organization_id, employee_id) references employees (organization_id, id),
  foreign key (organization_id, view_id) references saved_views (organization_id, id) on delete cascade
);
create index saved_view_defaults_view on saved_view_defaults (organization_id, view_id);

-- ── Reviews ───────────────────────────────────────────────────────────────────────────────────────────────────────────

-- A look back at a decision: one from each who looks. Nothing here counts, ranks or costs anybody anything.
create table reviews (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  decision_id uuid not null,
  -- Whose decision it was.
  employee_id uuid not null,
  reviewer_id uuid not null,
  verdict text not null check (verdict in ('great', 'fine', 'rule_unclear', 'limit_wrong', 'talk')),
  -- Words for the employee.
  note text check (note <> ''),
  -- Somebody who leads looked at a decision of their own, for others to read.
  own boolean not null check (own = (employee_id = reviewer_id)),
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, decision_id, reviewer_id),
  foreign key (organization_id, decision_id) references decisions (organization_id, id),
  foreign key (organization_id, employee_id) references employees (organization_id, id),
  foreign key (organization_id, reviewer_id) references employees (organization_id, id)
);
create index reviews_employee on reviews (organization_id, employee_id, id desc);
create index reviews_note on reviews (organization_id, id) where note is not null;

-- What the employee says to it, on the record.
create table review_replies (
  organization_id uuid not null references organizations (id),
  review_id uuid not null,
  employee_id uuid not null,
  text text not null check (text <> ''),
  created_at timestamptz not null,
  primary key (organization_id, review_id),
  foreign key (organization_id, review_id) references reviews (organization_id, id),
  foreign key (organization_id, employee_id) references employees (organization_id, id)
);
create index review_replies_newest on review_replies (organization_id, created_at);

-- By what rule decisions are put before those who review. Without a row the rule is the one that the app begins with.
create table review_rules (
  organization_id uuid primary key references organizations (id),
  -- So many of a hundred decisions, whosever they are.
  share_percent integer not null check (share_percent between 0 and 100),
  bends boolean not null,
  -- From this amount on, in the policy's currency; null for none.
  from_amount bigint check (from_amount > 0),
  -- Of somebody who began no longer ago than this; null for none.
  new_days integer check (new_days between 1 and 366),
  updated_by uuid not null,
  updated_at timestamptz not null,
  foreign key (organization_id, updated_by) references employees (organization_id, id)
);

-- A decision that others can learn from, as it is told to them: nothing in it leads back to whose it was.
create table precedents (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  cause text check (cause <> ''),
  remedy text not null,
  amount bigint not null check (amount >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  tier text check (tier <> ''),
  happened text not null check (happened <> ''),
  done text not null check (done <> ''),
  made_by uuid not null,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, made_by) references employees (organization_id, id)
);
create index precedents_cause on precedents (organization_id, cause, id desc);

do $$
declare
  t text;
begin
  foreach t in array array['saved_views', 'saved_view_defaults', 'reviews', 'review_replies', 'review_rules', 'precedents'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select on %I to leeway_app', t);
  end loop;
  foreach t in array array['reviews', 'review_replies'] loop
    execute format('create trigger history_rows before delete on %I for each row execute function forbid_change()', t);
    execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', t);
  end loop;
end
$$;
grant insert, update, delete on saved_views, saved_view_defaults to leeway_app;
grant insert, update on review_rules to leeway_app;
grant select, insert on reviews, review_replies, precedents to leeway_ledger;
grant update (note) on reviews to leeway_ledger;
grant update (text) on review_replies to leeway_ledger;
grant delete on precedents to leeway_ledger;

-- What was said stays as it was said; a text goes with its customer, or when its time is over.
create function reviews_text() returns trigger
  language plpgsql as $$
declare
  v_customer uuid;
begin
  select d.customer_id into v_customer from decisions d where d.organization_id = old.organization_id and d.id = old.decision_id;
  if (to_jsonb(new) - 'note') is distinct from (to_jsonb(old) - 'note') or new.note is not null
    or not may_go(old.organization_id, v_customer, 'notes', old.created_at) then
    perform refuse_text_change(tg_table_name);
  end if;
  return new;
end
$$;
create trigger reviews_text before update on reviews for each row execute function reviews_text();

create function review_replies_text() returns trigger
  language plpgsql as $$
declare
  v_customer uuid;
begin
  select d.customer_id into v_customer
    from reviews r join decisions d on d.organization_id = r.organization_id and d.id = r.decision_id
    where r.organization_id = old.organization_id and r.id = old.review_id;
  if (to_jsonb(new) - 'text') is distinct from (to_jsonb(old) - 'text') or new.text <> erased_text()
    or not may_go(old.organization_id, v_customer, 'notes', old.created_at) then
    perform refuse_text_change(tg_table_name);
  end if;
  return new;
end
$$;
create trigger review_replies_text before update on review_replies for each row execute function review_replies_text();

-- Tells whoever listens that somebody looked back at a decision, or answered.
create function tell_reviews(p_organization uuid, p_decision uuid) returns void
  language sql set search_path = public, pg_temp
  return pg_notify('leeway', json_build_object('organizationId', p_organization, 'kind', 'reviews', 'id', p_decision)::text);

-- Writes a look back at a decision, one from each who looks. Those who lead may; at a decision of their own too, which is
-- marked as that. Answers {"outcome": "recorded" | "missing" | "not_allowed" | "waiting" | "already"}: what still waits
-- for an answer is not over yet.
create function record_review(
  p_organization uuid, p_id uuid, p_decision uuid, p_verdict text, p_note text, p_by uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d decisions;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  if not exists (
    select from employees e
    where e.organization_id = p_organization and e.id = p_by and e.status = 'active' and e.role in ('manager', 'admin')
  ) then
    return jsonb_build_object('outcome', 'not_allowed');
  end if;
  select * into d from decisions where organization_id = p_organization and id = p_decision;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif d.status = 'reserved' then
    return jsonb_build_object('outcome', 'waiting');
  end if;
  insert into reviews (organization_id, id, decision_id, employee_id, reviewer_id, verdict, note, own, created_at)
    values (p_organization, p_id, p_decision, d.employee_id, p_by, p_verdict, p_note, d.employee_id = p_by, p_at)
    on conflict do nothing;
  if not found then
    return jsonb_build_object('outcome', 'already');
  end if;
  perform audit_decision(p_organization, p_event, p_actor, 'review.recorded', p_decision,
    jsonb_build_object('review', p_id, 'verdict', p_verdict, 'own', d.employee_id = p_by), p_at);
  perform tell_reviews(p_organization, p_decision);
  return jsonb_build_object('outcome', 'recorded');
end
$$;

-- Writes what the employee whose decision it was says to a review, once. Answers {"outcome": "recorded" | "missing" |
-- "already"}; whose it isn't is not told that there is one.
create function answer_review(
  p_organization uuid, p_review uuid, p_text text, p_by uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  r reviews;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into r from reviews where organization_id = p_organization and id = p_review and employee_id = p_by and not own;
  if not found or not exists (
    select from employees e where e.organization_id = p_organization and e.id = p_by and e.status = 'active'
  ) then
    return jsonb_build_object('outcome', 'missing');
  end if;
  insert into review_replies (organization_id, review_id, employee_id, text, created_at)
    values (p_organization, p_review, p_by, p_text, p_at) on conflict do nothing;
  if not found then
    return jsonb_build_object('outcome', 'already');
  end if;
  perform audit_decision(p_organization, p_event, p_actor, 'review.answered', r.decision_id,
    jsonb_build_object('review', p_review), p_at);
  perform tell_reviews(p_organization, r.decision_id);
  return jsonb_build_object('outcome', 'recorded');
end
$$;

-- Makes a precedent of a decision that was reviewed. What it was about is the decision's own; the words are those that
-- somebody wrote for others to read. The same id again is the same precedent. Answers {"outcome": "recorded" | "missing" |
-- "not_allowed" | "not_reviewed"}.
create function make_precedent(
  p_organization uuid, p_id uuid, p_decision uuid, p_happened text, p_done text, p_by uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d decisions;
  v_granted bigint;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  if not exists (
    select from employees e
    where e.organization_id = p_organization and e.id = p_by and e.status = 'active' and e.role in ('manager', 'admin')
  ) then
    return jsonb_build_object('outcome', 'not_allowed');
  end if;
  select * into d from decisions where organization_id = p_organization and id = p_decision;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif not exists (select from reviews where organization_id = p_organization and decision_id = p_decision) then
    return jsonb_build_object('outcome', 'not_reviewed');
  end if;
  select h.granted_amount into v_granted from handovers h where h.organization_id = p_organization and h.decision_id = p_decision;
  insert into precedents (organization_id, id, cause, remedy, amount, currency, tier, happened, done, made_by, created_at)
    values (p_organization, p_id, nullif(d.cause, ''), d.remedy, coalesce(v_granted, d.amount), d.currency,
      nullif(d.facts #>> '{customer,tier}', ''), p_happened, p_done, p_by, p_at)
    on conflict do nothing;
  if found then
    perform audit_decision(p_organization, p_event, p_actor, 'precedent.made', p_decision, '{}', p_at);
  end if;
  return jsonb_build_object('outcome', 'recorded');
end
$$;

-- Takes a precedent away for good. Answers {"outcome": "removed" | "missing" | "not_allowed"}.
create function remove_precedent(p_organization uuid, p_id uuid, p_by uuid, p_actor jsonb, p_event uuid, p_at timestamptz) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  if not exists (
    select from employees e
    where e.organization_id = p_organization and e.id = p_by and e.status = 'active' and e.role in ('manager', 'admin')
  ) then
    return jsonb_build_object('outcome', 'not_allowed');
  end if;
  delete from precedents where organization_id = p_organization and id = p_id;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  end if;
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, p_event, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'precedent.removed', 'precedent', p_id::text, '{}', p_at);
  return jsonb_build_object('outcome', 'removed');
end
$$;

-- ── What goes with a customer, and with time ──────────────────────────────────────────────────────────────────────────

-- What was written in reviews goes with the rest that was written about a customer.
alter function erase_record(uuid, uuid, text, jsonb, timestamptz) rename to erase_record_before_reviews;
create function erase_record(
  p_organization uuid, p_customer uuid, p_reason text, p_actor jsonb, p_at timestamptz
) returns jsonb
  language plpgsql as $$
declare
  v_counts jsonb;
  v_notes integer;
  v_replies integer;
begin
  v_counts := erase_record_before_reviews(p_organization, p_customer, p_reason, p_actor, p_at);
  update reviews r set note = null from decisions d
    where r.organization_id = p_organization and r.note is not null
      and d.organization_id = p_organization and d.id = r.decision_id and d.customer_id = p_customer;
  get diagnostics v_notes = row_count;
  update review_replies x set text = erased_text() from reviews r, decisions d
    where x.organization_id = p_organization and x.text <> erased_text()
      and r.organization_id = p_organization and r.id = x.review_id
      and d.organization_id = p_organization and d.id = r.decision_id and d.customer_id = p_customer;
  get diagnostics v_replies = row_count;
  if v_counts is not null or v_notes + v_replies = 0 then
    return v_counts;
  end if;
  -- Nothing else was left to go, so nobody has said yet that something did.
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, new_id(p_at), p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'customer.erased', 'customer', p_customer::text,
      jsonb_build_object('notes', 0, 'cases', 0, 'answers', 0, 'reversals', 0, 'merges', 0, 'reason', p_reason), p_at);
  return '{"notes": 0, "cases": 0, "answers": 0, "reversals": 0, "merges": 0}';
end
$$;

alter function expire_notes(uuid, timestamptz, integer) rename to expire_notes_before_reviews;
create function expire_notes(p_organization uuid, p_before timestamptz, p_limit integer) returns jsonb
  language plpgsql as $$
declare
  v_answer jsonb;
  v_ids uuid[];
  v_replies uuid[];
begin
  v_answer := expire_notes_before_reviews(p_organization, p_before, p_limit);
  v_ids := array(
    select r.id from reviews r
    where r.organization_id = p_organization and r.note is not null and r.created_at < p_before
    order by r.id limit p_limit);
  update reviews set note = null where organization_id = p_organization and id = any (v_ids);
  v_replies := array(
    select x.review_id from review_replies x
    where x.organization_id = p_organization and x.text <> erased_text() and x.created_at < p_before
    order by x.created_at limit p_limit);
  update review_replies set text = erased_text() where organization_id = p_organization and review_id = any (v_replies);
  return jsonb_build_object(
    'removed', (v_answer ->> 'removed')::integer + cardinality(v_ids) + cardinality(v_replies),
    'after', case
      when v_answer ->> 'after' is not null or greatest(cardinality(v_ids), cardinality(v_replies)) = p_limit then '[]'::jsonb
    end);
end
$$;

-- What writes history belongs to the ledger's role, and only the app may call it.
grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'record_review(uuid, uuid, uuid, text, text, uuid, jsonb, uuid, timestamptz)',
    'answer_review(uuid, uuid, text, uuid, jsonb, uuid, timestamptz)',
    'make_precedent(uuid, uuid, uuid, text, text, uuid, jsonb, uuid, timestamptz)',
    'remove_precedent(uuid, uuid, uuid, jsonb, uuid, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
  foreach f in array array[
    'tell_reviews(uuid, uuid)',
    'erase_record(uuid, uuid, text, jsonb, timestamptz)',
    'expire_notes(uuid, timestamptz, integer)'
  ] loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_ledger', f);
  end loop;
end
$$;
revoke create on schema public from leeway_ledger;

-- Down Migration
drop function expire_notes(uuid, timestamptz, integer);
alter function expire_notes_before_reviews(uuid, timestamptz, integer) rename to expire_notes;
drop function erase_record(uuid, uuid, text, jsonb, timestamptz);
alter function erase_record_before_reviews(uuid, uuid, text, jsonb, timestamptz) rename to erase_record;
drop function record_review, answer_review, make_precedent, remove_precedent, tell_reviews;
drop table precedents, review_rules, review_replies, reviews, saved_view_defaults, saved_views;
drop function reviews_text, review_replies_text;
