import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ConsistencyView } from "@/components/consistency/consistency-view";
import { loadConsistency } from "@/lib/consistency/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signals.consistency"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/consistency">) {
  return <ConsistencyView {...(await loadConsistency(await searchParams))} />;
}
