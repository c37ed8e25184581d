import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Duty } from "@/components/duty/duty";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadDuty } from "@/lib/duty/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("handovers.duty"))("title") };
}

export default async function Page() {
  return (
    <>
      <RefreshOnEvents kinds={["handover"]} />
      <Duty {...(await loadDuty())} />
    </>
  );
}
