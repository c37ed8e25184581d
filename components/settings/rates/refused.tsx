"use client";

import { useTranslations } from "next-intl";
import { Refused as Plain, type RefusedProps } from "../refused";

/** Why no rate was changed, where that has nothing to do with what was asked for. */
export function Refused(props: Omit<RefusedProps, "notAllowed">) {
  const t = useTranslations("settings.rates.refused");
  return <Plain {...props} notAllowed={t("notAllowed")} />;
}
