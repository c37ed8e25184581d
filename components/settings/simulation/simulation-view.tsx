import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { EmptyState } from "@/components/ui/empty-state";
import type { SimulationPage } from "@/lib/simulations/types";
import { Outcome } from "./outcome";
import { RunList } from "./run-list";
import { RunOver } from "./run-over";
import { RunProgress } from "./run-progress";
import { SpanForm } from "./span-form";

/** What a version would have made of what was really asked for. */
export function SimulationView(page: SimulationPage) {
  const t = useTranslations("settings.simulation");
  const { version } = page.version;
  return (
    <article className="flex max-w-5xl flex-col gap-8 print:[print-color-adjust:exact]">
      <Link
        href={`/settings/policies/${version}`}
        className="flex w-fit items-center gap-1.5 rounded-inner text-ink-2 text-sm hover:text-ink print:hidden pointer-coarse:min-h-11"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t("back", { version })}
      </Link>
      <header className="flex flex-col gap-1.5">
        <h1 className="font-semibold text-lg">{t("heading", { version })}</h1>
        <p className="max-w-prose text-ink-2">{t("text")}</p>
      </header>
      <Shown {...page} />
      <RunList {...page} />
    </article>
  );
}

function Shown(page: SimulationPage) {
  const t = useTranslations("settings.simulation");
  const { run, mayStart, current } = page;
  const isUnderWay = run?.status === "queued" || run?.status === "running";
  if (current === null) {
    return (
      <EmptyState title={t("noPolicy.title")} className="py-0">
        <p>{t("noPolicy.text")}</p>
      </EmptyState>
    );
  }
  return (
    <>
      {mayStart && !isUnderWay ? <SpanForm key={run?.id} {...page} /> : null}
      {run === null ? (
        <EmptyState title={t("none.title")} className="py-0">
          <p>{mayStart ? t("none.text") : t("none.textRead")}</p>
        </EmptyState>
      ) : null}
      {run && isUnderWay ? <RunProgress key={run.id} run={run} mayStop={mayStart} now={page.now} /> : null}
      {run && !isUnderWay ? <RunOver {...page} run={run} /> : null}
      {run?.result && page.differences ? (
        <Outcome {...page} run={run} result={run.result} differences={page.differences} />
      ) : null}
    </>
  );
}
