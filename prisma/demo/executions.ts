import type pg from "pg";

/** How many of the latest things that people do by hand are still to be done. */
const STILL_TO_DO = 24;

/**
 * Carries out, as it would have been, what was decided up to now: credit as store credit, of which customers have spent
 * some, everything else by hand, most of which is done. In a few statements, since there are thousands.
 *
 * @param owner is the database's owner, for the organization that it works for.
 */
export async function settleExecutions(owner: pg.Client, organizationId: string, now: Date): Promise<void> {
  await owner.query("begin");
  await owner.query("select set_config('leeway.organization_id', $1, true)", [organizationId]);
  await owner.query(
    `create temp table settled on commit drop as
     select j.organization_id, d.id, d.employee_id, standing_customer(d.organization_id, d.customer_id) as customer, d.remedy, d.currency,
       coalesce(h.granted_amount, d.amount) as amount, j.id as job, j.run_at + interval '4 seconds' as at,
       new_id(j.run_at + interval '4 seconds') as grant_id, d.remedy = 'credit' as is_credit,
       j.run_at + interval '4 seconds' + (1 + (hashint8(d.amount) & 31)) * interval '1 hour' as done_at,
       row_number() over (partition by d.remedy = 'credit' order by d.id desc) as age
     from jobs j
     join decisions d on d.organization_id = j.organization_id and d.id = j.decision_id and d.status = 'posted'
     left join handovers h on h.organization_id = d.organization_id and h.decision_id = d.id
     where j.organization_id = current_organization() and j.kind = 'execute' and j.status = 'queued'`,
  );
  await owner.query("analyze settled");
  for (const { text, values } of statements(now)) await owner.query(text, values);
  await owner.query("commit");
}

function statements(now: Date): { text: string; values?: unknown[] }[] {
  const isDone = `not s.is_credit and s.age > ${STILL_TO_DO} and s.done_at < $1`;
  const manager = `(select e.id from employees e where e.organization_id = current_organization() and e.role = 'manager' and e.status = 'active'
    order by e.email limit 1)`;
  return [
    {
      text: `insert into executions (organization_id, decision_id, provider, remedy, amount, currency, status, attempt, due_at, begun_at, moved_at)
        select s.organization_id, s.id, case when s.is_credit then 'store_credit' else 'by_hand' end, s.remedy, s.amount, s.currency,
          case when s.is_credit then 'processing' else 'by_hand' end, s.is_credit::integer,
          case when not s.is_credit then s.at + interval '48 hours' end, s.at, s.at
        from settled s order by s.id`,
    },
    {
      text: `update jobs j set status = 'done', finished_at = s.at, dispatched_at = coalesce(j.dispatched_at, j.run_at)
        from settled s where j.organization_id = s.organization_id and j.id = s.job`,
    },
    {
      text: `insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
        select s.organization_id, new_id(s.at), 'system', null, 'execution.' || case when s.is_credit then 'processing' else 'by_hand' end,
          'decision', s.id::text,
          jsonb_build_object('provider', case when s.is_credit then 'store_credit' else 'by_hand' end, 'attempt', s.is_credit::integer), s.at
        from settled s order by s.id`,
    },
    {
      text: `update executions x set status = 'succeeded', reference = s.grant_id::text, moved_at = s.at + interval '40 ms', finished_at = s.at + interval '40 ms'
        from settled s where s.is_credit and x.organization_id = s.organization_id and x.decision_id = s.id`,
    },
    {
      text: `update executions x set status = 'succeeded', reference = initcap(replace(s.remedy, '_', ' ')) || ' ' || (1000 + s.age), moved_at = s.done_at, finished_at = s.done_at
        from settled s where ${isDone} and x.organization_id = s.organization_id and x.decision_id = s.id`,
      values: [now],
    },
    {
      text: `insert into audit_events (organization_id, id, actor_kind, actor_id, action, subject_kind, subject_id, data, created_at)
        select x.organization_id, new_id(x.moved_at), case x.provider when 'by_hand' then 'employee' else 'system' end,
          case x.provider when 'by_hand' then ${manager} end, 'execution.succeeded', 'decision', s.id::text,
          jsonb_build_object('provider', x.provider, 'via', case x.provider when 'by_hand' then 'person' else 'call' end,
            'reference', x.reference, 'attempt', x.attempt), x.moved_at
        from settled s join executions x on x.organization_id = s.organization_id and x.decision_id = s.id and x.status = 'succeeded'
        order by s.id`,
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
