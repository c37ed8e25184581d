-- Up Migration

-- Who said what came of an execution, or of taking one back, where a person did. How they know stands beside the step: in
-- `failure_detail`, or `reversal_detail`.
alter table executions
  add column settled_by uuid,
  add column settled_at timestamptz,
  add column settled_of text check (settled_of in ('execution', 'reversal')),
  add constraint executions_settled_by_fkey foreign key (organization_id, settled_by) references employees (organization_id, id),
  add constraint executions_settled check (
    (settled_at is null) = (settled_by is null) and (settled_at is null) = (settled_of is null));
-- What people said of what a provider should have said.
create index executions_settled on executions (organization_id, settled_at desc) where settled_at is not null and provider <> 'by_hand';
create index executions_settled_by on executions (organization_id, settled_by) where settled_by is not null;

-- Writes down what a person says came of an execution, or of taking one back, where that is a step. `p_owned`: only where they
-- see to it themselves. Answers as note_execution does.
create function settle_execution(
  p_organization uuid, p_decision uuid, p_of text, p_to text, p_said jsonb, p_by uuid, p_owned boolean, p_actor jsonb,
  p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  x executions;
  v_answer jsonb;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  -- In the order in which whoever notes a step locks them.
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  perform from decisions where organization_id = p_organization and id = p_decision for no key update;
  select * into x from executions where organization_id = p_organization and decision_id = p_decision for update;
  if not found or p_owned and x.owner_id is distinct from p_by then
    return '{"outcome": "missing"}';
  end if;
  v_answer := note_execution(
    p_organization, p_decision, p_of, p_to, p_said || '{"via": "person"}', p_actor, p_event, p_at);
  if v_answer ->> 'outcome' = 'noted' then
    update executions set settled_by = p_by, settled_at = p_at, settled_of = p_of
      where organization_id = p_organization and decision_id = p_decision;
  end if;
  return v_answer;
end
$$;

drop function own_execution(uuid, uuid, uuid, jsonb, uuid, timestamptz);

-- Who sees to something that is done by hand, null: nobody yet; and by when, null: as before. `p_from` is who saw to it as far as
-- whoever says so knew: nobody takes away what somebody else was given meanwhile. Answers {"outcome": "set" | "changed" | "unable" | "missing"};
-- unable: whom it should go to doesn't work here, or only reads.
create function own_execution(
  p_organization uuid, p_decision uuid, p_owner uuid, p_due timestamptz, p_from uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  x executions;
  v_due timestamptz;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into x from executions where organization_id = p_organization and decision_id = p_decision for update;
  if not found or not (x.status = 'by_hand' or x.reversal_status = 'by_hand') then
    return '{"outcome": "missing"}';
  end if;
  v_due := coalesce(p_due, x.due_at);
  if x.owner_id is not distinct from p_owner and x.due_at is not distinct from v_due then
    return '{"outcome": "set"}';
  elsif x.owner_id is distinct from p_from then
    return '{"outcome": "changed"}';
  elsif p_owner is not null and not exists (
    select from employees e
      where e.organization_id = p_organization and e.id = p_owner and e.status = 'active' and e.role <> 'auditor'
  ) then
    return '{"outcome": "unable"}';
  end if;
  update executions set owner_id = p_owner, due_at = v_due, moved_at = p_at
    where organization_id = p_organization and decision_id = p_decision;
  perform audit_decision(p_organization, p_event, p_actor, 'execution.owned', p_decision, jsonb_build_object('to', p_owner)
    || case when v_due is distinct from x.due_at then jsonb_build_object('due', v_due) else '{}' end, p_at);
  perform tell_execution(p_organization, p_decision, p_owner);
  return '{"outcome": "set"}';
end
$$;

-- Whoever is given something to do by hand is written to.
alter table mails
  drop constraint mails_kind_check,
  add constraint mails_kind_check check (kind in (
    'handover_waiting', 'execution_failed', 'execution_assigned', 'policy_published', 'webhook_disabled', 'customer_notice', 'notice_test'));
alter table notification_choices
  drop constraint notification_choices_kind_check,
  add constraint notification_choices_kind_check check (kind in (
    'handover_waiting', 'execution_failed', 'execution_assigned', 'policy_published', 'webhook_disabled'));

grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'settle_execution(uuid, uuid, text, text, jsonb, uuid, boolean, jsonb, uuid, timestamptz)',
    'own_execution(uuid, uuid, uuid, timestamptz, uuid, jsonb, uuid, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
end
$$;
revoke create on schema public from leeway_ledger;

-- Down Migration
delete from mails where kind = 'execution_assigned';
delete from notification_choices where kind = 'execution_assigned';
alter table mails
  drop constraint mails_kind_check,
  add constraint mails_kind_check check (kind in (
    'handover_waiting', 'execution_failed', 'policy_published', 'webhook_disabled', 'customer_notice', 'notice_test'));
alter table notification_choices
  drop constraint notification_choices_kind_check,
  add constraint notification_choices_kind_check check (kind in (
    'handover_waiting', 'execution_failed', 'policy_published', 'webhook_disabled'));
drop function settle_execution;
drop function own_execution;
alter table executions drop column settled_by, drop column settled_at, drop column settled_of;
create function own_execution(
  p_organization uuid, p_decision uuid, p_owner uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  x executions;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into x from executions where organization_id = p_organization and decision_id = p_decision for update;
  if not found or not (x.status = 'by_hand' or x.reversal_status = 'by_hand') or not (p_owner is null or exists (
    select 1 from employees e where e.organization_id = p_organization and e.id = p_owner and e.status = 'active'
  )) then
    return '{"outcome": "missing"}';
  elsif x.owner_id is not distinct from p_owner then
    return '{"outcome": "set"}';
  end if;
  update executions set owner_id = p_owner, moved_at = p_at where organization_id = p_organization and decision_id = p_decision;
  perform audit_decision(p_organization, p_event, p_actor, 'execution.owned', p_decision, jsonb_build_object('to', p_owner), p_at);
  perform tell_execution(p_organization, p_decision, null);
  return '{"outcome": "set"}';
end
$$;
grant create on schema public to leeway_ledger;
alter function own_execution(uuid, uuid, uuid, jsonb, uuid, timestamptz) owner to leeway_ledger;
revoke all on function own_execution(uuid, uuid, uuid, jsonb, uuid, timestamptz) from public;
grant execute on function own_execution(uuid, uuid, uuid, jsonb, uuid, timestamptz) to leeway_app;
revoke create on schema public from leeway_ledger;
