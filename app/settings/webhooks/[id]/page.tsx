import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { EndpointView } from "@/components/settings/webhooks/endpoint-view";
import { loadEndpointPage } from "@/lib/webhooks/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("webhooks"))("title") };
}

export default async function Page({ params, searchParams }: PageProps<"/settings/webhooks/[id]">) {
  return <EndpointView {...(await loadEndpointPage((await params).id, await searchParams))} />;
}
