import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ReconciliationView } from "@/components/settings/reconciliation/reconciliation-view";
import { loadReconciliation } from "@/lib/reconciliation/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("reconciliation"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/settings/reconciliation">) {
  return <ReconciliationView {...(await loadReconciliation(await searchParams))} />;
}
