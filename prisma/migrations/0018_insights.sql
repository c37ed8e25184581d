-- Up Migration

-- What the dashboards show, day by day. All of it follows from decisions and handovers, so that it can be thrown away and
-- made again at any time: the app makes it, and may. None of it is written by the transaction of a decision.

-- Which days were summed, and how decision_days stood before they were read. A decision that is recorded, and each step that
-- one takes, changes those sums for good, so a day whose sums say something else by now is read again, and no other one.
create table insight_builds (
  organization_id uuid not null,
  day date not null,
  -- Null: to be read again, whatever the sums say.
  stamp text,
  built_at timestamptz not null,
  took_ms integer not null check (took_ms >= 0),
  primary key (organization_id, day)
);

-- A day's decisions by team (as it was then) and remedy, and by one thing more: nothing ("all"), who decided ("employee", by
-- id), why ("cause"), or the check that kept it from being simply allowed ("check"). Without a team it is the nil id, without a
-- cause the empty text. And once more by one thing alone, for who looks at everything: the day as a "whole", by "team", by
-- "remedy", by "person", by "reason"; what it is not by is the nil id or the empty text. Amounts are in the policy's currency;
-- a day is the one in which it was asked for.
create table insight_days (
  organization_id uuid not null,
  dimension text not null check (dimension in (
    'all', 'employee', 'cause', 'check', 'whole', 'team', 'remedy', 'person', 'reason')),
  day date not null,
  team_id uuid not null,
  remedy text not null,
  key text not null,
  decisions bigint not null,
  -- Allowed, or bent with a reason: nobody was asked.
  solved bigint not null,
  bent bigint not null,
  handed_over bigint not null,
  denied bigint not null,
  given_decisions bigint not null,
  given bigint not null,
  held_decisions bigint not null,
  held bigint not null,
  reversed_decisions bigint not null,
  reversed bigint not null,
  -- What became of handovers.
  approved bigint not null,
  adjusted bigint not null,
  declined bigint not null,
  expired bigint not null,
  withdrawn bigint not null,
  -- What answers granted, and what they kept of what was asked for.
  granted bigint not null,
  protected bigint not null,
  -- Whole seconds from asking to a person's answer: in all, the longest, and how many took up to so many minutes.
  wait_seconds bigint not null,
  wait_longest bigint not null,
  waited_1 bigint not null,
  waited_5 bigint not null,
  waited_15 bigint not null,
  waited_60 bigint not null,
  waited_480 bigint not null,
  waited_longer bigint not null,
  -- Whole seconds from asking to whatever ended a handover, nobody's answer too.
  settle_seconds bigint not null,
  -- Handed over although no more was asked for, or granted in the end, than would have passed without asking.
  within_limit bigint not null,
  -- Cases that began here and in which nothing was given and nothing is waited for.
  without_remedy bigint not null,
  -- For each handover that was approved whole, the least that the check would have had to allow.
  needed bigint[] not null,
  primary key (organization_id, dimension, day, team_id, remedy, key)
);

-- How far limits were used by what was given without asking: in thousandths of the maximum of then, what was used before
-- included.
create table insight_limits (
  organization_id uuid not null,
  day date not null,
  team_id uuid not null,
  remedy text not null,
  limit_id text not null,
  decisions bigint not null,
  up_to_quarter bigint not null,
  up_to_half bigint not null,
  up_to_three_quarters bigint not null,
  up_to_whole bigint not null,
  beyond bigint not null,
  use_permille bigint not null,
  most_permille bigint not null,
  primary key (organization_id, day, team_id, remedy, limit_id)
);

-- What is said of a cause: who sees to it, and what is being done. The newest of a cause holds; none is ever changed, so that
-- the others tell how it went.
create table cause_notes (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  cause text not null check (cause <> ''),
  owner_id uuid,
  note text,
  written_by uuid not null,
  written_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, owner_id) references employees (organization_id, id),
  foreign key (organization_id, written_by) references employees (organization_id, id)
);
create index cause_notes_cause on cause_notes (organization_id, cause, id desc);

-- How long an answer to a handover takes who gives it, as the organization estimates it.
alter table organizations
  add column answer_minutes integer not null default 4 check (answer_minutes between 1 and 240);

do $$
declare
  t text;
begin
  foreach t in array array['insight_builds', 'insight_days', 'insight_limits', 'cause_notes'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
  end loop;
end
$$;
grant select, insert, update, delete on insight_builds, insight_days, insight_limits to leeway_app;
grant select, insert on cause_notes to leeway_app;
