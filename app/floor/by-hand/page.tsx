import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ByHandView } from "@/components/execution/by-hand-view";
import { LISTED, loadByHand } from "@/lib/execution/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("execution.byHand"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/by-hand">) {
  return <ByHandView {...(await loadByHand(await searchParams))} listed={LISTED} />;
}
