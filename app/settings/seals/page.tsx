import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SealsView } from "@/components/settings/seals/seals-view";
import { loadSeals } from "@/lib/seals/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("seals"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/settings/seals">) {
  return <SealsView {...(await loadSeals(await searchParams))} />;
}
