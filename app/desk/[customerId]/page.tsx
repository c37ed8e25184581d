import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AllowanceMeter } from "@/components/desk/allowance-meter";
import { CreditPanel } from "@/components/desk/credit-panel";
import { CustomerHead } from "@/components/desk/customer-head";
import { DecisionDesk } from "@/components/desk/decision-desk";
import { HistoryList } from "@/components/desk/history-list";
import { MergeDialog } from "@/components/desk/merge-dialog";
import { MergedRecords } from "@/components/desk/merged-records";
import { OrderList } from "@/components/desk/order-list";
import { PolicyLine } from "@/components/desk/policy-line";
import { PRECEDENTS_PLACE } from "@/components/desk/precedents-place";
import { PromiseList } from "@/components/desk/promise-list";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { ErrorNote } from "@/components/ui/error-note";
import { countOf, loadDesk, nextCount } from "@/lib/customers/loaders";
import { isolated } from "@/lib/format/names";

type Props = PageProps<"/desk/[customerId]">;

export async function generateMetadata(): Promise<Metadata> {
  // No name: a title stays in the browser's history, on a machine that is shared.
  return { title: (await getTranslations("desk"))("title") };
}

export default async function Page({ params, searchParams }: Props) {
  const [{ customerId }, query] = await Promise.all([params, searchParams]);
  const order = typeof query.order === "string" ? query.order : null;
  const merged = typeof query.merged === "string" ? query.merged : null;
  const shown = { orders: countOf(query.orders), history: countOf(query.history), order, merged };
  const desk = await loadDesk(customerId, shown);
  const t = await getTranslations("desk.allowance");
  const merge = await getTranslations("desk.merge");
  const promises = await getTranslations("desk.promises");

  const more = (list: "orders" | "history", total: number): string | null => {
    const count = nextCount(shown[list], total);
    if (count === null) return null;
    const kept = {
      orders: String(shown.orders),
      history: String(shown.history),
      ...(order ? { order } : {}),
    };
    return `?${new URLSearchParams({ ...kept, [list]: String(count) })}`;
  };

  const waiting = desk.history.items.filter(({ status }) => status === "reserved");

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-8 pt-6 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] lg:grid-rows-[auto_1fr]">
      <RefreshOnEvents
        kinds={["handover"]}
        about={waiting.map(({ id }) => id)}
        urgent={waiting.some(({ employee }) => employee.id === desk.employeeId)}
      />
      <div className="flex flex-col gap-3">
        {desk.cameBy ? (
          <p role="status" className="rounded-md bg-sunken p-3 text-sm">
            {merge("cameBy", { name: isolated(desk.cameBy.name) })}
          </p>
        ) : null}
        <CustomerHead customer={desk.customer} />
        <MergedRecords
          merges={desk.merges.filter(({ undoneAt }) => undoneAt === null)}
          mayMerge={desk.mayMerge}
        />
        {desk.mayMerge ? <MergeDialog record={desk.customer} /> : null}
        <CreditPanel credit={desk.credit} timeZone={desk.timeZone} />
        <PromiseList
          title={promises("title")}
          promises={desk.promises}
          today={desk.today}
          employeeId={desk.employeeId}
        />
      </div>
      <div className="flex flex-col gap-8 lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:border-line lg:border-l lg:pl-14">
        <div className="flex flex-col gap-3">
          {desk.allowance ? (
            <AllowanceMeter allowance={desk.allowance} />
          ) : (
            <ErrorNote title={t("unavailable")} />
          )}
          {desk.policy ? (
            <PolicyLine
              key={desk.customer.id}
              policy={desk.policy}
              customerId={desk.customer.id}
              now={desk.now}
              timeZone={desk.timeZone}
            />
          ) : null}
        </div>
        <DecisionDesk
          key={desk.customer.id}
          facts={{
            employeeId: desk.employeeId,
            customer: { id: desk.customer.id, name: desk.customer.name },
            cameById: desk.cameBy?.id ?? null,
            orders: desk.orders.items,
            currency: desk.allowance?.currency ?? desk.currency,
            available: desk.allowance?.available ?? null,
            policy: desk.policy,
            causes: desk.causes,
            causeWords: desk.causeWords,
            usual: desk.usual,
            today: desk.today,
          }}
        />
      </div>
      <div className="flex flex-col gap-8">
        <OrderList
          orders={desk.orders}
          moreHref={more("orders", desk.orders.total)}
          now={desk.now}
          timeZone={desk.timeZone}
        />
        {/* Filled by the form, as soon as it knows what the case is about. */}
        <div id={PRECEDENTS_PLACE} className="empty:hidden" />
        <HistoryList
          history={desk.history}
          merges={desk.merges}
          moreHref={more("history", desk.history.total)}
          employeeId={desk.employeeId}
          now={desk.now}
          timeZone={desk.timeZone}
        />
      </div>
    </div>
  );
}
