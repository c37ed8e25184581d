import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DecisionView } from "@/components/floor/decision-view";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadDecision } from "@/lib/decisions/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("floor.decision"))("title") };
}

export default async function Page({ params }: PageProps<"/floor/decisions/[id]">) {
  return (
    <>
      <RefreshOnEvents kinds={["reviews"]} />
      <DecisionView {...(await loadDecision((await params).id))} />
    </>
  );
}
