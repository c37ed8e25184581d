import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { EmbedView } from "@/components/settings/embed/embed-view";
import { loadEmbedPage } from "@/lib/embed/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("embed.settings"))("title") };
}

export default async function Page() {
  return <EmbedView {...(await loadEmbedPage())} />;
}
