import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PrecedentList } from "@/components/reviews/precedent-list";
import { ReviewsFrame } from "@/components/reviews/reviews-frame";
import { loadPrecedents } from "@/lib/teachable/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("reviews.precedent"))("list") };
}

export default async function Page({ searchParams }: PageProps<"/floor/reviews/precedents">) {
  const page = await loadPrecedents(await searchParams);
  const t = await getTranslations("reviews.precedent");
  return (
    <ReviewsFrame title={t("list")} text={t("listText")}>
      <PrecedentList {...page} />
    </ReviewsFrame>
  );
}
