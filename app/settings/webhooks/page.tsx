import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { WebhooksView } from "@/components/settings/webhooks/webhooks-view";
import { loadWebhooksPage } from "@/lib/webhooks/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("webhooks"))("title") };
}

export default async function Page() {
  return <WebhooksView {...(await loadWebhooksPage())} />;
}
