import Link from "next/link";
import { useTranslations } from "next-intl";
import type { RuleDoubt } from "@/lib/reviews/types";

/** The limits and rules that whoever looked back found wrong or unclear, with the decisions of which they said it. */
export function RuleDoubts({ days, doubts }: { days: number; doubts: readonly RuleDoubt[] }) {
  const t = useTranslations("reviews.doubts");
  return (
    <section aria-labelledby="doubts" className="flex flex-col gap-3 pt-8">
      <header className="flex max-w-prose flex-col gap-1">
        <h2 id="doubts" className="font-semibold text-base">
          {t("title")}
        </h2>
        <p className="text-ink-2">{doubts.length === 0 ? t("none") : t("text", { days })}</p>
      </header>
      <ul className="flex max-w-3xl flex-col divide-y divide-line border-line border-y empty:hidden">
        {doubts.map(({ check, wrong, unclear, decisions }) => (
          <li key={check ?? ""} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2">
            <span className={check ? "font-mono" : "text-ink-2"}>{check ?? t("noCheck")}</span>
            <span className="text-ink-2">
              {[
                wrong > 0 ? t("wrong", { count: wrong }) : null,
                unclear > 0 ? t("unclear", { count: unclear }) : null,
              ]
                .filter(Boolean)
                .join(", ")}
            </span>
            <span className="flex flex-wrap gap-x-3 text-xs">
              {decisions.map((id, index) => (
                <Link
                  key={id}
                  href={`/floor/decisions/${id}`}
                  prefetch={false}
                  className="rounded-inner underline decoration-line-strong underline-offset-4 hover:text-accent-text pointer-coarse:py-3"
                >
                  {t("decision", { at: index + 1 })}
                </Link>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
