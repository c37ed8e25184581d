-- Up Migration

-- ── Carrying decisions out ────────────────────────────────────────────────────────────────────────────────────────────

-- Which provider serves a remedy; where nothing is said, `provider_of` has the answer.
create table remedy_providers (
  organization_id uuid not null references organizations (id),
  remedy text not null check (remedy in ('refund', 'credit', 'fee_waiver', 'upgrade', 'limit_extension', 'replacement', 'gift')),
  provider text not null check (provider in ('store_credit', 'stripe', 'webhook', 'by_hand')),
  set_by uuid not null,
  set_at timestamptz not null,
  primary key (organization_id, remedy),
  foreign key (organization_id, set_by) references employees (organization_id, id)
);

alter table organizations
  -- By when what people carry out by hand should be done.
  add column by_hand_hours integer not null default 48 check (by_hand_hours between 1 and 2160),
  -- How long store credit is good for; null: for good.
  add column credit_days integer check (credit_days between 1 and 3650);

-- How a decision is carried out, and how what was carried out is taken back. A row is there from the moment somebody begins:
-- until then its job says that it waits. What holds is written down before a provider is called, so that after a crash it
-- is known that it may have been.
create table executions (
  organization_id uuid not null references organizations (id),
  decision_id uuid not null,
  provider text not null check (provider in ('store_credit', 'stripe', 'webhook', 'by_hand')),
  remedy text not null,
  amount bigint not null check (amount between 0 and 9007199254740991),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  status text not null,
  -- What a provider was told at the first try, and is told at each later one: with anything else the key protects nothing.
  -- It goes with the customer, once nothing is open.
  instruction jsonb,
  -- How often a provider was called, or was about to be.
  attempt integer not null default 0 check (attempt >= 0),
  -- The provider's, or what somebody wrote who did it by hand.
  reference text,
  failure_code text,
  failure_detail text,
  reversal_status text not null default 'not_needed',
  reversal_attempt integer not null default 0 check (reversal_attempt >= 0),
  reversal_reference text,
  reversal_code text,
  reversal_detail text,
  -- When a provider says that what holds happened.
  said_at timestamptz,
  reversal_said_at timestamptz,
  -- Looks since it last moved, and when it is looked at next; null: not by itself.
  looks integer not null default 0 check (looks >= 0),
  next_look_at timestamptz,
  -- Of what people do by hand.
  owner_id uuid,
  due_at timestamptz,
  begun_at timestamptz not null,
  moved_at timestamptz not null,
  finished_at timestamptz,
  primary key (organization_id, decision_id),
  foreign key (organization_id, decision_id) references decisions (organization_id, id),
  foreign key (organization_id, owner_id) references employees (organization_id, id),
  check ((status = 'failed') = (failure_code is not null))
);
create index executions_due on executions (organization_id, next_look_at) where next_look_at is not null;
create index executions_moved on executions (organization_id, moved_at desc, decision_id);
create index executions_open on executions (organization_id, status, due_at, decision_id)
  where status in ('processing', 'pending', 'unknown', 'by_hand') or reversal_status in ('queued', 'processing', 'pending', 'unknown', 'by_hand');
create index executions_provider on executions (organization_id, provider, status, moved_at desc);
create index executions_owner on executions (organization_id, owner_id) where owner_id is not null;

-- The steps that an execution, or the taking back of one, may take, and whose word is enough for it: that of the call
-- itself, of a look, of a message of the provider's, of a person. Anything else is refused, to everyone.
create table execution_steps (
  of text not null check (of in ('execution', 'reversal')),
  from_status text not null,
  to_status text not null,
  via text[] not null,
  primary key (of, from_status, to_status)
);
insert into execution_steps (of, from_status, to_status, via) values
  ('execution', 'none', 'processing', '{call}'),
  ('execution', 'none', 'by_hand', '{call}'),
  ('execution', 'processing', 'succeeded', '{call,look,message}'),
  ('execution', 'processing', 'pending', '{call,look,message}'),
  ('execution', 'processing', 'failed', '{call,look,message}'),
  ('execution', 'processing', 'unknown', '{call,look}'),
  ('execution', 'processing', 'by_hand', '{call}'),
  ('execution', 'pending', 'succeeded', '{call,look,message,person}'),
  ('execution', 'pending', 'failed', '{call,look,message,person}'),
  ('execution', 'pending', 'unknown', '{look}'),
  ('execution', 'unknown', 'succeeded', '{call,look,message,person}'),
  ('execution', 'unknown', 'failed', '{call,look,message,person}'),
  ('execution', 'unknown', 'pending', '{call,look,message}'),
  -- The provider never heard of it, so it is told again.
  ('execution', 'unknown', 'processing', '{look}'),
  ('execution', 'by_hand', 'succeeded', '{person}'),
  ('execution', 'by_hand', 'failed', '{person}'),
  -- Reversed before anybody did it.
  ('execution', 'by_hand', 'cancelled', '{person}'),
  -- A refund may come back after it looked done.
  ('execution', 'succeeded', 'failed', '{look,message}'),
  ('reversal', 'not_needed', 'queued', '{person}'),
  ('reversal', 'not_needed', 'by_hand', '{person}'),
  ('reversal', 'queued', 'processing', '{call}'),
  ('reversal', 'queued', 'not_needed', '{look,message}'),
  ('reversal', 'processing', 'succeeded', '{call,look,message}'),
  ('reversal', 'processing', 'pending', '{call,look,message}'),
  ('reversal', 'processing', 'unknown', '{call,look}'),
  -- What no provider takes back is a person's to see to.
  ('reversal', 'processing', 'by_hand', '{call,look,message}'),
  ('reversal', 'pending', 'succeeded', '{call,look,message,person}'),
  ('reversal', 'pending', 'by_hand', '{call,look,message,person}'),
  ('reversal', 'pending', 'unknown', '{call,look}'),
  ('reversal', 'unknown', 'succeeded', '{call,look,message,person}'),
  ('reversal', 'unknown', 'pending', '{call,look,message}'),
  ('reversal', 'unknown', 'by_hand', '{call,look,message,person}'),
  ('reversal', 'succeeded', 'by_hand', '{look,message}'),
  ('reversal', 'by_hand', 'succeeded', '{person}'),
  ('reversal', 'by_hand', 'failed', '{person}'),
  ('reversal', 'by_hand', 'not_needed', '{look,message}');

create function executions_step() returns trigger
  language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select 1 from execution_steps s where s.of = 'execution' and s.from_status = 'none' and s.to_status = new.status)
      or new.reversal_status <> 'not_needed' then
      raise exception 'An execution cannot begin as %.', new.status using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if (new.organization_id, new.decision_id, new.remedy, new.amount, new.currency, new.begun_at)
    is distinct from (old.organization_id, old.decision_id, old.remedy, old.amount, old.currency, old.begun_at)
    -- What a provider can't do at all becomes a person's.
    or (new.provider <> old.provider and not (old.status = 'processing' and new.status = 'by_hand' and new.provider = 'by_hand')) then
    raise exception 'What is carried out, and by whom, stays.' using errcode = 'insufficient_privilege';
  end if;
  if old.instruction is not null and new.instruction is not null and new.instruction <> old.instruction then
    raise exception 'What a provider was told stays.' using errcode = 'insufficient_privilege';
  end if;
  if new.status <> old.status and not exists (
    select 1 from execution_steps s where s.of = 'execution' and s.from_status = old.status and s.to_status = new.status
  ) then
    raise exception 'An execution that is % cannot become %.', old.status, new.status using errcode = 'check_violation';
  end if;
  if new.reversal_status <> old.reversal_status and not exists (
    select 1 from execution_steps s where s.of = 'reversal' and s.from_status = old.reversal_status and s.to_status = new.reversal_status
  ) then
    raise exception 'A taking back that is % cannot become %.', old.reversal_status, new.reversal_status using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create trigger executions_step before update on executions for each row execute function executions_step();

-- What was left to people until now is on their list.
insert into executions (organization_id, decision_id, provider, remedy, amount, currency, status, due_at, begun_at, moved_at)
  select j.organization_id, j.decision_id, 'by_hand', d.remedy, coalesce(h.granted_amount, d.amount), d.currency, 'by_hand',
      j.finished_at + interval '48 hours', j.finished_at, j.finished_at
    from jobs j
    join decisions d on d.organization_id = j.organization_id and d.id = j.decision_id
    left join handovers h on h.organization_id = j.organization_id and h.decision_id = j.decision_id
    where j.kind = 'execute' and j.status in ('by_hand', 'unknown') and d.status = 'posted' and j.finished_at is not null;
update jobs set status = 'done' where kind = 'execute' and status = 'by_hand';
create trigger executions_begin before insert on executions for each row execute function executions_step();

-- The end of an execution that failed is a reversal that nobody asked for.
alter table reversals
  drop constraint reversals_kind_check,
  drop constraint reversals_check,
  alter column reversed_by drop not null,
  add constraint reversals_kind_check check (kind in ('undo', 'reversal', 'failed')),
  add constraint reversals_reason check (kind <> 'reversal' or reason is not null),
  add constraint reversals_by check ((kind = 'failed') = (reversed_by is null));

-- ── Store credit ──────────────────────────────────────────────────────────────────────────────────────────────────────

-- What customers may spend, and where it came from and went to: a customer's account says what the house owes them, and
-- whatever is added to one account is taken from others. The house's own accounts have no balance of their own, so that
-- nobody waits for them; it is the sum of their entries.
create table credit_accounts (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  kind text not null check (kind in ('customer', 'goodwill', 'redeemed', 'expired')),
  customer_id uuid,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  balance bigint check (balance between 0 and 9007199254740991),
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers (organization_id, id),
  check ((kind = 'customer') = (customer_id is not null) and (kind = 'customer') = (balance is not null))
);
create unique index credit_accounts_customer on credit_accounts (organization_id, customer_id, currency) where customer_id is not null;
create unique index credit_accounts_house on credit_accounts (organization_id, kind, currency) where customer_id is null;

-- One movement. A grant and a taking back belong to a decision, and there is one of each at most.
create table credit_transactions (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  kind text not null check (kind in ('grant', 'redemption', 'undo', 'expiry', 'take_back')),
  customer_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount between 0 and 9007199254740991),
  decision_id uuid,
  -- The redemption that is undone.
  undoes uuid,
  reference text check (length(reference) <= 200),
  note text check (length(note) <= 2000),
  employee_id uuid,
  api_key_id uuid,
  -- Whoever asked, by the key under which they ask again, what for, and what was left then.
  asked_by uuid,
  key text,
  request_hash text check (request_hash ~ '^[0-9a-f]{64}$'),
  left_after bigint check (left_after >= 0),
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references customers (organization_id, id),
  foreign key (organization_id, decision_id) references decisions (organization_id, id),
  foreign key (organization_id, employee_id) references employees (organization_id, id),
  foreign key (organization_id, undoes) references credit_transactions (organization_id, id),
  check ((kind in ('grant', 'take_back')) = (decision_id is not null)),
  check ((kind = 'undo') = (undoes is not null)),
  check ((key is null) = (request_hash is null) and (key is null) = (asked_by is null))
);
create unique index credit_transactions_decision on credit_transactions (organization_id, decision_id, kind) where decision_id is not null;
create unique index credit_transactions_undoes on credit_transactions (organization_id, undoes) where undoes is not null;
create unique index credit_transactions_key on credit_transactions (organization_id, asked_by, key) where key is not null;
create index credit_transactions_customer on credit_transactions (organization_id, customer_id, id desc);

-- What one grant has left, and until when. The oldest go first.
create table credit_lots (
  organization_id uuid not null references organizations (id),
  id uuid not null,
  account_id uuid not null,
  decision_id uuid not null,
  amount bigint not null check (amount > 0),
  left_amount bigint not null check (left_amount between 0 and amount),
  expires_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, id) references credit_transactions (organization_id, id),
  foreign key (organization_id, account_id) references credit_accounts (organization_id, id)
);
create index credit_lots_account on credit_lots (organization_id, account_id) where left_amount > 0;
create index credit_lots_expiry on credit_lots (organization_id, expires_at) where left_amount > 0 and expires_at is not null;
create unique index credit_lots_decision on credit_lots (organization_id, decision_id);

create table credit_entries (
  organization_id uuid not null references organizations (id),
  transaction_id uuid not null,
  seq integer not null check (seq > 0),
  account_id uuid not null,
  -- The lot that it came from or went to, on a customer's account.
  lot_id uuid,
  amount bigint not null check (amount <> 0),
  balance_after bigint check (balance_after >= 0),
  primary key (organization_id, transaction_id, seq),
  foreign key (organization_id, transaction_id) references credit_transactions (organization_id, id),
  foreign key (organization_id, account_id) references credit_accounts (organization_id, id),
  foreign key (organization_id, lot_id) references credit_lots (organization_id, id),
  check ((lot_id is null) = (balance_after is null))
);
create index credit_entries_account on credit_entries (organization_id, account_id);
create index credit_entries_lot on credit_entries (organization_id, lot_id) where lot_id is not null;

-- Looked at when the transaction ends: what was added somewhere was taken from somewhere.
create function credit_balanced() returns trigger
  language plpgsql as $$
begin
  if (select sum(e.amount) from credit_entries e
      where e.organization_id = new.organization_id and e.transaction_id = new.transaction_id) <> 0 then
    raise exception 'The entries of % do not add up to nothing.', new.transaction_id using errcode = 'check_violation';
  end if;
  return null;
end
$$;
create constraint trigger credit_balanced after insert on credit_entries deferrable initially deferred
  for each row execute function credit_balanced();

-- Words go with the customer, and with time; the rest is history.
create function credit_transactions_text() returns trigger
  language plpgsql as $$
begin
  if (to_jsonb(new) - 'note' - 'reference') is distinct from (to_jsonb(old) - 'note' - 'reference')
    or new.note is not null or new.reference is not null
    or not may_go(old.organization_id, old.customer_id, 'notes', old.created_at) then
    perform refuse_text_change(tg_table_name);
  end if;
  return new;
end
$$;
create trigger credit_transactions_text before update on credit_transactions for each row execute function credit_transactions_text();
create function credit_rows_stay() returns trigger
  language plpgsql as $$
begin
  if (to_jsonb(new) - 'balance' - 'left_amount') is distinct from (to_jsonb(old) - 'balance' - 'left_amount') then
    raise exception 'Only what is left of it moves.' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger credit_accounts_stay before update on credit_accounts for each row execute function credit_rows_stay();
create trigger credit_lots_stay before update on credit_lots for each row execute function credit_rows_stay();
create trigger history_rows before update on credit_entries for each row execute function forbid_change();

do $$
declare
  t text;
begin
  foreach t in array array[
    'remedy_providers', 'executions', 'credit_accounts', 'credit_transactions', 'credit_lots', 'credit_entries'
  ] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on %I using (organization_id = current_organization()) with check (organization_id = current_organization())',
      t);
    execute format('grant select on %I to leeway_app, leeway_ledger', t);
  end loop;
  foreach t in array array['executions', 'credit_accounts', 'credit_transactions', 'credit_lots', 'credit_entries'] loop
    execute format('grant insert on %I to leeway_ledger', t);
    execute format('create trigger history_delete before delete on %I for each row execute function forbid_change()', t);
    execute format('create trigger history_table before truncate on %I for each statement execute function forbid_change()', t);
  end loop;
end
$$;
grant insert, update, delete on remedy_providers to leeway_app;
grant select on execution_steps to leeway_app, leeway_ledger;
grant update on executions to leeway_ledger;
grant update (balance) on credit_accounts to leeway_ledger;
grant update (left_amount) on credit_lots to leeway_ledger;
grant update (note, reference) on credit_transactions to leeway_ledger;

-- ── Steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Store credit needs nobody's sign-up, so it serves what is credit; whatever else there is is done by people.
create function provider_of(p_organization uuid, p_remedy text) returns text
  language sql stable
  return coalesce(
    (select p.provider from remedy_providers p where p.organization_id = p_organization and p.remedy = p_remedy),
    case p_remedy when 'credit' then 'store_credit' else 'by_hand' end);

create function tell_execution(p_organization uuid, p_decision uuid, p_whose uuid) returns void
  language sql set search_path = public, pg_temp
  return pg_notify('leeway', json_build_object('organizationId', p_organization, 'kind', 'execution', 'id', p_decision, 'whose', p_whose)::text);

-- Takes up what is to be done next of a decision: {"outcome": "begun" | "resumed" | "look" | "reverse", "provider", "status",
-- "attempt"}, after which a provider may be called; {"outcome": "by_hand"} where people carry it out; {"outcome": "early"}
-- while it may be undone; {"outcome": "nothing"}. An undo waits for the same rows, so exactly one of the two comes first.
create function begin_execution(p_organization uuid, p_decision uuid, p_event uuid, p_at timestamptz) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d decisions;
  j jobs;
  x executions;
  v_provider text;
  v_status text;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into d from decisions where organization_id = p_organization and id = p_decision for no key update;
  select * into x from executions where organization_id = p_organization and decision_id = p_decision for update;
  if not found then
    select * into j from jobs where organization_id = p_organization and decision_id = p_decision and kind = 'execute' for update;
    if not found or j.status <> 'queued' or d.status <> 'posted' then
      return '{"outcome": "nothing"}';
    elsif j.run_at > p_at then
      return '{"outcome": "early"}';
    end if;
    -- A refund goes back the way the payment came; without an order only people know which way that was.
    v_provider := case when d.remedy = 'refund' and d.order_id is null then 'by_hand' else provider_of(p_organization, d.remedy) end;
    v_status := case v_provider when 'by_hand' then 'by_hand' else 'processing' end;
    insert into executions (
      organization_id, decision_id, provider, remedy, amount, currency, status, attempt, next_look_at, due_at, begun_at, moved_at
    ) values (
      p_organization, d.id, v_provider, d.remedy,
      coalesce((select h.granted_amount from handovers h where h.organization_id = p_organization and h.decision_id = d.id), d.amount),
      d.currency, v_status, case v_status when 'by_hand' then 0 else 1 end,
      case v_status when 'processing' then p_at + interval '2 minutes' end,
      case v_status when 'by_hand' then p_at + (select o.by_hand_hours from organizations o where o.id = p_organization) * interval '1 hour' end,
      p_at, p_at);
    update jobs set status = 'done', finished_at = p_at where organization_id = p_organization and id = j.id;
    perform audit_decision(p_organization, p_event, '{"kind": "system"}', 'execution.' || v_status, p_decision,
      jsonb_build_object('provider', v_provider, 'attempt', case v_status when 'by_hand' then 0 else 1 end), p_at);
    perform tell_execution(p_organization, p_decision, d.employee_id);
    return jsonb_build_object('outcome', case v_status when 'by_hand' then 'by_hand' else 'begun' end,
      'provider', v_provider, 'status', v_status, 'attempt', 1, 'since', p_at);
  end if;

  if x.status = 'processing' then
    update executions set attempt = attempt + 1, next_look_at = p_at + interval '2 minutes'
      where organization_id = p_organization and decision_id = p_decision;
    return jsonb_build_object('outcome', 'resumed', 'provider', x.provider, 'status', x.status, 'attempt', x.attempt + 1, 'since', x.begun_at);
  elsif x.status in ('pending', 'unknown') then
    return jsonb_build_object('outcome', 'look', 'provider', x.provider, 'status', x.status, 'attempt', x.attempt, 'since', x.begun_at);
  elsif x.reversal_status = 'queued' then
    update executions set reversal_status = 'processing', reversal_attempt = 1, moved_at = p_at, looks = 0,
        next_look_at = p_at + interval '2 minutes'
      where organization_id = p_organization and decision_id = p_decision;
    perform audit_decision(p_organization, p_event, '{"kind": "system"}', 'execution_reversal.processing', p_decision,
      jsonb_build_object('provider', x.provider, 'attempt', 1), p_at);
    perform tell_execution(p_organization, p_decision, d.employee_id);
    return jsonb_build_object('outcome', 'reverse', 'provider', x.provider, 'status', 'processing', 'attempt', 1, 'since', p_at);
  elsif x.reversal_status in ('processing', 'pending', 'unknown') then
    update executions set reversal_attempt = reversal_attempt + 1, next_look_at = p_at + interval '2 minutes'
      where organization_id = p_organization and decision_id = p_decision;
    return jsonb_build_object('outcome', 'reverse', 'provider', x.provider, 'status', x.reversal_status, 'attempt', x.reversal_attempt + 1, 'since', x.moved_at);
  end if;
  return '{"outcome": "nothing"}';
end
$$;

-- Keeps what a provider is told of a decision, the first time, and answers what is kept; what is open alone is told.
create function keep_instruction(p_organization uuid, p_decision uuid, p_instruction jsonb) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_kept jsonb;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  update executions set instruction = p_instruction
    where organization_id = p_organization and decision_id = p_decision and instruction is null and finished_at is null;
  select instruction into v_kept from executions where organization_id = p_organization and decision_id = p_decision;
  return coalesce(v_kept, p_instruction);
end
$$;

-- What a provider was told is kept of nobody who was erased, once nothing is open.
create function forget_instruction() returns trigger
  language plpgsql as $$
begin
  if exists (
    select 1 from decisions d join customers c on c.organization_id = d.organization_id and c.id = d.customer_id
    where d.organization_id = new.organization_id and d.id = new.decision_id and c.erased_at is not null
  ) then
    new.instruction := null;
  end if;
  return new;
end
$$;
create trigger forget_instruction before update on executions
  for each row when (new.instruction is not null and new.finished_at is not null and old.finished_at is null) execute function forget_instruction();

-- Writes down what became of an execution, or of taking one back, where that is a step: once, with its event. One that
-- failed gives the allowance back in the same transaction, in the windows that it came from.
-- p_said: {"via": "call" | "look" | "message" | "person", "reference", "code", "detail", "at", "next"}; "next", where it is said, is
-- when it is looked at again, and null: not by itself. The steps are the order of messages, not the clocks of whoever sends them.
-- Answers {"outcome": "noted" | "same" | "refused" | "missing", "status"}.
create function note_execution(
  p_organization uuid, p_decision uuid, p_of text, p_to text, p_said jsonb, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d decisions;
  x executions;
  v_from text;
  v_said_at timestamptz := (p_said ->> 'at')::timestamptz;
  v_waits boolean := p_to in ('pending', 'unknown', 'processing');
  v_looks integer;
  v_next timestamptz;
  v_gives_back boolean := false;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  -- A version that is being published counts what is posted: it must not be given back meanwhile.
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  select * into d from decisions where organization_id = p_organization and id = p_decision for no key update;
  select * into x from executions where organization_id = p_organization and decision_id = p_decision for update;
  if not found then
    return '{"outcome": "missing"}';
  end if;
  v_from := case p_of when 'execution' then x.status else x.reversal_status end;
  v_looks := case when v_from = p_to then x.looks + 1 else 0 end;
  -- Twice as long each time, up to an hour.
  v_next := case when v_waits then p_at + least(5 * power(2, least(v_looks, 10)), 3600) * interval '1 second' end;
  if p_to = 'processing' then
    v_next := p_at + interval '2 minutes';
  elsif v_waits and p_said ? 'next' then
    v_next := (p_said ->> 'next')::timestamptz;
  end if;
  if v_from = p_to then
    if v_waits then
      update executions set looks = v_looks, next_look_at = v_next where organization_id = p_organization and decision_id = p_decision;
    end if;
    return jsonb_build_object('outcome', 'same', 'status', v_from);
  end if;
  if not exists (
    select 1 from execution_steps s
      where s.of = p_of and s.from_status = v_from and s.to_status = p_to and p_said ->> 'via' = any (s.via)
  ) then
    return jsonb_build_object('outcome', 'refused', 'status', v_from);
  end if;

  if p_of = 'execution' then
    v_gives_back := p_to = 'failed' and d.status = 'posted';
    update executions set
        status = p_to, provider = case p_to when 'by_hand' then 'by_hand' else provider end,
        reference = coalesce(p_said ->> 'reference', reference),
        failure_code = case p_to when 'failed' then coalesce(p_said ->> 'code', 'refused') end,
        failure_detail = p_said ->> 'detail',
        attempt = attempt + (p_to = 'processing')::integer,
        said_at = coalesce(v_said_at, said_at), looks = v_looks, next_look_at = v_next, moved_at = p_at,
        due_at = case p_to when 'by_hand' then p_at + (select o.by_hand_hours from organizations o where o.id = p_organization) * interval '1 hour' else due_at end,
        finished_at = case when p_to in ('succeeded', 'failed', 'cancelled') then p_at end,
        -- What never moved, or came back, need not be taken back.
        reversal_status = case when p_to = 'failed' and reversal_status in ('queued', 'by_hand') then 'not_needed' else reversal_status end
      where organization_id = p_organization and decision_id = p_decision
      returning * into x;
  else
    update executions set
        reversal_status = p_to, reversal_reference = coalesce(p_said ->> 'reference', reversal_reference),
        reversal_code = p_said ->> 'code', reversal_detail = p_said ->> 'detail',
        reversal_said_at = coalesce(v_said_at, reversal_said_at), looks = v_looks, next_look_at = v_next, moved_at = p_at,
        owner_id = case p_to when 'by_hand' then null else owner_id end,
        due_at = case p_to when 'by_hand' then p_at + (select o.by_hand_hours from organizations o where o.id = p_organization) * interval '1 hour' else due_at end
      where organization_id = p_organization and decision_id = p_decision
      returning * into x;
  end if;

  if v_gives_back then
    insert into reversals (organization_id, decision_id, kind, reason, reversed_by, api_key_id, created_at)
      values (p_organization, p_decision, 'failed', null, null, null, p_at);
    perform take_step(p_organization, p_decision, 'reversed', p_event, p_at);
  end if;
  perform audit_decision(p_organization, p_event, p_actor,
    case p_of when 'execution' then 'execution.' else 'execution_reversal.' end || p_to, p_decision,
    jsonb_strip_nulls(jsonb_build_object(
      'provider', x.provider, 'via', p_said ->> 'via', 'reference', p_said ->> 'reference', 'code', p_said ->> 'code',
      'attempt', case p_of when 'execution' then x.attempt else x.reversal_attempt end, 'givenBack', nullif(v_gives_back, false))),
    p_at);
  perform tell_execution(p_organization, p_decision, d.employee_id);
  return jsonb_build_object('outcome', 'noted', 'status', p_to, 'givenBack', v_gives_back);
end
$$;

-- Who sees to something that is done by hand; null: nobody yet. Answers {"outcome": "set" | "missing"}.
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

-- Has a provider told again of what it took no notice of for so long that it is told no more by itself. Answers {"outcome": "sent" |
-- "missing"}.
create function send_execution_again(
  p_organization uuid, p_decision uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  update executions set next_look_at = p_at
    where organization_id = p_organization and decision_id = p_decision and next_look_at is null
      and (status = 'unknown' or reversal_status = 'unknown');
  if not found then
    return '{"outcome": "missing"}';
  end if;
  perform audit_decision(p_organization, p_event, p_actor, 'execution.sent_again', p_decision, '{}', p_at);
  perform tell_execution(p_organization, p_decision, null);
  return '{"outcome": "sent"}';
end
$$;

-- Hands executions that are to be looked at to the worker's queue, and answers how many. Whoever takes one up sets when it
-- is looked at next; what nobody takes up comes again.
create function dispatch_looks(p_at timestamptz, p_limit integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_organization uuid;
  v_jobs jsonb;
  v_sent integer := 0;
begin
  for v_organization in select o.id from organizations o order by random() loop
    perform set_config('leeway.organization_id', v_organization::text, true);
    with due as (
      select x.decision_id from executions x
        where x.organization_id = v_organization and x.next_look_at <= p_at
        order by x.next_look_at limit p_limit - v_sent for update skip locked
    ), sent as (
      update executions x set next_look_at = p_at + interval '5 minutes' from due
        where x.organization_id = v_organization and x.decision_id = due.decision_id
        returning x.decision_id
    )
    select jsonb_agg(jsonb_build_object('kind', 'execute', 'decisionId', s.decision_id, 'runAt', p_at)) into v_jobs from sent s;
    continue when v_jobs is null;
    perform enqueue_jobs(v_organization, v_jobs);
    v_sent := v_sent + jsonb_array_length(v_jobs);
    exit when v_sent >= p_limit;
  end loop;
  return v_sent;
end
$$;

-- As before, and it asks how far the execution is: what moves, or may have moved, is not taken back before that is known;
-- what has moved is taken back too, by the provider or by hand.
create or replace function reverse_decision(
  p_organization uuid, p_decision uuid, p_key text, p_hash text, p_kind text, p_reason text, p_by uuid, p_actor jsonb,
  p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  d decisions;
  v_existing idempotency_keys;
  v_zone text;
  v_role text;
  v_job jobs;
  x executions;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  -- The row first: whoever reverses at the same moment, or begins to carry it out, waits here, and sees what the first one did.
  select * into d from decisions where organization_id = p_organization and id = p_decision for no key update;
  if not found then
    return jsonb_build_object('outcome', 'missing');
  end if;
  select * into v_existing from idempotency_keys
    where organization_id = p_organization and employee_id = p_by and key = p_key;
  if found then
    return jsonb_build_object('outcome', case when v_existing.request_hash = p_hash then 'replayed' else 'mismatch' end);
  end if;

  select o.time_zone into v_zone from organizations o where o.id = p_organization;
  select e.role into v_role from employees e where e.organization_id = p_organization and e.id = p_by and e.status = 'active';
  if v_role is null or v_role = 'auditor' or (v_role = 'agent' and (
    d.employee_id <> p_by or (d.created_at at time zone v_zone)::date <> (p_at at time zone v_zone)::date
  )) then
    return jsonb_build_object('outcome', 'not_allowed');
  elsif d.status <> 'posted' then
    return jsonb_build_object('outcome', 'not_posted', 'status', d.status);
  end if;
  select * into x from executions where organization_id = p_organization and decision_id = p_decision for update;
  select * into v_job from jobs where organization_id = p_organization and decision_id = p_decision and kind = 'execute' for update;
  if p_kind = 'undo' and (v_job.status <> 'queued' or v_job.run_at <= p_at) then
    return jsonb_build_object('outcome', 'execution_started');
  elsif x.status in ('processing', 'pending', 'unknown') or v_job.status = 'unknown' then
    return jsonb_build_object('outcome', 'execution_unknown', 'execution', x.status);
  end if;

  insert into idempotency_keys (organization_id, employee_id, key, request_hash, decision_id, created_at)
    values (p_organization, p_by, p_key, p_hash, p_decision, p_at);
  insert into reversals (organization_id, decision_id, kind, reason, reversed_by, api_key_id, created_at)
    values (p_organization, p_decision, p_kind, p_reason, p_by,
      case when p_actor ->> 'kind' = 'api_key' then (p_actor ->> 'id')::uuid end, p_at);
  perform take_step(p_organization, p_decision, 'reversed', p_event, p_at);
  update jobs set status = 'cancelled', finished_at = p_at
    where organization_id = p_organization and decision_id = p_decision and kind = 'execute' and status = 'queued';
  if x.status = 'by_hand' then
    update executions set status = 'cancelled', moved_at = p_at, finished_at = p_at
      where organization_id = p_organization and decision_id = p_decision;
  elsif x.status = 'succeeded' then
    update executions set
        reversal_status = case x.provider when 'by_hand' then 'by_hand' else 'queued' end, moved_at = p_at, looks = 0,
        next_look_at = case x.provider when 'by_hand' then null else p_at end,
        due_at = case x.provider when 'by_hand'
          then p_at + (select o.by_hand_hours from organizations o where o.id = p_organization) * interval '1 hour' else due_at end
      where organization_id = p_organization and decision_id = p_decision;
  end if;
  perform audit_decision(p_organization, p_event, p_actor,
    case p_kind when 'undo' then 'decision.undone' else 'decision.reversed' end, p_decision,
    jsonb_strip_nulls(jsonb_build_object('by', p_by, 'execution', case x.status
      when 'by_hand' then 'cancelled' when 'succeeded' then 'to_take_back' end)), p_at);
  perform tell_execution(p_organization, p_decision, d.employee_id);
  return jsonb_build_object('outcome', 'reversed');
exception
  -- The same key came with another decision at the same moment.
  when unique_violation then
    return jsonb_build_object('outcome', 'mismatch');
end
$$;

-- ── Credit moves ──────────────────────────────────────────────────────────────────────────────────────────────────────

create function credit_account(p_organization uuid, p_kind text, p_customer uuid, p_currency text, p_at timestamptz) returns uuid
  language plpgsql as $$
declare
  v_id uuid;
begin
  loop
    select a.id into v_id from credit_accounts a
      where a.organization_id = p_organization and a.kind = p_kind and a.currency = p_currency
        and a.customer_id is not distinct from p_customer;
    exit when found;
    insert into credit_accounts (organization_id, id, kind, customer_id, currency, balance, created_at)
      values (p_organization, new_id(p_at), p_kind, p_customer, p_currency, case p_kind when 'customer' then 0 end, p_at)
      on conflict do nothing;
  end loop;
  return v_id;
end
$$;

-- Adds to a lot, or takes from it, and to the account that it is on; the CHECKs refuse less than nothing.
create function move_credit(p_organization uuid, p_transaction uuid, p_seq integer, p_lot uuid, p_amount bigint) returns void
  language plpgsql as $$
declare
  v_account uuid;
  v_balance bigint;
begin
  update credit_lots set left_amount = left_amount + p_amount where organization_id = p_organization and id = p_lot
    returning account_id into v_account;
  update credit_accounts set balance = balance + p_amount where organization_id = p_organization and id = v_account
    returning balance into v_balance;
  insert into credit_entries (organization_id, transaction_id, seq, account_id, lot_id, amount, balance_after)
    values (p_organization, p_transaction, p_seq, v_account, p_lot, p_amount, v_balance);
end
$$;

-- The other side of a movement.
create function counter_credit(p_organization uuid, p_transaction uuid, p_seq integer, p_kind text, p_currency text, p_amount bigint, p_at timestamptz)
  returns void
  language plpgsql as $$
begin
  insert into credit_entries (organization_id, transaction_id, seq, account_id, amount)
    values (p_organization, p_transaction, p_seq, credit_account(p_organization, p_kind, null, p_currency, p_at), p_amount);
end
$$;

-- Gives a customer the credit of a decision that is being carried out, once. Answers the movement's id.
create function grant_credit(p_organization uuid, p_decision uuid, p_at timestamptz) returns uuid
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  x executions;
  v_id uuid;
  v_customer uuid;
  v_account uuid;
  v_days integer;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  -- Nobody merges records meanwhile.
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  select * into x from executions where organization_id = p_organization and decision_id = p_decision for update;
  select t.id into v_id from credit_transactions t
    where t.organization_id = p_organization and t.decision_id = p_decision and t.kind = 'grant';
  if found then
    return v_id;
  elsif x.provider is distinct from 'store_credit' or x.status <> 'processing' then
    raise exception 'Nobody carries % out with store credit now.', p_decision;
  end if;
  select standing_customer(p_organization, d.customer_id) into v_customer from decisions d
    where d.organization_id = p_organization and d.id = p_decision;
  select o.credit_days into v_days from organizations o where o.id = p_organization;
  v_account := credit_account(p_organization, 'customer', v_customer, x.currency, p_at);
  v_id := new_id(p_at);
  insert into credit_transactions (organization_id, id, kind, customer_id, currency, amount, decision_id, created_at)
    values (p_organization, v_id, 'grant', v_customer, x.currency, x.amount, p_decision, p_at);
  if x.amount > 0 then
    insert into credit_lots (organization_id, id, account_id, decision_id, amount, left_amount, expires_at, created_at)
      values (p_organization, v_id, v_account, p_decision, x.amount, 0, p_at + v_days * interval '1 day', p_at);
    perform move_credit(p_organization, v_id, 1, v_id, x.amount);
    perform counter_credit(p_organization, v_id, 2, 'goodwill', x.currency, -x.amount, p_at);
  end if;
  return v_id;
end
$$;

-- Takes back what is left of a decision's credit, once. Answers {"outcome": "taken", "taken", "amount", "id"} or
-- {"outcome": "absent"}.
create function take_back_credit(p_organization uuid, p_decision uuid, p_at timestamptz) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  x executions;
  t credit_transactions;
  l credit_lots;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  select * into x from executions where organization_id = p_organization and decision_id = p_decision for update;
  select * into t from credit_transactions
    where organization_id = p_organization and decision_id = p_decision and kind = 'take_back';
  if found then
    return jsonb_build_object('outcome', 'taken', 'taken', t.amount, 'amount', x.amount, 'id', t.id);
  elsif x.reversal_status is distinct from 'processing' then
    raise exception 'Nobody takes % back now.', p_decision;
  end if;
  perform 1 from credit_accounts a join credit_lots b on b.organization_id = p_organization and b.account_id = a.id
    where a.organization_id = p_organization and b.decision_id = p_decision for update of a;
  select * into l from credit_lots where organization_id = p_organization and decision_id = p_decision for update;
  if not found then
    return jsonb_build_object('outcome', 'absent');
  end if;
  insert into credit_transactions (organization_id, id, kind, customer_id, currency, amount, decision_id, created_at)
    select p_organization, new_id(p_at), 'take_back', a.customer_id, a.currency, l.left_amount, p_decision, p_at
      from credit_accounts a where a.organization_id = p_organization and a.id = l.account_id
    returning * into t;
  if l.left_amount > 0 then
    perform move_credit(p_organization, t.id, 1, l.id, -l.left_amount);
    perform counter_credit(p_organization, t.id, 2, 'goodwill', t.currency, l.left_amount, p_at);
  end if;
  return jsonb_build_object('outcome', 'taken', 'taken', t.amount, 'amount', x.amount, 'id', t.id);
end
$$;

-- Lets what is past its day expire, on the accounts named or on any of them. Answers how many lots.
create function expire_lots(p_organization uuid, p_accounts uuid[], p_at timestamptz, p_limit integer) returns integer
  language plpgsql as $$
declare
  l record;
  v_id uuid;
  v_expired integer := 0;
begin
  for l in
    select b.id, b.account_id, a.customer_id, a.currency from credit_lots b
      join credit_accounts a on a.organization_id = p_organization and a.id = b.account_id
      where b.organization_id = p_organization and b.left_amount > 0 and b.expires_at <= p_at
        and (p_accounts is null or b.account_id = any (p_accounts))
      order by b.account_id, b.id limit p_limit
  loop
    -- The account first, as everybody does who spends.
    perform 1 from credit_accounts where organization_id = p_organization and id = l.account_id for update;
    v_id := new_id(p_at);
    insert into credit_transactions (organization_id, id, kind, customer_id, currency, amount, created_at)
      select p_organization, v_id, 'expiry', l.customer_id, l.currency, b.left_amount, p_at
        from credit_lots b where b.organization_id = p_organization and b.id = l.id and b.left_amount > 0;
    continue when not found;
    perform counter_credit(p_organization, v_id, 2, 'expired', l.currency,
      (select b.left_amount from credit_lots b where b.organization_id = p_organization and b.id = l.id), p_at);
    perform move_credit(p_organization, v_id, 1, l.id,
      -(select b.left_amount from credit_lots b where b.organization_id = p_organization and b.id = l.id));
    insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
      values (p_organization, new_id(p_at), 'system', null, 'credit.expired', 'customer', l.customer_id::text,
        jsonb_build_object('transactionId', v_id), p_at);
    v_expired := v_expired + 1;
  end loop;
  return v_expired;
end
$$;

create function expire_credit(p_organization uuid, p_at timestamptz, p_limit integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  return expire_lots(p_organization, null, p_at, p_limit);
end
$$;

-- Spends a customer's credit, the oldest first, of all records that are theirs. p_wish: {"id", "customer", "amount", "currency",
-- "reference", "note", "employee", "apiKey", "askedBy", "key", "hash", "event", "at", "actor"}. Answers {"outcome": "redeemed" |
-- "replayed", "id"}, {"outcome": "mismatch" | "missing"}, or {"outcome": "insufficient", "left"}.
create function redeem_credit(p_organization uuid, p_wish jsonb) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  w record;
  t credit_transactions;
  l record;
  v_customer uuid;
  v_accounts uuid[];
  v_left bigint;
  v_rest bigint;
  v_seq integer := 0;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into w from jsonb_to_record(p_wish) as x (
    id uuid, customer uuid, amount bigint, currency text, reference text, note text, employee uuid, "apiKey" uuid,
    "askedBy" uuid, key text, hash text, event uuid, at timestamptz, actor jsonb);
  -- Nobody merges records meanwhile.
  perform pg_advisory_xact_lock_shared(policy_lock_key(p_organization));
  v_customer := standing_customer(p_organization, w.customer);
  perform 1 from customers c where c.organization_id = p_organization and c.id = v_customer and c.erased_at is null;
  if not found then
    return '{"outcome": "missing"}';
  end if;
  -- Their accounts, in one order. Whoever sends the same key at the same moment waits here.
  v_accounts := array(
    select a.id from credit_accounts a
      where a.organization_id = p_organization and a.kind = 'customer' and a.currency = w.currency
        and a.customer_id in (select merged_customers(p_organization, v_customer))
      order by a.id for update);
  select * into t from credit_transactions where organization_id = p_organization and asked_by = w."askedBy" and key = w.key;
  if found then
    return jsonb_build_object('outcome', case when t.request_hash = w.hash then 'replayed' else 'mismatch' end, 'id', t.id);
  end if;
  perform expire_lots(p_organization, v_accounts, w.at, 1000);
  select coalesce(sum(a.balance), 0) into v_left from credit_accounts a
    where a.organization_id = p_organization and a.id = any (v_accounts);
  if v_left < w.amount then
    return jsonb_build_object('outcome', 'insufficient', 'left', v_left);
  end if;
  insert into credit_transactions (
    organization_id, id, kind, customer_id, currency, amount, reference, note, employee_id, api_key_id,
    asked_by, key, request_hash, left_after, created_at
  ) values (
    p_organization, w.id, 'redemption', v_customer, w.currency, w.amount, w.reference, w.note, w.employee, w."apiKey",
    w."askedBy", w.key, w.hash, v_left - w.amount, w.at);
  v_rest := w.amount;
  for l in
    select b.id, b.left_amount from credit_lots b
      where b.organization_id = p_organization and b.account_id = any (v_accounts) and b.left_amount > 0
      order by b.expires_at nulls last, b.created_at, b.id
  loop
    exit when v_rest = 0;
    v_seq := v_seq + 1;
    perform move_credit(p_organization, w.id, v_seq, l.id, -least(l.left_amount, v_rest));
    v_rest := v_rest - least(l.left_amount, v_rest);
  end loop;
  if v_rest > 0 then
    raise exception 'The lots of % hold less than its balance.', v_customer;
  end if;
  perform counter_credit(p_organization, w.id, v_seq + 1, 'redeemed', w.currency, w.amount, w.at);
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, w.event, w.actor ->> 'kind', (w.actor ->> 'id')::uuid, 'credit.redeemed', 'customer', v_customer::text,
      jsonb_build_object('transactionId', w.id, 'amount', w.amount, 'currency', w.currency), w.at);
  return jsonb_build_object('outcome', 'redeemed', 'id', w.id);
exception
  -- The same key came for another customer, or in another currency, at the same moment.
  when unique_violation then
    return '{"outcome": "mismatch"}';
end
$$;

-- Puts back what was redeemed by mistake, into what it came from, once: by who did it, for as long as decisions can be
-- undone. Answers {"outcome": "undone" | "missing" | "not_allowed" | "late"}.
create function undo_redemption(
  p_organization uuid, p_redemption uuid, p_id uuid, p_by uuid, p_actor jsonb, p_event uuid, p_at timestamptz
) returns jsonb
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  t credit_transactions;
  e record;
  v_seq integer := 0;
begin
  perform set_config('leeway.organization_id', p_organization::text, true);
  select * into t from credit_transactions where organization_id = p_organization and id = p_redemption and kind = 'redemption';
  if not found then
    return '{"outcome": "missing"}';
  elsif t.employee_id is distinct from p_by then
    return '{"outcome": "not_allowed"}';
  end if;
  perform 1 from credit_accounts a
    where a.organization_id = p_organization and a.id in (
      select x.account_id from credit_entries x where x.organization_id = p_organization and x.transaction_id = t.id and x.lot_id is not null)
    order by a.id for update;
  if exists (select 1 from credit_transactions u where u.organization_id = p_organization and u.undoes = t.id) then
    return '{"outcome": "undone"}';
  elsif p_at > t.created_at + (select greatest(o.undo_seconds, 30) from organizations o where o.id = p_organization) * interval '1 second' then
    return '{"outcome": "late"}';
  end if;
  insert into credit_transactions (organization_id, id, kind, customer_id, currency, amount, undoes, employee_id, created_at)
    values (p_organization, p_id, 'undo', t.customer_id, t.currency, t.amount, t.id, p_by, p_at);
  for e in
    select x.lot_id, x.amount from credit_entries x
      where x.organization_id = p_organization and x.transaction_id = t.id and x.lot_id is not null order by x.seq
  loop
    v_seq := v_seq + 1;
    perform move_credit(p_organization, p_id, v_seq, e.lot_id, -e.amount);
  end loop;
  perform counter_credit(p_organization, p_id, v_seq + 1, 'redeemed', t.currency, -t.amount, p_at);
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, p_event, p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'credit.redemption_undone', 'customer', t.customer_id::text,
      jsonb_build_object('transactionId', p_id, 'undoes', t.id), p_at);
  return '{"outcome": "undone"}';
end
$$;

-- ── Texts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- What people write about an execution or a redemption goes with the customer, and with time.
alter function erase_record(uuid, uuid, text, jsonb, timestamptz) rename to erase_record_before_execution;
create function erase_record(
  p_organization uuid, p_customer uuid, p_reason text, p_actor jsonb, p_at timestamptz
) returns jsonb
  language plpgsql as $$
declare
  v_counts jsonb;
  v_details integer;
  v_words integer;
begin
  v_counts := erase_record_before_execution(p_organization, p_customer, p_reason, p_actor, p_at);
  update executions x set failure_detail = null, reversal_detail = null,
      instruction = case when x.finished_at is null then x.instruction end
    from decisions d
    where x.organization_id = p_organization
      and (x.failure_detail is not null or x.reversal_detail is not null or (x.instruction is not null and x.finished_at is not null))
      and d.organization_id = p_organization and d.id = x.decision_id and d.customer_id = p_customer;
  get diagnostics v_details = row_count;
  update credit_transactions set note = null, reference = null
    where organization_id = p_organization and customer_id = p_customer and (note is not null or reference is not null);
  get diagnostics v_words = row_count;
  if v_counts is not null or v_details + v_words = 0 then
    return v_counts;
  end if;
  -- Nothing else was left to go, so nobody has said yet that something did.
  insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
    values (p_organization, new_id(p_at), p_actor ->> 'kind', (p_actor ->> 'id')::uuid, 'customer.erased', 'customer', p_customer::text,
      jsonb_build_object('notes', 0, 'cases', 0, 'answers', 0, 'reversals', 0, 'merges', 0, 'reason', p_reason), p_at);
  return '{"notes": 0, "cases": 0, "answers": 0, "reversals": 0, "merges": 0}';
end
$$;

alter function expire_notes(uuid, timestamptz, integer) rename to expire_notes_before_execution;
create function expire_notes(p_organization uuid, p_before timestamptz, p_limit integer) returns jsonb
  language plpgsql as $$
declare
  v_answer jsonb;
  v_executions uuid[];
  v_credit uuid[];
begin
  v_answer := expire_notes_before_execution(p_organization, p_before, p_limit);
  v_executions := array(
    select x.decision_id from executions x
    where x.organization_id = p_organization and (x.failure_detail is not null or x.reversal_detail is not null) and x.moved_at < p_before
    order by x.decision_id limit p_limit);
  update executions set failure_detail = null, reversal_detail = null
    where organization_id = p_organization and decision_id = any (v_executions);
  v_credit := array(
    select t.id from credit_transactions t
    where t.organization_id = p_organization and (t.note is not null or t.reference is not null) and t.created_at < p_before
    order by t.id limit p_limit);
  update credit_transactions set note = null, reference = null where organization_id = p_organization and id = any (v_credit);
  return jsonb_build_object(
    'removed', (v_answer ->> 'removed')::integer + cardinality(v_executions) + cardinality(v_credit),
    'after', case
      when v_answer ->> 'after' is not null or greatest(cardinality(v_executions), cardinality(v_credit)) = p_limit then '[]'::jsonb
    end);
end
$$;

drop function execute_by_hand(uuid, uuid, timestamptz);

-- What writes history belongs to the ledger's role, and only the app may call it.
grant create on schema public to leeway_ledger;
do $$
declare
  f text;
begin
  foreach f in array array[
    'begin_execution(uuid, uuid, uuid, timestamptz)',
    'note_execution(uuid, uuid, text, text, jsonb, jsonb, uuid, timestamptz)',
    'own_execution(uuid, uuid, uuid, jsonb, uuid, timestamptz)',
    'keep_instruction(uuid, uuid, jsonb)',
    'send_execution_again(uuid, uuid, jsonb, uuid, timestamptz)',
    'dispatch_looks(timestamptz, integer)',
    'grant_credit(uuid, uuid, timestamptz)',
    'take_back_credit(uuid, uuid, timestamptz)',
    'expire_credit(uuid, timestamptz, integer)',
    'redeem_credit(uuid, jsonb)',
    'undo_redemption(uuid, uuid, uuid, uuid, jsonb, uuid, timestamptz)'
  ] loop
    execute format('alter function %s owner to leeway_ledger', f);
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_app', f);
  end loop;
  foreach f in array array[
    'tell_execution(uuid, uuid, uuid)',
    'credit_account(uuid, text, uuid, text, timestamptz)',
    'move_credit(uuid, uuid, integer, uuid, bigint)',
    'counter_credit(uuid, uuid, integer, text, text, bigint, timestamptz)',
    'expire_lots(uuid, uuid[], timestamptz, integer)',
    'erase_record(uuid, uuid, text, jsonb, timestamptz)',
    'expire_notes(uuid, timestamptz, integer)'
  ] loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to leeway_ledger', f);
  end loop;
  execute 'revoke all on function provider_of(uuid, text) from public';
  execute 'grant execute on function provider_of(uuid, text) to leeway_app, leeway_ledger';
end
$$;
revoke create on schema public from leeway_ledger;
