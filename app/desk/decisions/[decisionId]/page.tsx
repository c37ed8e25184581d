import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DecisionRecord } from "@/components/desk/decision-record";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadDecisionRecord } from "@/lib/customers/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("desk.record"))("id") };
}

export default async function Page({ params }: PageProps<"/desk/decisions/[decisionId]">) {
  return (
    <>
      <RefreshOnEvents kinds={["reviews"]} />
      <DecisionRecord {...(await loadDecisionRecord((await params).decisionId))} />
    </>
  );
}
