"use client";

import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { CURRENCY_EXPONENTS } from "@/lib/discretion/currencies";
import type { PolicyDraft } from "./policy-draft";
import { PartInput, PartSelect } from "./sentence-parts";
import { useDraftField } from "./use-draft-field";

type AmountPath = `examples.${number}.when` | `examples.${number}.given.history.${number}`;

interface AmountPartsProps {
  path: AmountPath;
  labels: { amount: string; currency: string; rate: string };
}

/** An amount in any currency; in another one than the policy's with what it is worth. */
export function AmountParts({ path, labels }: AmountPartsProps) {
  const t = useTranslations("settings.example.write");
  const own = useWatch<PolicyDraft, "currency">({ name: "currency" });
  const currency = useWatch<PolicyDraft, `${AmountPath}.currency`>({ name: `${path}.currency` });
  const rate = useDraftField(`${path}.rate`);
  const others = [...CURRENCY_EXPONENTS.keys()].filter((code) => code !== own).sort();
  return (
    <>
      <PartInput
        path={`${path}.amount`}
        inputMode="decimal"
        aria-label={labels.amount}
        {...useDraftField(`${path}.amount`)}
      />{" "}
      <PartSelect
        path={`${path}.currency`}
        aria-label={labels.currency}
        {...useDraftField(`${path}.currency`)}
      >
        {[own, ...others].map((code) => (
          <option key={code} value={code}>
            {code}
          </option>
        ))}
      </PartSelect>
      {currency === own ? null : (
        <>
          {" "}
          {t.rich("rateWords", {
            currency: own,
            rate: () => (
              <PartInput path={`${path}.rate`} inputMode="decimal" aria-label={labels.rate} {...rate} />
            ),
          })}
        </>
      )}
    </>
  );
}
