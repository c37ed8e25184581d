import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { MyDayView } from "@/components/desk/my-day-view";
import { DayReviews } from "@/components/reviews/day-reviews";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadMyDay } from "@/lib/my-day/loaders";
import { loadOwnReviews } from "@/lib/reviews/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("desk.day"))("heading") };
}

export default async function Page() {
  const [{ employeeId, ...day }, reviews] = await Promise.all([loadMyDay(), loadOwnReviews({})]);
  return (
    <>
      <RefreshOnEvents kinds={["reviews", "execution"]} />
      <MyDayView day={day} employeeId={employeeId} reviews={<DayReviews {...reviews} />} />
    </>
  );
}
