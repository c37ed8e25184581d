import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ExecutionSettings } from "@/components/settings/execution/execution-settings";
import { loadExecutionSettings } from "@/lib/execution/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("execution.settings"))("title") };
}

export default async function Page() {
  return <ExecutionSettings {...(await loadExecutionSettings())} />;
}
