-- Up Migration

-- What goes wrong here, as the admins name it. The key is what decisions carry and policies ask about, so it never
-- changes; the name is what people read. A cause that is no longer offered stays, for what was decided under it.
create table causes (
  organization_id uuid not null references organizations (id),
  key text not null check (btrim(key) <> '' and length(key) <= 80),
  name text not null check (btrim(name) <> '' and length(name) <= 80),
  -- Whether whoever decides on the desk under it has to write why.
  needs_note boolean not null default false,
  retired_at timestamptz,
  -- Counts the changes, so that of two who edit it the second one hears of the first.
  revision integer not null default 1 check (revision > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by uuid,
  primary key (organization_id, key),
  foreign key (organization_id, updated_by) references employees (organization_id, id)
);
-- Two that are offered under one name could not be told apart.
create unique index causes_name on causes (organization_id, lower(name)) where retired_at is null;

-- What somebody promised a customer at the end of a case, and by which day. One for each case; whoever it was promised by
-- has it before them until it is ticked.
create table follow_ups (
  organization_id uuid not null references organizations (id),
  case_id uuid not null,
  customer_id uuid not null,
  employee_id uuid not null,
  text text not null check (btrim(text) <> ''),
  due_on date not null,
  created_at timestamptz not null,
  done_at timestamptz,
  done_by uuid,
  primary key (organization_id, case_id),
  foreign key (organization_id, case_id) references cases (organization_id, id),
  foreign key (organization_id, customer_id) references customers (organization_id, id),
  foreign key (organization_id, employee_id) references employees (organization_id, id),
  foreign key (organization_id, done_by) references employees (organization_id, id),
  check ((done_at is null) = (done_by is null))
);
create index follow_ups_open on follow_ups (organization_id, employee_id, due_on) where done_at is null;
create index follow_ups_done on follow_ups (organization_id, done_by, done_at) where done_at is not null;
create index follow_ups_customer on follow_ups (organization_id, customer_id, due_on);

do $$
declare
  t text;
begin
  foreach t in array array['causes', 'follow_ups'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
  end loop;
end
$$;

grant select, insert on causes, follow_ups to leeway_app;
grant update (name, needs_note, retired_at, revision, updated_at, updated_by) on causes to leeway_app;
grant update (done_at, done_by) on follow_ups to leeway_app;
grant select, update (text) on follow_ups to leeway_ledger;

-- A promise says what a customer needs, so its text goes when the customer is erased, and when the texts of its case go.
create function follow_ups_of_erased() returns trigger
  language plpgsql as $$
begin
  update follow_ups set text = erased_text()
    where organization_id = new.organization_id and customer_id = new.id and text <> erased_text();
  return null;
end
$$;
create trigger follow_ups_of_erased after update of erased_at on customers
  for each row when (new.erased_at is not null) execute function follow_ups_of_erased();

create function follow_ups_of_case() returns trigger
  language plpgsql as $$
begin
  update follow_ups set text = erased_text()
    where organization_id = new.organization_id and case_id = new.id and text <> erased_text();
  return null;
end
$$;
create trigger follow_ups_of_case after update of happened on cases
  for each row when (new.happened = erased_text() and old.happened is distinct from new.happened)
  execute function follow_ups_of_case();

-- Down Migration
drop trigger follow_ups_of_case on cases;
drop function follow_ups_of_case();
drop trigger follow_ups_of_erased on customers;
drop function follow_ups_of_erased();
drop table follow_ups;
drop table causes;
