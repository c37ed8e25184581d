import { useTranslations } from "next-intl";
import type { FloorPage } from "@/lib/insights/types";
import { ActionList } from "./action-list";
import { FilterBar } from "./filter-bar";
import { FloorNumbers } from "./floor-numbers";

/** The manager's place: what was given, and every action that was taken. */
export function Floor(page: FloorPage) {
  const t = useTranslations("floor");
  return (
    <div className="flex flex-col gap-8 pt-6">
      <h1 className="sr-only">{t("heading")}</h1>
      <FloorNumbers totals={page.totals} currency={page.currency} />
      <section aria-labelledby="actions" className="flex flex-col gap-3">
        <FilterBar
          given={page.search.given}
          faults={page.search.faults}
          names={page.names}
          teams={page.teams}
          causes={page.causes}
          checks={page.checks}
          currency={page.currency}
          timeZone={page.timeZone}
          today={page.totals.days.at(-1)?.day ?? ""}
          sort={page.sort}
          columns={page.columns}
          views={page.views}
        >
          <ActionList
            slice={page.slice}
            sort={page.sort}
            columns={page.columns}
            firstHref={page.firstHref}
            views={page.views}
            filtered={Object.keys(page.search.given).length > 0}
            now={page.now}
            timeZone={page.timeZone}
          />
        </FilterBar>
      </section>
    </div>
  );
}
