"use client";

import { useTranslations } from "next-intl";
import { look } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { Popover } from "@/components/ui/popover";
import type { CompanyValue } from "@/lib/discretion/schema";
import type { Check } from "@/lib/discretion/types";
import type { Currencies } from "./arithmetic";
import { Arithmetic, CheckName, MaxOf, ServedValue } from "./explanation";

interface WhyProps {
  /** The check that decided. */
  check: Check;
  currencies: Currencies;
  values: readonly CompanyValue[] | undefined;
  policyVersion: number;
}

/** "Why is that?" opens the limit or the rule that decided: its reason, the value that it serves, and its arithmetic. */
export function Why({ check, currencies, values, policyVersion }: WhyProps) {
  const t = useTranslations("common.why");
  const common = useTranslations("common");
  return (
    <Popover
      title={t("title")}
      className="w-96"
      trigger={
        <button
          type="button"
          className={cn(
            look({ variant: "quiet", size: "sm" }),
            "-mx-2 h-7 w-fit px-2 text-accent-text underline-offset-4 hover:underline pointer-coarse:h-11",
          )}
        >
          {t("open")}
        </button>
      }
    >
      <p className="flex flex-wrap items-baseline gap-x-2">
        <CheckName check={check} />
        <MaxOf check={check} currencies={currencies} />
      </p>
      <p className="whitespace-pre-line break-words text-base">{check.why}</p>
      <ServedValue check={check} values={values} />
      <Arithmetic check={check} currencies={currencies} className="text-ink-2" />
      <div className="flex items-start justify-between gap-3 border-line border-t pt-3">
        <p className="min-w-0 break-words text-ink-2">“{check.say}”</p>
        <CopyButton
          text={check.say}
          label={common("copy")}
          doneLabel={common("copied")}
          failedLabel={common("copyFailed")}
        />
      </div>
      <p className="text-ink-3 text-xs">
        {common(check.kind === "limit" ? "why.limit" : "why.rule", { version: policyVersion })}
      </p>
    </Popover>
  );
}
