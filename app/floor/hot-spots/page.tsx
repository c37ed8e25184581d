import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { HotSpotsView } from "@/components/insights/hot-spots-view";
import { RuleDoubts } from "@/components/reviews/rule-doubts";
import { loadHotSpots } from "@/lib/hot-spots/loaders";
import { loadDoubts } from "@/lib/reviews/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("insights.hot"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/hot-spots">) {
  const [page, doubts] = await Promise.all([loadHotSpots(await searchParams), loadDoubts()]);
  return (
    <>
      <HotSpotsView {...page} />
      <RuleDoubts {...doubts} />
    </>
  );
}
