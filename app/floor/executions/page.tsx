import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ExecutionsView } from "@/components/execution/executions-view";
import { LISTED, loadExecutions } from "@/lib/execution/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("execution.list"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor/executions">) {
  return <ExecutionsView {...(await loadExecutions(await searchParams))} listed={LISTED} />;
}
