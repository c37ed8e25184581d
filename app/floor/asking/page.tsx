import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AskingView } from "@/components/insights/asking-view";
import { loadAsking } from "@/lib/asking/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("insights.asking"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/asking">) {
  return <AskingView {...(await loadAsking(await searchParams))} />;
}
