-- Up Migration

-- Nothing is unique across organizations, so that every table can be kept apart, or spread, by organization. A key is
-- one of 2^256: two organizations hold the same digest only where somebody copied a row.
alter table api_keys
  drop constraint api_keys_key_hash_key,
  add constraint api_keys_key_hash_key unique (organization_id, key_hash);
-- Who presents a key names no organization.
create index api_keys_hash on api_keys (key_hash);

-- The key behind a digest, and the employee it acts for where one was named. A digest that several organizations hold
-- opens none of them: which one was meant, nobody can say.
create or replace function find_api_key(p_hash text, p_employee_id uuid, p_employee_email text, p_at timestamptz) returns jsonb
  language plpgsql as $$
declare
  k record;
  v_employee jsonb;
begin
  perform set_config('leeway.api_key_hash', p_hash, true);
  select a.*, count(*) over () as holders into k from api_keys a where a.key_hash = p_hash;
  if not found or k.holders > 1 or k.revoked_at is not null or k.expires_at <= p_at then
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
drop index api_keys_hash;
alter table api_keys
  drop constraint api_keys_key_hash_key,
  add constraint api_keys_key_hash_key unique (key_hash);
