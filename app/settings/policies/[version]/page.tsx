import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { VersionView } from "@/components/settings/version-view";
import { loadVersion } from "@/lib/policies/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.versions"))("title") };
}

export default async function Page({ params }: PageProps<"/settings/policies/[version]">) {
  return <VersionView {...(await loadVersion((await params).version))} />;
}
