import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { PolicyEditor } from "@/components/settings/policy-editor";
import { PolicyReader } from "@/components/settings/policy-reader";
import { loadPolicy } from "@/lib/policies/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("title") };
}

export default async function Page() {
  const page = await loadPolicy();
  return page.mayEdit ? <PolicyEditor {...page} /> : <PolicyReader {...page} />;
}
