-- Up Migration

-- Each of these answers one question of proving who somebody is, in one round trip, as the caller and under row-level
-- security: the setting opens exactly the rows that carry what was presented.

-- Everybody who signs in with an address; one person may work for several organizations.
create function find_sign_in(p_email text) returns table (
  organization_id uuid, employee_id uuid, password_hash text, password_one_time boolean, status text
)
  language plpgsql as $$
begin
  perform set_config('leeway.sign_in_email', p_email, true);
  return query
    select e.organization_id, e.id, e.password_hash, e.password_one_time, e.status
      from employees e where e.email = p_email order by e.created_at desc limit 5;
end
$$;

-- The person behind a session that was neither revoked nor left alone for too long; notes that it was used.
create function find_session(p_organization uuid, p_session uuid, p_at timestamptz, p_idle interval) returns jsonb
  language plpgsql as $$
declare
  v jsonb;
  v_seen timestamptz;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select s.last_seen_at, jsonb_build_object(
      'sessionId', s.id, 'organizationId', o.id, 'organizationName', o.name, 'currency', o.currency, 'timeZone', o.time_zone,
      'employeeId', e.id, 'name', e.name, 'email', e.email, 'role', e.role, 'team', t.name,
      'passwordOneTime', e.password_one_time)
    into v_seen, v
    from sessions s
    join employees e on e.organization_id = s.organization_id and e.id = s.employee_id
    join organizations o on o.id = s.organization_id
    left join teams t on t.organization_id = e.organization_id and t.id = e.team_id
    where s.organization_id = p_organization and s.id = p_session and s.revoked_at is null
      and s.expires_at > p_at and s.last_seen_at > p_at - p_idle and e.status = 'active';
  if v is not null and v_seen < p_at - interval '1 minute' then
    update sessions set last_seen_at = p_at where organization_id = p_organization and id = p_session;
  end if;
  return v;
end
$$;

-- The key behind a digest, and the employee it acts for where one was named.
create function find_api_key(p_hash text, p_employee_id uuid, p_employee_email text, p_at timestamptz) returns jsonb
  language plpgsql as $$
declare
  k api_keys;
  v_employee jsonb;
begin
  perform set_config('leeway.api_key_hash', p_hash, true);
  select * into k from api_keys a where a.key_hash = p_hash;
  if not found or k.revoked_at is not null or k.expires_at <= p_at then
    return null;
  end if;
  perform set_config('leeway.organization_id', k.organization_id::text, true);
  if k.last_used_at is null or k.last_used_at < p_at - interval '1 minute' then
    update api_keys set last_used_at = p_at where organization_id = k.organization_id and id = k.id;
  end if;
  select jsonb_build_object('id', e.id, 'role', e.role, 'status', e.status) into v_employee
    from employees e
    where e.organization_id = k.organization_id and (e.id = p_employee_id or e.email = p_employee_email);
  return jsonb_build_object('organizationId', k.organization_id, 'apiKeyId', k.id, 'scopes', k.scopes, 'employee', v_employee);
end
$$;

-- Down Migration
drop function find_api_key, find_session, find_sign_in cascade;
