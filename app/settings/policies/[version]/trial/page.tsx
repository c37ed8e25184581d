import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { TrialView } from "@/components/settings/trial-view";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadTrial } from "@/lib/trials/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.trial"))("title") };
}

export default async function Page({ params }: PageProps<"/settings/policies/[version]/trial">) {
  const page = await loadTrial((await params).version);
  return (
    <>
      <RefreshOnEvents kinds={["policy"]} />
      <TrialView {...page} />
    </>
  );
}
