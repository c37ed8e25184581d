import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DashboardsView } from "@/components/insights/dashboards-view";
import { loadDashboards } from "@/lib/dashboards/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("insights.dashboards"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/insights">) {
  return <DashboardsView {...(await loadDashboards(await searchParams))} />;
}
