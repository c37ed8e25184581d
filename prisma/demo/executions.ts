import type pg from "pg";

/** How many of the latest things that people do by hand are still to be done. */
const STILL_TO_DO = 24;

/** How long ago something is that a provider didn't do as it should: long enough for nobody to tell it of it any more. */
const PAST = "interval '4 days'";

/** What became of some of the latest at each provider, by their age; all else was done. */
const FATES: Record<"stripe" | "webhook", Record<number, Fate>> = {
  stripe: { 2: "pending", 3: "pending", 4: "unknown", 6: "failed", 8: "settled", 11: "failed" },
  webhook: { 1: "failed", 3: "unknown", 4: "pending", 7: "settled" },
};
type Fate = "pending" | "unknown" | "failed" | "settled";

/** Why what failed did, in the order of age. */
const FAILURES = [
  ["disputed", "The payment is disputed."],
  ["method_unavailable", "The card was closed."],
  ["refused", "The customer’s contract has ended."],
] as const;

/**
 * Carries out, as it would have been, what was decided up to now: credit as store credit, of which customers have spent
 * some; refunds of orders at Stripe and fees at the company's own system, both of which were turned off since, and
 * of whose latest some are open or failed; everything else by hand, most of which is done. In a few statements, since there
 * are thousands.
 *
 * @param owner is the database's owner, for the organization that it works for.
 */
export async function settleExecutions(owner: pg.Client, organizationId: string, now: Date): Promise<void> {
  await owner.query("begin");
  await owner.query("select set_config('leeway.organization_id', $1, true)", [organizationId]);
  await owner.query(
    `create temp table settled on commit drop as
     select each.*, case provider
         when 'by_hand' then done_at
         when 'store_credit' then at + interval '40 ms'
         else at + interval '900 ms' + (hashint8(amount) & 1023) * interval '1 ms' end as moved_at,
       row_number() over (partition by provider order by id desc) as age,
       case when at < $1::timestamptz - ${PAST} then
         row_number() over (partition by provider, at < $1::timestamptz - ${PAST} order by id desc) end as past_age
     from (
       select j.organization_id, d.id, d.employee_id, standing_customer(d.organization_id, d.customer_id) as customer, d.remedy, d.currency,
         coalesce(h.granted_amount, d.amount) as amount, j.id as job, j.run_at + interval '4 seconds' as at,
         new_id(j.run_at + interval '4 seconds') as grant_id, d.remedy = 'credit' as is_credit,
         case
           when d.remedy = 'credit' then 'store_credit'
           when d.remedy = 'refund' and d.order_id is not null then 'stripe'
           when d.remedy = 'fee_waiver' then 'webhook'
           else 'by_hand' end as provider,
         j.run_at + interval '4 seconds' + (1 + (hashint8(d.amount) & 31)) * interval '1 hour' as done_at
       from jobs j
       join decisions d on d.organization_id = j.organization_id and d.id = j.decision_id and d.status = 'posted'
       left join handovers h on h.organization_id = d.organization_id and h.decision_id = d.id
       where j.organization_id = current_organization() and j.kind = 'execute' and j.status = 'queued'
     ) as each`,
    [now],
  );
  await owner.query("alter table settled add column fate text");
  await owner.query(
    `update settled s set fate = coalesce(
       (select f.fate from jsonb_to_recordset($2) as f (provider text, age bigint, fate text)
         where f.provider = s.provider and f.age = s.past_age),
       case when s.provider = 'by_hand' and not (s.age > ${STILL_TO_DO} and s.done_at < $1) then 'by_hand' else 'succeeded' end)`,
    [now, JSON.stringify(fates())],
  );
  await owner.query("analyze settled");
  for (const { text, values } of statements(now)) await owner.query(text, values);
  await owner.query("commit");
}

function fates(): { provider: string; age: number; fate: Fate }[] {
  return Object.entries(FATES).flatMap(([provider, byAge]) =>
    Object.entries(byAge).map(([age, fate]) => ({ provider, age: Number(age), fate })),
  );
}

/** Somebody of the demo's, by address. */
const person = (name: "admin" | "agent" | "manager") =>
  `(select e.id from employees e where e.organization_id = current_organization() and e.email = '${name}@demo.leeway.test')`;

function statements(now: Date): { text: string; values?: unknown[] }[] {
  const isStep =
    "s.fate in ('succeeded', 'pending', 'unknown', 'settled') and not (s.provider = 'by_hand' and s.fate <> 'succeeded')";
  return [
    {
      text: `insert into execution_providers (organization_id, kind, enabled, settings, hints, created_at, updated_at, updated_by,
          last_outcome, last_fault, last_outcome_at)
        select current_organization(), k.kind, false, k.settings, k.hints, o.created_at, $1, ${person("admin")}, k.outcome, k.fault,
          (select max(s.at) from settled s where s.provider = k.kind)
        from organizations o cross join (values
          ('stripe', '{"label": "Alder & Finch", "mode": "test"}'::jsonb, '{"secretKey": "demo", "webhookSecret": "demo"}'::jsonb, 'well', null),
          ('webhook', '{"url": "https://billing.example/leeway"}'::jsonb, '{"secret": "demo"}'::jsonb, 'failing', 'timeout')
        ) as k (kind, settings, hints, outcome, fault)
        where o.id = current_organization() and exists (select from settled s where s.provider = k.kind)
        on conflict do nothing`,
      values: [now],
    },
    {
      text: `insert into executions (organization_id, decision_id, provider, remedy, amount, currency, status, attempt, due_at, begun_at, moved_at)
        select s.organization_id, s.id, s.provider, s.remedy, s.amount, s.currency,
          case s.provider when 'by_hand' then 'by_hand' else 'processing' end, (s.provider <> 'by_hand')::integer,
          case s.provider when 'by_hand' then s.at + interval '48 hours' end, s.at, s.at
        from settled s order by s.id`,
    },
    {
      text: `update jobs j set status = 'done', finished_at = s.at, dispatched_at = coalesce(j.dispatched_at, j.run_at)
        from settled s where j.organization_id = s.organization_id and j.id = s.job`,
    },
    {
      text: `insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
        select s.organization_id, new_id(s.at), 'system', null,
          'execution.' || case s.provider when 'by_hand' then 'by_hand' else 'processing' end, 'decision', s.id::text,
          jsonb_build_object('provider', s.provider, 'attempt', (s.provider <> 'by_hand')::integer), s.at
        from settled s order by s.id`,
    },
    {
      // Nobody looks at what is open any more by themselves: who could say is turned off.
      text: `update executions x set moved_at = s.moved_at, status = case s.fate when 'settled' then 'unknown' else s.fate end,
          finished_at = case s.fate when 'succeeded' then s.moved_at end,
          failure_detail = case when s.fate in ('unknown', 'settled') then 'It took too long to answer.' end,
          settled_by = case when s.provider = 'by_hand' then ${person("manager")} end,
          settled_at = case when s.provider = 'by_hand' then s.moved_at end,
          settled_of = case when s.provider = 'by_hand' then 'execution' end,
          reference = case
            when s.fate in ('unknown', 'settled') then null
            when s.provider = 'store_credit' then s.grant_id::text
            when s.provider = 'stripe' then 're_demo' || left(md5(s.id::text), 16)
            when s.provider = 'webhook' then 'ADJ-' || (20000 + s.age)
            else initcap(replace(s.remedy, '_', ' ')) || ' ' || (1000 + s.age) end
        from settled s where ${isStep} and x.organization_id = s.organization_id and x.decision_id = s.id`,
    },
    {
      text: `insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
        select x.organization_id, new_id(x.moved_at), case x.provider when 'by_hand' then 'employee' else 'system' end,
          case x.provider when 'by_hand' then ${person("manager")} end, 'execution.' || x.status, 'decision', s.id::text,
          jsonb_strip_nulls(jsonb_build_object('provider', x.provider, 'via', case x.provider when 'by_hand' then 'person' else 'call' end,
            'reference', x.reference, 'attempt', x.attempt)), x.moved_at
        from settled s join executions x on x.organization_id = s.organization_id and x.decision_id = s.id
        where ${isStep} order by s.id`,
    },
    {
      // What failed gives back what it counted, as it does whenever something fails.
      text: `select note_execution(s.organization_id, s.id, 'execution', 'failed',
          jsonb_build_object('via', 'call', 'code', f.codes[n], 'detail', f.details[n]), '{"kind": "system"}', new_id(s.moved_at), s.moved_at)
        from (select *, 1 + (row_number() over (order by provider, age) - 1) % cardinality($1::text[]) as n from settled where fate = 'failed') as s
        cross join (select $1::text[] as codes, $2::text[] as details) as f order by s.id`,
      values: [FAILURES.map(([code]) => code), FAILURES.map(([, detail]) => detail)],
    },
    {
      text: `select settle_execution(s.organization_id, s.id, 'execution', 'succeeded',
          jsonb_build_object('reference', case s.provider when 'stripe' then 're_demo' || left(md5(s.id::text), 16) else 'ADJ-' || (20000 + s.age) end,
            'detail', case s.provider when 'stripe' then 'It stands in Stripe’s dashboard.' else 'Billing has it in their books.' end),
          ${person("manager")}, false, jsonb_build_object('kind', 'employee', 'id', ${person("manager")}),
          new_id(s.moved_at + interval '5 hours'), s.moved_at + interval '5 hours')
        from settled s where s.fate = 'settled' order by s.id`,
    },
    {
      // Some of what is to do has gone to somebody.
      text: `select own_execution(s.organization_id, s.id, case when s.age % 5 = 0 then ${person("agent")} else ${person("manager")} end, null, null,
          jsonb_build_object('kind', 'employee', 'id', ${person("manager")}),
          new_id(s.at + interval '20 minutes'), s.at + interval '20 minutes')
        from settled s where s.fate = 'by_hand' and (s.age % 5 = 0 or s.age % 7 = 0) and s.at + interval '20 minutes' < $1 order by s.id`,
      values: [now],
    },
    {
      text: `insert into credit_accounts (organization_id, id, kind, customer_id, currency, balance, created_at)
        select organization_id, new_id(min(at)), 'customer', customer, currency, 0, min(at) from settled where is_credit and amount > 0
        group by organization_id, customer, currency`,
    },
    {
      text: `insert into credit_accounts (organization_id, id, kind, customer_id, currency, balance, created_at)
        select organization_id, new_id(min(at)), k.kind, null, currency, null, min(at)
        from settled cross join (values ('goodwill'), ('redeemed')) as k (kind) where is_credit and amount > 0 group by 1, 3, 5`,
    },
    {
      // What was given, and of every third the larger half of it as somebody spent it some days later.
      text: `create temp table moves on commit drop as
        select s.organization_id, s.grant_id as id, 'grant' as kind, s.customer, s.currency, s.amount, s.id as decision, s.grant_id as lot,
          s.employee_id, s.at
        from settled s where s.is_credit
        union all
        select s.organization_id, new_id(s.at + d.after), 'redemption', s.customer, s.currency, (s.amount + 1) / 2, null, s.grant_id,
          s.employee_id, s.at + d.after
        from settled s
        cross join lateral (select (2 + (hashint8(s.amount) & 7)) * interval '1 day' + interval '3 hours' as after) as d
        where s.is_credit and s.amount > 1 and s.age % 3 = 0 and s.at + d.after < $1`,
      values: [now],
    },
    {
      text: `create temp table running on commit drop as
        select m.*, a.id as account, case m.kind when 'grant' then m.amount else -m.amount end as signed,
          sum(case m.kind when 'grant' then m.amount else -m.amount end) over (partition by a.id order by m.at, m.id) as balance
        from moves m join credit_accounts a
          on a.organization_id = m.organization_id and a.kind = 'customer' and a.customer_id = m.customer and a.currency = m.currency
        where m.amount > 0`,
    },
    {
      text: `insert into credit_transactions (organization_id, id, kind, customer_id, currency, amount, decision_id, employee_id, left_after, created_at)
        select m.organization_id, m.id, m.kind, m.customer, m.currency, m.amount, m.decision,
          case m.kind when 'redemption' then m.employee_id end, case m.kind when 'redemption' then r.balance end, m.at
        from moves m left join running r on r.id = m.id order by m.id`,
    },
    {
      text: `insert into credit_lots (organization_id, id, account_id, decision_id, amount, left_amount, created_at)
        select g.organization_id, g.id, g.account, g.decision, g.amount, g.amount - coalesce(r.amount, 0), g.at
        from running g left join running r on r.kind = 'redemption' and r.lot = g.id where g.kind = 'grant' order by g.id`,
    },
    {
      text: `insert into credit_entries (organization_id, transaction_id, seq, account_id, lot_id, amount, balance_after)
        select r.organization_id, r.id, 1, r.account, r.lot, r.signed, r.balance from running r
        union all
        select r.organization_id, r.id, 2, h.id, null, -r.signed, null from running r join credit_accounts h
          on h.organization_id = r.organization_id and h.currency = r.currency
            and h.kind = case r.kind when 'grant' then 'goodwill' else 'redeemed' end
        order by 2, 3`,
    },
    {
      text: `update credit_accounts a set balance = r.sum from (select account, sum(signed) as sum from running group by 1) as r
        where a.organization_id = current_organization() and a.id = r.account`,
    },
    {
      text: `insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
        select r.organization_id, new_id(r.at), 'employee', r.employee_id, 'credit.redeemed', 'customer', r.customer::text,
          jsonb_build_object('transactionId', r.id, 'amount', r.amount, 'currency', r.currency), r.at
        from running r where r.kind = 'redemption' order by r.id`,
    },
  ];
}
