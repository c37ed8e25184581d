import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { messages, type Place } from "@/lib/copy/messages";

/**
 * Gives the browser the words of these places, besides those that are wanted everywhere: the common ones, sign-in's, the
 * palette's and those about requests that wait. The others stay on the server.
 */
export function CopyProvider({ places = [], children }: { places?: readonly Place[]; children: ReactNode }) {
  const wanted: readonly Place[] = ["common", "auth", "handovers", "palette", ...places];
  const picked = Object.fromEntries(wanted.map((place) => [place, messages[place]]));
  return <NextIntlClientProvider messages={picked}>{children}</NextIntlClientProvider>;
}
