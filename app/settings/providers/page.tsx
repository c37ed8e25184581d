import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ProvidersView } from "@/components/settings/providers/providers-view";
import { loadProvidersPage } from "@/lib/providers/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("providers"))("title") };
}

export default async function Page() {
  return <ProvidersView {...(await loadProvidersPage())} now={new Date().toISOString()} />;
}
