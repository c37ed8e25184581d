-- Up Migration

-- Which draft an answered handover led to ("next time nobody need ask"), so that whoever asks for it again, because the answer
-- was lost on its way, is told of the same one. Where that was thrown away, another one takes its place.
create table handover_proposals (
  organization_id uuid not null references organizations (id),
  handover_id uuid not null,
  version integer not null,
  -- The limits that the draft raises: [{id, before, max}].
  limits jsonb not null,
  proposed_at timestamptz not null,
  primary key (organization_id, handover_id),
  foreign key (organization_id, handover_id) references handovers (organization_id, id),
  foreign key (organization_id, version) references policies (organization_id, version)
);

alter table handover_proposals enable row level security, force row level security;
create policy tenant on handover_proposals
  using (organization_id = current_organization()) with check (organization_id = current_organization());
grant select on handover_proposals to leeway_app, leeway_ledger;
grant insert, update on handover_proposals to leeway_ledger;

-- Keeps a document as the draft that a handover led to, once for each handover. Answers
-- {"outcome": "saved" | "proposed", "version"}: proposed where there is one already that was not thrown away.
create function propose_draft(
  p_organization uuid, p_handover uuid, p_limits jsonb, p_base integer, p_document jsonb, p_note text, p_actor jsonb,
  p_author uuid, p_audit_id uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_version integer;
  v_saved jsonb;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock(hashtextextended('leeway.proposal/' || p_organization::text || '/' || p_handover::text, 0));
  select x.version into v_version from handover_proposals x
    join policies p on p.organization_id = x.organization_id and p.version = x.version
    where x.organization_id = p_organization and x.handover_id = p_handover and p.status <> 'discarded';
  if found then
    return jsonb_build_object('outcome', 'proposed', 'version', v_version);
  end if;
  v_saved := save_draft(p_organization, null, null, p_base, p_document, p_note, p_actor, p_author, p_audit_id, p_at);
  v_version := (v_saved ->> 'version')::integer;
  insert into handover_proposals (organization_id, handover_id, version, limits, proposed_at)
    values (p_organization, p_handover, v_version, p_limits, p_at)
    on conflict (organization_id, handover_id)
    do update set version = excluded.version, limits = excluded.limits, proposed_at = excluded.proposed_at;
  return jsonb_build_object('outcome', 'saved', 'version', v_version);
end
$$;

-- What writes history belongs to the ledger's role, and only the app may call it.
grant create on schema public to leeway_ledger;
alter function propose_draft(uuid, uuid, jsonb, integer, jsonb, text, jsonb, uuid, uuid, timestamptz) owner to leeway_ledger;
revoke all on function propose_draft(uuid, uuid, jsonb, integer, jsonb, text, jsonb, uuid, uuid, timestamptz) from public;
grant execute on function propose_draft(uuid, uuid, jsonb, integer, jsonb, text, jsonb, uuid, uuid, timestamptz) to leeway_app;
revoke create on schema public from leeway_ledger;
