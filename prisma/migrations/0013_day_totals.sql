-- Up Migration

-- What the floor shows of a day, whoever decided: as many rows for a day, whether a hundred decided something or a hundred
-- thousand. A day's sums lie in a few rows apart, so that two who decide rarely wait for one another; a row alone may
-- come to less than nothing, together they are what the sums by employee are.
create table decision_days (
  organization_id uuid not null,
  day date not null,
  verdict text not null,
  status text not null,
  slot integer not null check (slot between 0 and 15),
  decisions bigint not null default 0,
  amount bigint not null default 0,
  primary key (organization_id, day, verdict, status, slot)
) with (fillfactor = 70);
insert into decision_days (organization_id, day, verdict, status, slot, decisions, amount)
  select organization_id, day, verdict, status, 0, sum(decisions), sum(amount) from decision_rollups group by 1, 2, 3, 4;

alter table decision_days enable row level security, force row level security;
create policy tenant on decision_days using (organization_id = current_organization()) with check (organization_id = current_organization());
grant select on decision_days to leeway_app;
grant select, insert, update on decision_days to leeway_ledger;

-- Whatever becomes of the sums by employee becomes of those of the day, in the same transaction.
create function sum_up_day() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_decisions bigint := 0;
  v_amount bigint := 0;
  r decision_rollups;
begin
  if tg_op <> 'INSERT' then
    r := old;
    v_decisions := -old.decisions;
    v_amount := -old.amount;
  end if;
  if tg_op <> 'DELETE' then
    r := new;
    v_decisions := v_decisions + new.decisions;
    v_amount := v_amount + new.amount;
  end if;
  -- All but the first of a day find the row there, and an update alone costs half of an insert that fails first.
  update decision_days set decisions = decisions + v_decisions, amount = amount + v_amount
    where organization_id = r.organization_id and day = r.day and verdict = r.verdict and status = r.status
      and slot = pg_backend_pid() & 15;
  if not found then
    insert into decision_days (organization_id, day, verdict, status, slot, decisions, amount)
      values (r.organization_id, r.day, r.verdict, r.status, pg_backend_pid() & 15, v_decisions, v_amount)
      on conflict (organization_id, day, verdict, status, slot) do update set
        decisions = decision_days.decisions + excluded.decisions,
        amount = decision_days.amount + excluded.amount;
  end if;
  return null;
end
$$;

-- The same for the sums by employee.
create or replace function count_rollup(
  p_organization uuid, p_day date, p_employee uuid, p_remedy text, p_verdict text, p_status text, p_decisions integer, p_amount bigint
) returns void
  language plpgsql as $$
begin
  update decision_rollups set decisions = decisions + p_decisions, amount = amount + p_amount
    where organization_id = p_organization and day = p_day and employee_id = p_employee and remedy = p_remedy
      and verdict = p_verdict and status = p_status;
  if not found then
    insert into decision_rollups (organization_id, day, employee_id, remedy, verdict, status, decisions, amount)
      values (p_organization, p_day, p_employee, p_remedy, p_verdict, p_status, greatest(p_decisions, 0), greatest(p_amount, 0))
      on conflict (organization_id, day, employee_id, remedy, verdict, status) do update set
        decisions = decision_rollups.decisions + p_decisions,
        amount = decision_rollups.amount + p_amount;
  end if;
end
$$;
create trigger sum_up_day after insert or delete or update of decisions, amount on decision_rollups
  for each row execute function sum_up_day();
do $$
begin
  grant create on schema public to leeway_ledger;
  alter function sum_up_day() owner to leeway_ledger;
  revoke create on schema public from leeway_ledger;
end
$$;
