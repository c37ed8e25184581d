import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AllowanceMeter } from "@/components/desk/allowance-meter";
import { CustomerHead } from "@/components/desk/customer-head";
import { DecisionDesk } from "@/components/desk/decision-desk";
import { HistoryList } from "@/components/desk/history-list";
import { OrderList } from "@/components/desk/order-list";
import { PolicyLine } from "@/components/desk/policy-line";
import { ErrorNote } from "@/components/ui/error-note";
import { countOf, loadDesk, nextCount } from "@/lib/customers/loaders";

type Props = PageProps<"/desk/[customerId]">;

export async function generateMetadata(): Promise<Metadata> {
  // No name: a title stays in the browser's history, on a machine that is shared.
  return { title: (await getTranslations("desk"))("title") };
}

export default async function Page({ params, searchParams }: Props) {
  const [{ customerId }, query] = await Promise.all([params, searchParams]);
  const order = typeof query.order === "string" ? query.order : null;
  const shown = { orders: countOf(query.orders), history: countOf(query.history), order };
  const desk = await loadDesk(customerId, shown);
  const t = await getTranslations("desk.allowance");

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

  return (
    <div className="grid gap-x-14 gap-y-8 pt-6 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] lg:grid-rows-[auto_1fr]">
      <CustomerHead customer={desk.customer} />
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
            orders: desk.orders.items,
            currency: desk.allowance?.currency ?? desk.currency,
            policy: desk.policy,
            causes: desk.causes,
            usual: desk.usual,
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
        <HistoryList
          history={desk.history}
          moreHref={more("history", desk.history.total)}
          employeeId={desk.employeeId}
          now={desk.now}
          timeZone={desk.timeZone}
        />
      </div>
    </div>
  );
}
