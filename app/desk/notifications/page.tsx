import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NotificationsView } from "@/components/notifications/notifications-view";
import { loadNotifications } from "@/lib/notifications/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("notifications"))("title") };
}

export default async function Page() {
  return <NotificationsView {...(await loadNotifications())} />;
}
