import { useTranslations } from "next-intl";
import { formatShare } from "@/components/floor/share";
import { rowsHref } from "@/lib/dashboards/schema";
import type { DashboardsPage, LimitLine } from "@/lib/dashboards/types";
import { formatCount } from "@/lib/format/money";
import { CheckName } from "./check-name";
import { FigureTable } from "./figure-table";
import { FigureLink, Section, Share } from "./figures";

/** How much of what people may give they use, and how much authority lies idle. */
export function LimitsSection({ limits, agents, currency, search }: DashboardsPage) {
  const t = useTranslations("insights.limits");
  const used = limits.filter(({ limit, decisions }) => limit !== null && decisions > 0);
  const rows = ({ limitId }: LimitLine, use?: "quarter" | "last_quarter") =>
    rowsHref(search, { under: limitId, ...(use ? { use } : {}) });
  const idle = used.filter(({ mostPermille }) => mostPermille <= 250);
  return (
    <Section
      title={t("title")}
      summary={`${t("summary", { limits: used.length, idle: idle.length })} ${t("agents", agents)}`}
    >
      {limits.length === 0 ? (
        <p className="text-ink-2">{t("none")}</p>
      ) : (
        <FigureTable
          caption={t("title")}
          rows={limits}
          keyOf={({ limitId }) => limitId}
          title={{
            header: t("limit"),
            cell: ({ limitId, limit }) => (
              <CheckName
                check={limitId}
                part={limit === null ? { kind: "gone" } : { kind: "limit", limit }}
                currency={currency}
              />
            ),
          }}
          columns={[
            {
              name: "mean",
              header: t("mean"),
              cell: (line) => <Used permille={meanOf(line)} href={rows(line)} />,
              bar: (line) => (meanOf(line) ?? 0) / 1000,
            },
            {
              name: "most",
              header: t("most"),
              cell: (line) => (
                <Used permille={line.decisions === 0 ? null : line.mostPermille} href={rows(line)} />
              ),
            },
            {
              name: "unused",
              header: t("unused"),
              cell: (line) => (
                <Used
                  permille={line.decisions === 0 ? 1000 : Math.max(0, 1000 - line.mostPermille)}
                  href={rows(line)}
                />
              ),
            },
            {
              name: "quarter",
              header: t("quarter"),
              cell: (line) => (
                <Share part={line.upToQuarter} whole={line.decisions} href={rows(line, "quarter")} />
              ),
            },
            {
              name: "threeQuarters",
              header: t("threeQuarters"),
              cell: (line) => (
                <Share
                  part={line.upToWhole + line.beyond}
                  whole={line.decisions}
                  href={rows(line, "last_quarter")}
                />
              ),
            },
            {
              name: "decisions",
              header: t("decisions"),
              cell: (line) => <FigureLink href={rows(line)}>{formatCount(line.decisions)}</FigureLink>,
            },
          ]}
        />
      )}
    </Section>
  );
}

/** In thousandths of the maximum, on average; null where nothing was given under it. */
function meanOf({ usePermille, decisions }: LimitLine): number | null {
  return decisions === 0 ? null : usePermille / decisions;
}

function Used({ permille, href }: { permille: number | null; href: string }) {
  const t = useTranslations("insights");
  if (permille === null) return <span className="text-ink-3">{t("none")}</span>;
  return (
    <span className="figures">
      <FigureLink href={href}>{formatShare(permille / 1000)}</FigureLink>
    </span>
  );
}
