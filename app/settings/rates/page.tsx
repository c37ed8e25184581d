import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RatesView } from "@/components/settings/rates/rates-view";
import { loadRates } from "@/lib/rates/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.rates"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/settings/rates">) {
  const query = await searchParams;
  // Another part of the table is another page: what was done on one of them is not remembered on the other.
  return <RatesView key={`${query.currency} ${query.before}`} {...(await loadRates(query))} />;
}
