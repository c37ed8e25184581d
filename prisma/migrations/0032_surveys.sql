-- Up Migration

-- How a customer said that it turned out, where the organization's helpdesk or survey tool tells it. One answer for a case:
-- it stands at the decision that the case began with, whichever of the case's decisions the tool names. No comment is kept:
-- what somebody wrote about the people here stays in the tool that asked.
create table survey_answers (
  organization_id uuid not null references organizations (id),
  decision_id uuid not null,
  -- The tool's own name for the answer; null once the customer was erased, who might be named in it.
  reference text check (length(reference) between 1 and 200),
  score integer not null check (score between 1 and 5),
  answered_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (organization_id, decision_id),
  unique (organization_id, reference),
  foreign key (organization_id, decision_id) references decisions (organization_id, id)
);

-- How often answers about the decisions of a day were recorded or changed. It only grows, so that the sums of a day that
-- were made before are known to say less than there is.
create table survey_days (
  organization_id uuid not null,
  day date not null,
  changes bigint not null check (changes > 0),
  primary key (organization_id, day)
);

do $$
declare
  t text;
begin
  foreach t in array array['survey_answers', 'survey_days'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select on %I to leeway_app, leeway_ledger', t);
    execute format('grant insert on %I to leeway_ledger', t);
  end loop;
end
$$;
grant update (reference, score, answered_at, recorded_at) on survey_answers to leeway_ledger;
grant update (changes) on survey_days to leeway_ledger;

-- Below every id of the moment of this one, and of later ones.
create function least_id_like(p_id uuid) returns uuid
  language sql immutable parallel safe
  return (substr(p_id::text, 1, 14) || '7000-8000-000000000000')::uuid;

-- The decision that the case of a decision began with; the decision itself where it belongs to none. Nothing of a case is
-- older than the case's own id, so a customer's history before it is not looked at.
create function first_of_case(p_organization uuid, p_decision uuid) returns uuid
  language sql stable
  return (
    select coalesce(
      (select o.id from decisions o
       where o.organization_id = p_organization and o.customer_id = d.customer_id and o.case_id = d.case_id
         and o.id >= least_id_like(d.case_id)
       order by o.id limit 1),
      d.id)
    from decisions d where d.organization_id = p_organization and d.id = p_decision
  );

-- Records what a customer said of a case. The same answer again changes nothing, and of two the one that was given later
-- stands, whichever comes first. Answers {"outcome": "recorded" | "replaced" | "unchanged", "decision", "reference", "score",
-- "answeredAt", "recordedAt"} with what stands now, {"outcome": "missing"}, also for an erased customer, or
-- {"outcome": "reference_used"}: the reference is that of an answer to another case.
create function record_survey_answer(
  p_organization uuid, p_decision uuid, p_reference text, p_score integer, p_answered_at timestamptz,
  p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_first uuid := null;
  v_outcome text := 'recorded';
  v_before integer;
  s survey_answers;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  -- Nobody is erased meanwhile.
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  -- One after the other under one reference, so that it can't come to stand at two cases.
  perform pg_advisory_xact_lock(hashtextextended('leeway.survey/' || p_organization::text || '/' || p_reference, 0));
  select first_of_case(p_organization, d.id) into v_first
    from decisions d join customers c on c.organization_id = p_organization and c.id = d.customer_id
    where d.organization_id = p_organization and d.id = p_decision and c.erased_at is null;
  if v_first is null then
    return jsonb_build_object('outcome', 'missing');
  elsif exists (
    select from survey_answers x
    where x.organization_id = p_organization and x.reference = p_reference and x.decision_id <> v_first
  ) then
    return jsonb_build_object('outcome', 'reference_used');
  end if;

  insert into survey_answers (organization_id, decision_id, reference, score, answered_at, recorded_at)
    values (p_organization, v_first, p_reference, p_score, p_answered_at, p_at)
    on conflict (organization_id, decision_id) do nothing;
  if not found then
    select * into s from survey_answers where organization_id = p_organization and decision_id = v_first for no key update;
    v_before := s.score;
    if p_answered_at < s.answered_at or (s.reference = p_reference and s.score = p_score) then
      v_outcome := 'unchanged';
    else
      v_outcome := 'replaced';
      update survey_answers set reference = p_reference, score = p_score, answered_at = p_answered_at, recorded_at = p_at
        where organization_id = p_organization and decision_id = v_first;
    end if;
  end if;

  if v_outcome <> 'unchanged' then
    perform audit_decision(p_organization, p_event, p_actor, 'survey.answered', v_first,
      jsonb_build_object('score', p_score, 'before', v_before), p_at);
    -- Last, because all who are asked about the same day meet here.
    insert into survey_days (organization_id, day, changes)
      select p_organization, (d.created_at at time zone o.time_zone)::date, 1
      from decisions d join organizations o on o.id = p_organization
      where d.organization_id = p_organization and d.id = v_first
      on conflict (organization_id, day) do update set changes = survey_days.changes + 1;
  end if;
  select * into s from survey_answers where organization_id = p_organization and decision_id = v_first;
  return jsonb_build_object('outcome', v_outcome, 'decision', s.decision_id, 'reference', s.reference, 'score', s.score,
    'answeredAt', s.answered_at, 'recordedAt', s.recorded_at);
end
$$;

-- What the tool calls an answer may say whose it is, so it goes with the customer.
create function survey_answers_of_erased() returns trigger
  language plpgsql as $$
begin
  update survey_answers s set reference = null from decisions d
    where s.organization_id = new.organization_id and s.reference is not null
      and d.organization_id = new.organization_id and d.id = s.decision_id and d.customer_id = new.id;
  return null;
end
$$;
create trigger survey_answers_of_erased after update of erased_at on customers
  for each row when (new.erased_at is not null) execute function survey_answers_of_erased();

-- What the dashboards show of it, day by day: a day is the one in which the case began.
alter table insight_days
  -- Decisions that a case began with, which is what a customer is asked about.
  add column cases bigint not null default 0,
  add column surveyed bigint not null default 0,
  -- Four or five of five.
  add column satisfied bigint not null default 0,
  -- All scores together.
  add column score bigint not null default 0,
  -- The same of cases that began with something allowed or bent, and with something handed over.
  add column solved_surveyed bigint not null default 0,
  add column solved_satisfied bigint not null default 0,
  add column solved_score bigint not null default 0,
  add column handed_surveyed bigint not null default 0,
  add column handed_satisfied bigint not null default 0,
  add column handed_score bigint not null default 0;

-- The days that were summed before know nothing of cases: all of them are read again.
alter table insight_builds no force row level security;
update insight_builds set stamp = null;
alter table insight_builds force row level security;

grant create on schema public to leeway_ledger;
alter function record_survey_answer(uuid, uuid, text, integer, timestamptz, jsonb, uuid, timestamptz) owner to leeway_ledger;
revoke all on function record_survey_answer(uuid, uuid, text, integer, timestamptz, jsonb, uuid, timestamptz) from public;
grant execute on function record_survey_answer(uuid, uuid, text, integer, timestamptz, jsonb, uuid, timestamptz) to leeway_app;
revoke create on schema public from leeway_ledger;

-- Down Migration
drop function record_survey_answer;
drop trigger survey_answers_of_erased on customers;
drop function survey_answers_of_erased;
drop function first_of_case, least_id_like;
alter table insight_days
  drop column cases, drop column surveyed, drop column satisfied, drop column score,
  drop column solved_surveyed, drop column solved_satisfied, drop column solved_score,
  drop column handed_surveyed, drop column handed_satisfied, drop column handed_score;
drop table survey_days, survey_answers;
