-- Up Migration

-- The sites that may show an organization's desk in a frame, each by its exact origin: what stands here is written into
-- a header, so nothing that isn't an origin can.
create table embed_origins (
  organization_id uuid not null references organizations (id),
  origin text not null check (
    length(origin) <= 300
    and (origin ~ '^https://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?$' or origin ~ '^http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?$')
  ),
  added_by uuid,
  added_at timestamptz not null,
  primary key (organization_id, origin),
  foreign key (organization_id, added_by) references employees (organization_id, id)
);

-- What somebody who is signed in gives a frame of such a site, so that the desk in it works for them: kept as a digest,
-- good for a quarter of an hour at most, and only while the session and the site stand.
create table embed_passes (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  token_hash text not null check (token_hash ~ '^[0-9a-f]{64}$'),
  session_id uuid not null,
  employee_id uuid not null,
  origin text not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, token_hash),
  foreign key (organization_id, session_id) references sessions (organization_id, id) on delete cascade,
  foreign key (organization_id, employee_id) references employees (organization_id, id),
  foreign key (organization_id, origin) references embed_origins (organization_id, origin) on delete cascade,
  check (expires_at > created_at and expires_at <= created_at + interval '15 minutes')
);
create index embed_passes_session on embed_passes (organization_id, session_id, origin);
create index embed_passes_origin on embed_passes (organization_id, origin);
create index embed_passes_employee on embed_passes (organization_id, employee_id);

do $$
declare
  t text;
begin
  foreach t in array array['embed_origins', 'embed_passes'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select, insert, delete on %I to leeway_app', t);
  end loop;
end
$$;

-- The person behind a frame's pass, as find_session finds them by the session that it hangs on, and what the pass is good
-- for; null once either of them is over. The token says which organization is meant, and finds nothing in another one.
create function find_embed_pass(p_organization uuid, p_hash text, p_at timestamptz, p_idle interval) returns jsonb
  language plpgsql as $$
declare
  v_pass embed_passes;
  v_person jsonb;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into v_pass from embed_passes
    where organization_id = p_organization and token_hash = p_hash and expires_at > p_at;
  if not found then
    return null;
  end if;
  v_person := find_session(p_organization, v_pass.session_id, p_at, p_idle);
  if v_person is null or (v_person ->> 'employeeId')::uuid <> v_pass.employee_id then
    return null;
  end if;
  return v_person || jsonb_build_object('pass',
    jsonb_build_object('id', v_pass.id, 'origin', v_pass.origin, 'scopes', v_pass.scopes));
end
$$;

-- Down Migration
drop function find_embed_pass;
drop table embed_passes, embed_origins;
