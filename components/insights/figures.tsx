import { ArrowDown, ArrowUp, Equal } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatShare } from "@/components/floor/share";

const LINK =
  "rounded-inner underline decoration-1 decoration-line-strong underline-offset-4 hover:decoration-ink";

/** A figure that opens its rows. */
export function FigureLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} prefetch={false} className={LINK}>
      {children}
    </Link>
  );
}

/** The number above its name. */
export function Figure({ label, note, children }: { label: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse justify-end">
      <dt className="text-ink-2">
        {label}
        {note ? <span className="figures block text-ink-3 text-xs">{note}</span> : null}
      </dt>
      <dd className="figures font-medium text-lg">{children}</dd>
    </div>
  );
}

/** More or less than in the span before, in percent; nothing where there was nothing to compare with. */
export function Change({ now, before }: { now: number; before: number }) {
  const t = useTranslations("insights.change");
  if (before === 0) return <span className="text-ink-3">{now === 0 ? t("same") : t("fresh")}</span>;
  const percent = Math.round(((now - before) / before) * 1000) / 10;
  return <Moved by={percent} words={(by) => t(by > 0 ? "more" : "less", { percent: percentWords(by) })} />;
}

/** More or fewer of a hundred than in the span before. */
export function ShareChange({ now, before }: { now: number | null; before: number | null }) {
  const t = useTranslations("insights.change");
  if (now === null || before === null) return null;
  const points = Math.round((now - before) * 1000) / 10;
  return (
    <Moved
      by={points}
      words={(by) => t(by > 0 ? "pointsMore" : "pointsLess", { points: percentWords(by) })}
    />
  );
}

function Moved({ by, words }: { by: number; words: (by: number) => string }) {
  const t = useTranslations("insights.change");
  const Icon = by > 0 ? ArrowUp : by < 0 ? ArrowDown : Equal;
  return (
    <span className="figures inline-flex items-center gap-0.5 whitespace-nowrap text-ink-2">
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {by === 0 ? t("same") : words(by)}
    </span>
  );
}

function percentWords(by: number): string {
  return new Intl.NumberFormat("en", { maximumFractionDigits: 1 }).format(Math.abs(by));
}

/** A part of a whole in percent, which opens the rows of the part; a dash where there is no whole. */
export function Share({ part, whole, href }: { part: number; whole: number; href: string }) {
  const t = useTranslations("insights");
  if (whole === 0) return <span className="text-ink-3">{t("none")}</span>;
  return (
    <span className="figures">
      <FigureLink href={href}>{formatShare(part / whole)}</FigureLink>
    </span>
  );
}

/** A section of a page, with what it shows said in a sentence. */
export function Section({
  title,
  summary,
  children,
}: {
  title: string;
  summary?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="flex min-w-0 flex-col gap-3 break-inside-avoid-page">
      <div className="flex max-w-prose flex-col gap-0.5">
        <h2 className="font-semibold text-base">{title}</h2>
        {summary ? <p className="text-ink-2">{summary}</p> : null}
      </div>
      {children}
    </section>
  );
}
