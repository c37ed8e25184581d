import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { VersionList } from "@/components/settings/version-list";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadVersions } from "@/lib/policies/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.versions"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/settings/policies">) {
  const page = await loadVersions((await searchParams).before);
  return (
    <>
      <RefreshOnEvents kinds={["policy"]} />
      <VersionList {...page} />
    </>
  );
}
