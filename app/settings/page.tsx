import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PolicyOverview } from "@/components/settings/policy-overview";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadPolicy } from "@/lib/policies/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("title") };
}

export default async function Page() {
  return (
    <>
      <RefreshOnEvents kinds={["policy"]} />
      <PolicyOverview {...(await loadPolicy())} />
    </>
  );
}
