import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NoticesView } from "@/components/settings/notices/notices-view";
import { loadNoticesPage } from "@/lib/notices/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("notices"))("title") };
}

export default async function Page() {
  return <NoticesView {...(await loadNoticesPage())} />;
}
