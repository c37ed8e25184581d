import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { CausesView } from "@/components/insights/causes-view";
import { loadCauses } from "@/lib/cause-ledger/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("insights.causes"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/causes">) {
  return <CausesView {...(await loadCauses(await searchParams))} />;
}
