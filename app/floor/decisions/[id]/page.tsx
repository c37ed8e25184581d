import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DecisionView } from "@/components/floor/decision-view";
import { loadDecision } from "@/lib/decisions/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("floor.decision"))("title") };
}

export default async function Page({ params }: PageProps<"/floor/decisions/[id]">) {
  return <DecisionView {...(await loadDecision((await params).id))} />;
}
