import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { HandoverQueue } from "@/components/floor/handover-queue";
import { loadQueue } from "@/lib/handovers/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("handovers.queue"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/handovers">) {
  const { open } = await searchParams;
  return <HandoverQueue {...(await loadQueue(typeof open === "string" ? open : null))} />;
}
