import { useTranslations } from "next-intl";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { VerdictAndStatus } from "@/components/decision/verdict";
import { DeskLink } from "@/components/shell/desk-link";
import { Money } from "@/components/ui/money";
import { Time } from "@/components/ui/time";
import type { EmbeddedDesk } from "@/lib/embed/types";

/** What was done for the customer before; all of it is on the desk itself, in a window of its own. */
export function CompactHistory({ desk }: { desk: EmbeddedDesk }) {
  const t = useTranslations("embed.desk");
  const remedy = useTranslations("common.remedy");
  const { items, total } = desk.history;
  return (
    <section aria-labelledby="history" className="flex flex-col gap-1 border-line border-t pt-4">
      <h2 id="history" className="font-semibold text-base">
        {t("history")}
      </h2>
      {items.length === 0 ? <p className="text-ink-2">{t("historyNone")}</p> : null}
      <ol className="flex flex-col divide-y divide-line">
        {items.map((item) => (
          <li key={item.id} className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-2.5 py-2">
            <RemedyIcon remedy={item.remedy} className="mt-0.5 size-4 text-ink-3" />
            <span className="min-w-0">
              <span className="block font-medium">
                {remedy(item.remedy)} <Money amount={item.granted ?? item.amount} currency={item.currency} />
              </span>
              <span className="block truncate text-ink-3 text-xs">
                <Time at={item.createdAt} now={desk.now} timeZone={desk.timeZone} />{" "}
                {item.employee.id === desk.employeeId ? t("byYou") : t("by", { name: item.employee.name })}
                {item.cause ? ` · ${item.cause}` : null}
              </span>
            </span>
            <span className="flex flex-col items-end">
              <VerdictAndStatus verdict={item.verdict} status={item.status} />
            </span>
          </li>
        ))}
      </ol>
      {total > items.length ? (
        <DeskLink
          href={`/desk/${desk.customer.id}`}
          className="flex h-8 w-fit items-center rounded-md text-accent-text text-sm underline underline-offset-4 pointer-coarse:h-11"
        >
          {t("historyMore", { count: total - items.length })}
        </DeskLink>
      ) : null}
    </section>
  );
}
