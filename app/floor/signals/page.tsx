import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SignalsView } from "@/components/signals/signals-view";
import { loadSignals } from "@/lib/signals/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("signals"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/signals">) {
  return <SignalsView {...(await loadSignals(await searchParams))} />;
}
