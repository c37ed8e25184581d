-- Up Migration

-- What is to be sent by mail, to whom and about what, by ids: names, addresses and words are looked up at the moment of
-- sending, so that nothing here has to be erased with a person, and nobody who is gone is written to.
create table mails (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  kind text not null check (kind in (
    'handover_waiting', 'execution_failed', 'policy_published', 'webhook_disabled', 'customer_notice', 'notice_test')),
  -- What makes it the same mail: it is written once, however often it is thought of.
  dedupe text not null check (dedupe <> ''),
  to_employee uuid,
  to_customer uuid,
  about jsonb not null default '{}',
  -- Dropped: when it was to be sent there was no reason left, or nobody who wants it.
  status text not null default 'waiting' check (status in ('waiting', 'sent', 'dropped', 'dead')),
  attempts integer not null default 0 check (attempts >= 0),
  first_attempt_at timestamptz,
  next_attempt_at timestamptz not null,
  leased_until timestamptz,
  finished_at timestamptz,
  -- What the mail server said, by its code.
  fault text check (fault <> '' and length(fault) <= 200),
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, dedupe),
  foreign key (organization_id, to_employee) references employees (organization_id, id),
  foreign key (organization_id, to_customer) references customers (organization_id, id),
  check ((to_employee is null) <> (to_customer is null)),
  check ((status = 'waiting') = (finished_at is null))
);
create index mails_due on mails (organization_id, next_attempt_at) where status = 'waiting';
create index mails_dead on mails (organization_id, id) where status = 'dead';
create index mails_age on mails (organization_id, created_at);
create index mails_employee on mails (organization_id, to_employee);
create index mails_customer on mails (organization_id, to_customer);

-- What somebody has chosen for themselves; where there is no row, their role's usual holds.
create table notification_choices (
  organization_id uuid not null,
  employee_id uuid not null,
  kind text not null check (kind in ('handover_waiting', 'execution_failed', 'policy_published', 'webhook_disabled')),
  wanted boolean not null,
  changed_at timestamptz not null,
  primary key (organization_id, employee_id, kind),
  foreign key (organization_id, employee_id) references employees (organization_id, id)
);

-- What customers are told when something was carried out for them, in the organization's words. Off until somebody
-- switches it on.
create table notice_templates (
  organization_id uuid not null references organizations (id),
  remedy text not null check (remedy in ('refund', 'credit', 'fee_waiver', 'upgrade', 'limit_extension', 'replacement', 'gift')),
  subject text not null check (length(subject) between 1 and 200),
  body text not null check (length(body) between 1 and 5000),
  is_on boolean not null default false,
  updated_by uuid not null,
  updated_at timestamptz not null,
  primary key (organization_id, remedy),
  foreign key (organization_id, updated_by) references employees (organization_id, id)
);
create index notice_templates_updater on notice_templates (organization_id, updated_by);

-- Customers who want no such mail.
create table notice_refusals (
  organization_id uuid not null,
  customer_id uuid not null,
  refused_at timestamptz not null,
  primary key (organization_id, customer_id),
  foreign key (organization_id, customer_id) references customers (organization_id, id)
);

do $$
declare
  t text;
begin
  foreach t in array array['mails', 'notification_choices', 'notice_templates', 'notice_refusals'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select, insert, update, delete on %I to leeway_app', t);
    execute format('grant select on %I to leeway_ledger', t);
  end loop;
end
$$;

-- The organizations that a mail is due in.
create function organizations_with_mail(p_at timestamptz) returns setof uuid
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
begin
  for v_organization in select o.id from organizations o order by random() loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    if exists (
      select from mails m
      where m.organization_id = v_organization and m.status = 'waiting' and m.next_attempt_at <= p_at
        and (m.leased_until is null or m.leased_until <= p_at)
    ) then
      return next v_organization;
    end if;
  end loop;
end
$$;

-- As before, with the mails.
create or replace function outgoing_depths() returns table (queue text, status text, number bigint, oldest timestamptz)
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
    return query select 'mail', m.status, count(*), min(m.created_at) from mails m
      where m.organization_id = v_organization and m.status in ('waiting', 'dead') group by m.status;
  end loop;
end
$$;

grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array['organizations_with_mail(timestamptz)', 'outgoing_depths()'] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
end
$$;
revoke create on schema public from leeway_ledger;

-- Down Migration
drop function organizations_with_mail;
create or replace function outgoing_depths() returns table (queue text, status text, number bigint, oldest timestamptz)
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
drop table notice_refusals, notice_templates, notification_choices, mails;
