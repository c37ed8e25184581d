-- Up Migration

-- ── What providers say, and nobody can apply ──────────────────────────────────────────────────────────────────────────

-- A message that can't be applied is tried a few times, ever more rarely, and then set aside until somebody has it tried again.
-- The others go on meanwhile; of one decision they wait for the ones before, until those are set aside.
alter table provider_events
  add column tries integer not null default 0 check (tries >= 0),
  add column next_try_at timestamptz,
  add column set_aside_at timestamptz,
  -- Why the last try came to nothing, by a code: its words may be about somebody.
  add column fault text check (fault <> '' and length(fault) <= 200),
  add constraint provider_events_aside check (set_aside_at is null or (applied_at is null and next_try_at is null));
drop index provider_events_waiting;
create index provider_events_waiting on provider_events (organization_id, received_at, happened_at, event_id)
  where applied_at is null and set_aside_at is null;
create index provider_events_aside on provider_events (organization_id, provider, received_at) where set_aside_at is not null;
create index provider_events_applied on provider_events (organization_id, applied_at) where applied_at is not null;
grant update (tries, next_try_at, set_aside_at, fault) on provider_events to leeway_app;

drop function organizations_with_provider_events();
-- Organizations in which something that a provider said is to be applied by now. The worker belongs to no organization.
create function organizations_with_provider_events(p_at timestamptz) returns setof uuid
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
begin
  for v_organization in select o.id from organizations o order by o.id loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    if exists (
      select from provider_events e
      where e.organization_id = v_organization and e.applied_at is null and e.set_aside_at is null
        and (e.next_try_at is null or e.next_try_at <= p_at)
    ) then
      return next v_organization;
    end if;
  end loop;
  perform set_config('leeway.organization_id', '', true);
end
$$;

-- How much of what providers said waits, or was set aside, over all organizations.
create function incoming_depths() returns table (queue text, status text, number bigint, oldest timestamptz)
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
begin
  for v_organization in select o.id from organizations o loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    return query
      select 'provider_events', 'waiting', count(*), min(e.received_at) from provider_events e
        where e.organization_id = v_organization and e.applied_at is null and e.set_aside_at is null having count(*) > 0;
    return query
      select 'provider_events', 'dead', count(*), min(e.received_at) from provider_events e
        where e.organization_id = v_organization and e.set_aside_at is not null having count(*) > 0;
  end loop;
end
$$;

-- ── History of what is told again and again ───────────────────────────────────────────────────────────────────────────

alter table executions
  -- Since when nobody knows what came of it; null once somebody does.
  add column unknown_since timestamptz;
-- Whoever owns the tables sees all organizations' rows for a moment.
alter table executions no force row level security;
update executions set unknown_since = moved_at where status = 'unknown';
alter table executions force row level security;

-- As before, and history says what is worth reading: that it was told, what came of it, that nobody knows, and that it is told no
-- more by itself. Each try in between is counted in `attempt`.
create or replace function note_execution(
  p_organization uuid, p_decision uuid, p_of text, p_to text, p_said jsonb, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d decisions;
  x executions;
  v_from text;
  v_said_at timestamptz := (p_said ->> 'at')::timestamptz;
  v_waits boolean := p_to in ('pending', 'unknown', 'processing');
  v_looks integer;
  v_next timestamptz;
  v_gives_back boolean := false;
  -- Nobody knows what came of it, and it is told no more by itself.
  v_given_up boolean := p_to = 'unknown' and p_said ? 'next' and p_said ->> 'next' is null;
  v_action text := case p_of when 'execution' then 'execution.' else 'execution_reversal.' end
    || case when v_given_up then 'given_up' else p_to end;
  -- One more try at what nobody knows of, or its coming to nothing again.
  v_repeats boolean := false;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  -- A version that is being published counts what is posted: it must not be given back meanwhile.
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  select * into d from decisions where organization_id = p_organization and id = p_decision for no key update;
  select * into x from executions where organization_id = p_organization and decision_id = p_decision for update;
  if not found then
    return '{"outcome": "missing"}';
  end if;
  v_from := case p_of when 'execution' then x.status else x.reversal_status end;
  v_looks := case when v_from = p_to then x.looks + 1 else 0 end;
  -- Twice as long each time, up to an hour.
  v_next := case when v_waits then p_at + least(5 * power(2, least(v_looks, 10)), 3600) * interval '1 second' end;
  if p_to = 'processing' then
    v_next := p_at + interval '2 minutes';
  elsif v_waits and p_said ? 'next' then
    v_next := (p_said ->> 'next')::timestamptz;
  end if;
  if v_from = p_to then
    if v_waits then
      update executions set looks = v_looks, next_look_at = v_next where organization_id = p_organization and decision_id = p_decision;
    end if;
    if v_given_up and x.next_look_at is not null then
      perform audit_decision(p_organization, p_event, p_actor, v_action, p_decision,
        jsonb_build_object('provider', x.provider,
          'attempt', case p_of when 'execution' then x.attempt else x.reversal_attempt end), p_at);
      perform tell_execution(p_organization, p_decision, d.employee_id);
    end if;
    return jsonb_build_object('outcome', 'same', 'status', v_from);
  end if;
  if not exists (
    select 1 from execution_steps s
      where s.of = p_of and s.from_status = v_from and s.to_status = p_to and p_said ->> 'via' = any (s.via)
  ) then
    return jsonb_build_object('outcome', 'refused', 'status', v_from);
  end if;

  if p_of = 'execution' then
    v_repeats := x.unknown_since is not null and p_to in ('processing', 'unknown') and not v_given_up;
    v_gives_back := p_to = 'failed' and d.status = 'posted';
    update executions set
        status = p_to, provider = case p_to when 'by_hand' then 'by_hand' else provider end,
        reference = coalesce(p_said ->> 'reference', reference),
        failure_code = case p_to when 'failed' then coalesce(p_said ->> 'code', 'refused') end,
        failure_detail = p_said ->> 'detail',
        attempt = attempt + (p_to = 'processing')::integer,
        unknown_since = case p_to when 'unknown' then coalesce(unknown_since, p_at) when 'processing' then unknown_since end,
        said_at = coalesce(v_said_at, said_at), looks = v_looks, next_look_at = v_next, moved_at = p_at,
        due_at = case p_to when 'by_hand' then p_at + (select o.by_hand_hours from organizations o where o.id = p_organization) * interval '1 hour' else due_at end,
        finished_at = case when p_to in ('succeeded', 'failed', 'cancelled') then p_at end,
        -- What never moved, or came back, need not be taken back.
        reversal_status = case when p_to = 'failed' and reversal_status in ('queued', 'by_hand') then 'not_needed' else reversal_status end
      where organization_id = p_organization and decision_id = p_decision
      returning * into x;
  else
    update executions set
        reversal_status = p_to, reversal_reference = coalesce(p_said ->> 'reference', reversal_reference),
        reversal_code = p_said ->> 'code', reversal_detail = p_said ->> 'detail',
        reversal_said_at = coalesce(v_said_at, reversal_said_at), looks = v_looks, next_look_at = v_next, moved_at = p_at,
        owner_id = case p_to when 'by_hand' then null else owner_id end,
        due_at = case p_to when 'by_hand' then p_at + (select o.by_hand_hours from organizations o where o.id = p_organization) * interval '1 hour' else due_at end
      where organization_id = p_organization and decision_id = p_decision
      returning * into x;
  end if;

  if v_gives_back then
    insert into reversals (organization_id, decision_id, kind, reason, reversed_by, api_key_id, created_at)
      values (p_organization, p_decision, 'failed', null, null, null, p_at);
    perform take_step(p_organization, p_decision, 'reversed', p_event, p_at);
  end if;
  if v_repeats then
    perform tell_execution(p_organization, p_decision, null);
    return jsonb_build_object('outcome', 'noted', 'status', p_to, 'givenBack', false);
  end if;
  perform audit_decision(p_organization, p_event, p_actor, v_action, p_decision,
    jsonb_strip_nulls(jsonb_build_object(
      'provider', x.provider, 'via', p_said ->> 'via', 'reference', p_said ->> 'reference', 'code', p_said ->> 'code',
      'attempt', case p_of when 'execution' then x.attempt else x.reversal_attempt end, 'givenBack', nullif(v_gives_back, false))),
    p_at);
  perform tell_execution(p_organization, p_decision, d.employee_id);
  return jsonb_build_object('outcome', 'noted', 'status', p_to, 'givenBack', v_gives_back);
end
$$;

-- ── How long what comes and goes is kept ──────────────────────────────────────────────────────────────────────────────

create or replace function is_retention(p_days jsonb) returns boolean
  language sql immutable parallel safe
  return jsonb_typeof(p_days) = 'object'
    and p_days ?& array['sessions', 'idempotencyKeys', 'unsentRequests', 'simulations', 'caseTexts', 'notes',
      'webhookMessages', 'mails', 'providerEvents', 'disputes']
    and p_days - array['sessions', 'idempotencyKeys', 'unsentRequests', 'simulations', 'caseTexts', 'notes',
      'webhookMessages', 'mails', 'providerEvents', 'disputes'] = '{}'
    and not jsonb_path_exists(p_days, '$.* ? (!(@ == null) && (@.type() != "number" || @ < 1 || @ > 36500 || @.floor() != @))', '{}', true);

alter table organizations no force row level security;
update organizations set retention = '{"webhookMessages": 30, "mails": 30, "providerEvents": 90, "disputes": 90}' || retention;
alter table organizations force row level security;
alter table organizations alter column retention set default
  '{"sessions": 90, "idempotencyKeys": 30, "unsentRequests": 365, "simulations": 365, "caseTexts": null, "notes": null, "webhookMessages": 30, "mails": 30, "providerEvents": 90, "disputes": 90}';

grant delete on webhook_messages, mails, provider_events to leeway_ledger;
grant select, delete on payment_disputes to leeway_ledger;
-- What goes, goes by the function alone.
revoke delete on webhook_messages, mails from leeway_app;

-- Removes one batch of what is older than p_before, which may not be younger than the organization keeps it. p_after is
-- what the batch before ended with. Answers {"removed": how many, "after": what this one ended with, or null at the end}.
create or replace function expire_batch(
  p_organization uuid, p_kind text, p_before timestamptz, p_after jsonb, p_limit integer, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_ids uuid[];
  v_answer jsonb;
  v_removed integer;
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
    -- What still goes out to an endpoint that is on stays until it has, or is put aside.
    when 'webhookMessages' then
      v_ids := array(
        select m.id from webhook_messages m
        where m.organization_id = p_organization and m.created_at < p_before and not exists (
          select from webhook_deliveries d
          join webhook_endpoints e on e.organization_id = p_organization and e.id = d.endpoint_id and e.status = 'on'
          where d.organization_id = p_organization and d.message_id = m.id and d.status = 'waiting')
        order by m.created_at limit p_limit);
      delete from webhook_messages where organization_id = p_organization and id = any (v_ids);
    -- A mail keeps its like from being written: as long as a handover waits, nobody is written to about it twice.
    when 'mails' then
      v_ids := array(
        select m.id from mails m
        where m.organization_id = p_organization and m.created_at < p_before and m.status <> 'waiting' and not exists (
          select from handovers h
          where m.kind = 'handover_waiting' and h.organization_id = p_organization and h.id = (m.about ->> 'handover')::uuid
            and h.status = 'waiting')
        order by m.created_at limit p_limit);
      delete from mails where organization_id = p_organization and id = any (v_ids);
    -- A provider sends again for days what it is not sure of; so long at least it is known that it was heard. What has not been
    -- heard stays.
    when 'providerEvents' then
      delete from provider_events e using (
        select x.provider, x.event_id from provider_events x
        where x.organization_id = p_organization and x.applied_at < least(p_before, now() - interval '7 days')
        order by x.applied_at limit p_limit) as gone
        where e.organization_id = p_organization and e.provider = gone.provider and e.event_id = gone.event_id;
      get diagnostics v_removed = row_count;
    -- One that is open stays: refunds wait for its end.
    when 'disputes' then
      delete from payment_disputes d using (
        select x.provider, x.dispute_id from payment_disputes x
        where x.organization_id = p_organization and not x.is_open
          and greatest(x.as_of, x.received_at) < least(p_before, now() - interval '7 days')
        limit p_limit) as gone
        where d.organization_id = p_organization and d.provider = gone.provider and d.dispute_id = gone.dispute_id;
      get diagnostics v_removed = row_count;
  end case;
  if v_answer is null then
    v_removed := coalesce(v_removed, cardinality(v_ids));
    return jsonb_build_object('removed', v_removed, 'after', case when v_removed = p_limit then '[]'::jsonb end);
  end if;
  if (v_answer ->> 'removed')::integer > 0 then
    perform note_expiry(p_organization, p_kind, p_before, p_at);
  end if;
  return v_answer;
end
$$;

grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array['organizations_with_provider_events(timestamptz)', 'incoming_depths()'] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
end
$$;
revoke create on schema public from leeway_ledger;
