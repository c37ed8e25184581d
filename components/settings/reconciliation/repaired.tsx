import { useTranslations } from "next-intl";
import type { Rebuilt, ReconciliationPage, Repair } from "@/lib/reconciliation/types";
import { useBookWords } from "./use-book-words";

type RepairedProps = { repair: Repair } & Pick<ReconciliationPage, "names" | "currency">;

/** What a repair did: what was, and what is. */
export function Repaired({ repair, names, currency }: RepairedProps) {
  const t = useTranslations("reconciliation.repaired");
  const words = useBookWords(names);
  const { counters, rollups, days, left, listed } = repair;
  const hidden = counters + rollups + days - listed.length;
  return (
    <section aria-labelledby="repaired" className="flex flex-col gap-2">
      <h2 id="repaired" className="font-semibold text-base">
        {t("title")}
      </h2>
      <p className="figures text-ink-2">{t("text", { counters, sums: rollups + days })}</p>
      {left > 0 ? <p className="figures text-bend">{t("left", { count: left })}</p> : null}
      <ul className="flex flex-col divide-y divide-line border-line border-y empty:hidden">
        {listed.map((rebuilt) => (
          <li key={JSON.stringify([rebuilt.kind, rebuilt.key])} className="figures wrap-anywhere py-2">
            {t("line", wordsOf(rebuilt, words, currency))}
          </li>
        ))}
      </ul>
      {hidden > 0 ? <p className="figures text-ink-2">{t("more", { count: hidden })}</p> : null}
    </section>
  );
}

function wordsOf(rebuilt: Rebuilt, words: ReturnType<typeof useBookWords>, currency: string) {
  switch (rebuilt.kind) {
    case "counter":
      return {
        what: words.counter(rebuilt.key, [rebuilt.key.definition]),
        was: words.counts(rebuilt.was, currency),
        is: words.counts(rebuilt.is, currency),
      };
    case "rollup":
    case "day":
      return {
        what: rebuilt.kind === "day" ? words.day(rebuilt.key) : words.rollup(rebuilt.key),
        was: words.sum(rebuilt.was, currency),
        is: words.sum(rebuilt.is, currency),
      };
    default:
      return rebuilt satisfies never;
  }
}
