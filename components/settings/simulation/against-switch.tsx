"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useOptimistic, useTransition } from "react";
import { Segmented } from "@/components/ui/choice";
import type { Against } from "@/lib/simulations/types";
import { simulationHref } from "./address";

interface AgainstSwitchProps {
  version: number;
  run: string;
  against: Against;
}

/** What the draft is held against; it stands in the address, so that who is sent it sees the same. */
export function AgainstSwitch({ version, run, against }: AgainstSwitchProps) {
  const t = useTranslations("settings.simulation.against");
  const router = useRouter();
  const [, startTransition] = useTransition();
  const [chosen, choose] = useOptimistic(against);
  return (
    <div className="flex max-w-sm flex-col gap-1.5 print:hidden">
      <span aria-hidden className="text-ink-2 text-xs">
        {t("label")}
      </span>
      <Segmented<Against>
        name="against"
        label={t("label")}
        value={chosen}
        options={(["current", "recorded"] as const).map((value) => ({ value, label: t(value) }))}
        onChange={(value) =>
          startTransition(() => {
            choose(value);
            router.push(simulationHref(version, { run, filter: { against: value } }), { scroll: false });
          })
        }
        className="w-fit"
      />
      <p className="text-ink-3 text-xs">{t(`${chosen}Text`)}</p>
    </div>
  );
}
