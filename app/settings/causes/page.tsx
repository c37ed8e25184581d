import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CausesView } from "@/components/settings/causes/causes-view";
import { loadCauses } from "@/lib/causes/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("causes"))("title") };
}

export default async function Page() {
  return <CausesView {...(await loadCauses())} />;
}
