import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ReviewQueue } from "@/components/reviews/review-queue";
import { ReviewsFrame } from "@/components/reviews/reviews-frame";
import { loadReviews } from "@/lib/reviews/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("reviews"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/reviews">) {
  const page = await loadReviews(await searchParams);
  const t = await getTranslations("reviews");
  return (
    <ReviewsFrame title={t("title")} text={t("text")}>
      <ReviewQueue {...page} />
    </ReviewsFrame>
  );
}
