import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { OwnReviews } from "@/components/reviews/own-reviews";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadOwnReviews } from "@/lib/reviews/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("reviews.own"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/desk/reviews">) {
  return (
    <>
      <RefreshOnEvents kinds={["reviews"]} />
      <OwnReviews {...(await loadOwnReviews(await searchParams))} />
    </>
  );
}
