import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { messages, type Place } from "@/lib/copy/messages";

/** Gives the browser the words of these places, besides the common ones and sign-in's; the others stay on the server. */
export function CopyProvider({ places = [], children }: { places?: readonly Place[]; children: ReactNode }) {
  const wanted: readonly Place[] = ["common", "auth", ...places];
  const picked = Object.fromEntries(wanted.map((place) => [place, messages[place]]));
  return <NextIntlClientProvider messages={picked}>{children}</NextIntlClientProvider>;
}
