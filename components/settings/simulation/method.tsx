import { useTranslations } from "next-intl";
import { formatDay } from "@/lib/format/dates";
import type { SimulationResult } from "@/lib/simulations/types";

/** What was taken to be so, for whoever has to rely on the numbers. */
export function Method({ result, timeZone }: { result: SimulationResult; timeZone: string }) {
  const t = useTranslations("settings.simulation.method");
  return (
    <section
      aria-labelledby="method"
      className="flex flex-col gap-2 border-line border-t pt-4 text-ink-2 text-xs"
    >
      <h2 id="method" className="font-medium text-ink text-sm">
        {t("title")}
      </h2>
      <ul className="flex max-w-prose list-disc flex-col gap-1 pl-4">
        <li>
          <Remembered {...result.remembered} timeZone={timeZone} />
        </li>
        <li>{t("handovers")}</li>
        <li>{t("people")}</li>
        <li>{t("rates")}</li>
      </ul>
    </section>
  );
}

function Remembered({ decisions, since, timeZone }: SimulationResult["remembered"] & { timeZone: string }) {
  const t = useTranslations("settings.simulation.method");
  if (decisions === 0) return t("rememberedNone");
  if (since === null) return t("rememberedAll", { count: decisions });
  return t("remembered", { count: decisions, day: formatDay(new Date(since), timeZone) });
}
