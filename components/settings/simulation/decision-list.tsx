import { ArrowRight, X } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { RemedyIcon } from "@/components/decision/remedy-icon";
import { VerdictBadge } from "@/components/decision/verdict";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Money } from "@/components/ui/money";
import { Pagination } from "@/components/ui/pagination";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { Remedy } from "@/lib/discretion/schema";
import type {
  Difference,
  DifferencePage,
  SimulationPage,
  SimulationResult,
  SimulationView,
} from "@/lib/simulations/types";
import { DIFFERENCES_ID, simulationHref } from "./address";
import { ListHeading } from "./list-heading";

interface DecisionListProps extends SimulationPage {
  run: SimulationView;
  result: SimulationResult;
  differences: DifferencePage;
}

/** The decisions that the draft would have taken otherwise: rows, or cards where there is no room for a table. */
export function DecisionList(props: DecisionListProps) {
  const { result, differences, filter } = props;
  const t = useTranslations("settings.simulation.differences");
  const page = useTranslations("common.page");
  const { kept } = result.differing;
  const total = result.differing[filter.against];
  const isNarrowed = filter.from !== undefined || filter.to !== undefined;
  // What differs from either of the two is kept, so that a bound that was reached says nothing less.
  const isCut = kept < Math.max(result.differing.current, result.differing.recorded);
  return (
    <section
      id={DIFFERENCES_ID}
      aria-labelledby="differences-title"
      className="flex scroll-mt-16 flex-col gap-3"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <ListHeading id="differences-title" filter={filter}>
          {t("title")}
        </ListHeading>
        {total > 0 ? <Narrowed {...props} isNarrowed={isNarrowed} /> : null}
      </div>
      {isCut ? <p className="max-w-prose text-ink-2">{t("kept", { kept, total })}</p> : null}
      {total === 0 ? (
        <EmptyState title={t("none")} className="py-0">
          <p>{t("noneText")}</p>
        </EmptyState>
      ) : null}
      {total > 0 && differences.rows.length === 0 ? <p className="text-ink-2">{t("noneHere")}</p> : null}
      {differences.rows.length > 0 ? (
        <>
          <Rows {...props} />
          <Cards {...props} />
          <Pagination
            label={t("pages")}
            newer={differences.newerHref ? { href: differences.newerHref, label: page("newer") } : null}
            older={differences.olderHref ? { href: differences.olderHref, label: page("older") } : null}
            className="print:hidden"
          />
        </>
      ) : null}
    </section>
  );
}

/** What the list is narrowed to, and the way back. */
function Narrowed({
  run,
  filter,
  differences: { count },
  isNarrowed,
}: DecisionListProps & { isNarrowed: boolean }) {
  const t = useTranslations("settings.simulation.differences");
  const verdicts = useTranslations("common.verdict");
  if (!isNarrowed) return <p className="figures text-ink-3 text-xs">{t("all", { count })}</p>;
  const any = "…";
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="figures font-medium">
        {t("stream", {
          from: filter.from ? verdicts(filter.from) : any,
          to: filter.to ? verdicts(filter.to) : any,
          count,
        })}
      </span>
      <ButtonLink
        variant="quiet"
        size="sm"
        href={`${simulationHref(run.version, { run: run.id, filter: { against: filter.against } })}#${DIFFERENCES_ID}`}
        className="bg-sunken pr-2 text-ink pointer-coarse:h-11 print:hidden"
      >
        {t("clear")}
        <X aria-hidden />
      </ButtonLink>
    </p>
  );
}

function Rows({ differences, filter, timeZone, now }: DecisionListProps) {
  const t = useTranslations("settings.simulation.differences");
  const remedy = useTranslations("common.remedy");
  return (
    <Table className="hidden lg:table print:table">
      <TableHead className="top-14">
        <tr>
          <TableHeader>{t("time")}</TableHeader>
          <TableHeader>{t("employee")}</TableHeader>
          <TableHeader>{t("customer")}</TableHeader>
          <TableHeader>{t("remedy")}</TableHeader>
          <TableHeader align="end">{t("amount")}</TableHeader>
          <TableHeader className="pl-6">{t("before")}</TableHeader>
          <TableHeader>{t("after")}</TableHeader>
          <TableHeader>{t("binding")}</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {differences.rows.map((row) => (
          <TableRow
            key={row.decisionId}
            className="relative hover:bg-sunken has-focus-visible:bg-sunken has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent-text"
          >
            <TableCell className="figures">
              {/* Its area is the whole row, so that the row opens wherever it is pressed. */}
              <Link
                href={`/floor/decisions/${row.decisionId}`}
                prefetch={false}
                className="scroll-mt-28 outline-none after:absolute after:inset-0"
              >
                <Time at={row.at} now={now} timeZone={timeZone} as="short" />
                <span className="sr-only">
                  {`, ${remedy(row.remedy as Remedy)}, ${t("for", { employee: row.employee, customer: row.customer })}`}
                </span>
              </Link>
            </TableCell>
            <TableCell className="max-w-40">{row.employee}</TableCell>
            <TableCell className="max-w-40">{row.customer}</TableCell>
            <TableCell>{remedy(row.remedy as Remedy)}</TableCell>
            <TableCell align="end">
              <Money amount={row.amount} currency={row.currency} />
            </TableCell>
            <TableCell className="pl-6">
              <VerdictBadge verdict={row[filter.against]} />
            </TableCell>
            <TableCell>
              <VerdictBadge verdict={row.draft} />
            </TableCell>
            <TableCell className="max-w-48 text-ink-2">
              <Binding binding={row.binding} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Cards({ differences, filter, timeZone, now }: DecisionListProps) {
  const t = useTranslations("settings.simulation.differences");
  const remedy = useTranslations("common.remedy");
  return (
    <ul className="flex flex-col divide-y divide-line border-line border-y lg:hidden print:hidden">
      {differences.rows.map((row) => (
        <li key={row.decisionId}>
          <Link
            href={`/floor/decisions/${row.decisionId}`}
            prefetch={false}
            className="-mx-2 flex flex-col gap-1 rounded-md px-2 py-3 hover:bg-sunken"
          >
            <span className="flex items-center gap-2 font-medium text-base">
              <RemedyIcon remedy={row.remedy as Remedy} className="size-4 text-ink-3" />
              {remedy(row.remedy as Remedy)} <Money amount={row.amount} currency={row.currency} />
            </span>
            <Change row={row} before={row[filter.against]} />
            <span>{t("for", { employee: row.employee, customer: row.customer })}</span>
            <span className="figures flex flex-wrap gap-x-2 text-ink-3 text-xs">
              <Time at={row.at} now={now} timeZone={timeZone} as="short" />
              <Binding binding={row.binding} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Change({ row, before }: { row: Difference; before: Difference["draft"] }) {
  return (
    <span className="flex items-center gap-1.5">
      <VerdictBadge verdict={before} />
      <ArrowRight aria-hidden className="size-3.5 text-ink-3" />
      <VerdictBadge verdict={row.draft} />
    </span>
  );
}

/** A built-in check in words; any other by the id that the policy gives it. */
function Binding({ binding }: { binding: string | null }) {
  const t = useTranslations("settings.simulation.differences.builtIn");
  if (binding === null) return null;
  if (binding === "order-refundable" || binding === "exchange-rate") return <span>{t(binding)}</span>;
  return <span className="font-mono text-xs">{binding}</span>;
}
