-- An answer is worked out and then recorded, and two things that came between were not seen:
--   what was asked for and is granted as it stands was held in one slot, and nothing looked at the others, in which somebody
--   else may be held for more than the limit leaves;
--   of two records that were merged, and are parted, it was counted for the one that it was evaluated for.

-- Raises LW001 when the slots of a counter come to more than a guard allows; the detail names the counter's definition.
create function expect_room(
  p_organization uuid, p_definition text, p_scope_key text, p_bucket date, p_guard_amount bigint, p_guard_count bigint
) returns void
  language plpgsql as $$
declare
  v_amount bigint;
  v_count bigint;
begin
  if p_guard_amount is null and p_guard_count is null then
    return;
  end if;
  -- Always from the first to the last, as whoever shares out.
  perform 1 from counters
    where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket
    order by slot for update;
  select sum(posted_amount + reserved_amount), sum(posted_count + reserved_count) into v_amount, v_count
    from counters
    where organization_id = p_organization and definition = p_definition and scope_key = p_scope_key and bucket = p_bucket;
  if v_amount > p_guard_amount or v_count > p_guard_count then
    raise exception 'A counter has run full meanwhile.' using errcode = 'LW001', detail = p_definition;
  end if;
end
$$;
revoke all on function expect_room(uuid, text, text, date, bigint, bigint) from public;
grant execute on function expect_room(uuid, text, text, date, bigint, bigint) to leeway_ledger;

-- Answers a waiting handover, whole or not at all. p_answer:
--   handoverId, answer ("approve" | "adjust" | "decline"), by, actor, note, eventId, at
-- and, where something is granted, what the answerer's evaluation was based on:
--   amount, countedAmount, explanation, policyVersion, teamId, askerVersion, askerTeamId, versionsInForce, customerId,
--   counters (as of a decision, besides "askers": only the asker counts there), job {id, runAt}
-- What the decision holds is counted for the asker already, and stays so with what is granted. Where only the asker would
-- count anew, that is because of an amount that was adjusted.
-- Answers {"outcome": "answered", "status"}, {"outcome": "missing" | "own" | "expired" | "policy_changed"},
-- {"outcome": "already", "status", "by", "note", "amount"} or {"outcome": "full", "definition"}.
create or replace function answer_handover(p_organization uuid, p_answer jsonb) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  a record;
  c record;
  h handovers;
  d decisions;
  v_status text;
  v_amount bigint;
  v_seq integer;
  v_definition text;
  v_split boolean;
  v_definitions_split text[];
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  select * into a from jsonb_to_record(p_answer) as x (
    "handoverId" uuid, answer text, "by" uuid, actor jsonb, note text, amount bigint, "countedAmount" bigint,
    explanation jsonb, "policyVersion" integer, "teamId" uuid, "askerVersion" integer, "askerTeamId" uuid,
    "versionsInForce" integer[], "customerId" uuid, counters jsonb, job jsonb, "eventId" uuid, at timestamptz
  );
  select * into h from handovers where organization_id = p_organization and id = a."handoverId" for no key update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  elsif h.asked_by = a."by" then
    return jsonb_build_object('outcome', 'own');
  elsif h.status <> 'waiting' then
    return jsonb_build_object('outcome', 'already', 'status', h.status, 'by', h.answered_by, 'note', h.answer_note,
      'amount', h.granted_amount);
  elsif h.deadline_at <= a.at then
    return jsonb_build_object('outcome', 'expired');
  end if;
  v_status := case a.answer when 'approve' then 'approved' when 'adjust' then 'adjusted' when 'decline' then 'declined' end;

  if v_status = 'declined' then
    update handovers set status = v_status, answered_by = a."by", answered_at = a.at, answer_note = a.note,
        answered_by_key = case when a.actor ->> 'kind' = 'api_key' then (a.actor ->> 'id')::uuid end
      where organization_id = p_organization and id = h.id;
    perform take_step(p_organization, h.decision_id, 'declined', a."eventId", a.at);
  else
    begin
      select * into d from decisions where organization_id = p_organization and id = h.decision_id for no key update;
      -- The record that the decision counts for now: merged since it was evaluated, or parted.
      if policy_in_force(p_organization, a."teamId", a.at) is distinct from a."policyVersion"
        or policy_in_force(p_organization, a."askerTeamId", a.at) is distinct from a."askerVersion"
        or policies_in_force(p_organization, a.at) is distinct from a."versionsInForce"
        or standing_customer(p_organization, d.customer_id) is distinct from a."customerId" then
        raise exception 'Another policy is in force.' using errcode = 'LW002';
      end if;
      update handovers set status = v_status, answered_by = a."by", answered_at = a.at, answer_note = a.note,
          granted_amount = a.amount, granted_counted_amount = a."countedAmount", answer_policy_version = a."policyVersion",
          answer_explanation = a.explanation,
          answered_by_key = case when a.actor ->> 'kind' = 'api_key' then (a.actor ->> 'id')::uuid end
        where organization_id = p_organization and id = h.id;
      update decisions set status = 'posted' where organization_id = p_organization and id = d.id;
      perform ensure_counters(p_organization, a.counters);
      v_definitions_split := array(select s.definition from counter_slots s where s.organization_id = p_organization);

      select coalesce(max(seq), 0) into v_seq from ledger_entries where organization_id = p_organization and decision_id = d.id;
      for c in
        select coalesce(k.definition, x.definition) as definition, coalesce(k.scope_key, x."scopeKey") as scope_key,
            coalesce(k.bucket, x.bucket) as bucket, k.slot, coalesce(x."limitIds", k.limit_ids) as limit_ids,
            k.amount as held, k.count as held_count, x."guardAmount" as guard_amount, x."guardCount" as guard_count,
            x."rollingFrom" as rolling_from,
            case when coalesce(k.definition, x.definition) = 'order-refundable' then a.amount
              else coalesce(a."countedAmount", 0) end as granted
          from decision_holdings(p_organization, d.id) as k
          full join jsonb_to_recordset(a.counters) as x (
            definition text, "scopeKey" text, bucket date, "rollingFrom" date, "limitIds" text[],
            "guardAmount" bigint, "guardCount" bigint, askers boolean
          ) on x.definition = k.definition and x."scopeKey" = k.scope_key and x.bucket = k.bucket
          where k.definition is not null or not x.askers or a.answer = 'adjust'
          order by counter_heat(coalesce(k.scope_key, x."scopeKey")), 1, 2, 3
      loop
        if c.definition = 'decision' then
          v_seq := v_seq + 1;
          if c.held = c.granted then
            perform note_step(p_organization, d.id, v_seq, 'commit', c.held, a."eventId", 'reserved', 'posted', a.at);
            continue;
          end if;
          perform note_step(p_organization, d.id, v_seq, 'release', c.held, a."eventId", 'reserved', 'posted', a.at);
          v_seq := v_seq + 1;
          perform note_step(p_organization, d.id, v_seq, 'post', c.granted, a."eventId", 'reserved', 'posted', a.at);
          continue;
        end if;
        if c.definition = 'order-refundable' then
          select o.amount_paid into c.guard_amount from orders o where o.organization_id = p_organization and o.id = d.order_id;
        end if;
        if c.held = c.granted then
          v_seq := v_seq + 1;
          v_split := c.rolling_from is null and c.definition = any (v_definitions_split) and counter_heat(c.scope_key) >= 2;
          if v_split then
            perform expect_room(p_organization, c.definition, c.scope_key, c.bucket, c.guard_amount, c.guard_count);
          end if;
          perform count_entry(p_organization, d.id, v_seq, 'commit', c.definition, c.scope_key, c.bucket, c.slot, c.limit_ids, c.held,
            c.held_count, a."eventId", 'reserved', 'posted', a.at,
            case when not v_split then c.guard_amount end, case when not v_split then c.guard_count end, c.rolling_from);
          continue;
        end if;
        if c.held is not null then
          v_seq := v_seq + 1;
          perform count_entry(p_organization, d.id, v_seq, 'release', c.definition, c.scope_key, c.bucket, c.slot, c.limit_ids, c.held,
            c.held_count, a."eventId", 'reserved', 'posted', a.at, null, null, null);
        end if;
        v_seq := v_seq + 1;
        perform count_asked(p_organization, d.id, v_seq, 'post', c.definition, c.scope_key, c.bucket, c.limit_ids, c.granted,
          1, a."eventId", 'reserved', 'posted', a.at, c.guard_amount, c.guard_count, c.rolling_from);
      end loop;
      perform move_rollup(p_organization, d, 'reserved', d.counted_amount, 'posted', a."countedAmount");
      insert into jobs (organization_id, id, decision_id, kind, run_at, created_at)
        values (p_organization, (a.job ->> 'id')::uuid, d.id, 'execute', (a.job ->> 'runAt')::timestamptz, a.at);
    exception
      when sqlstate 'LW001' then
        get stacked diagnostics v_definition = pg_exception_detail;
        return jsonb_build_object('outcome', 'full', 'definition', v_definition);
      when sqlstate 'LW002' then
        return jsonb_build_object('outcome', 'policy_changed');
    end;
  end if;

  update jobs set status = 'cancelled', finished_at = a.at
    where organization_id = p_organization and decision_id = h.decision_id and kind = 'expire_handover';
  perform audit_decision(p_organization, a."eventId", a.actor, 'handover.' || v_status, h.decision_id,
    jsonb_build_object('handoverId', h.id, 'by', a."by", 'amount', a.amount, 'policyVersion', a."policyVersion"), a.at);
  return jsonb_build_object('outcome', 'answered', 'status', v_status);
end
$$;
