import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DeskHome } from "@/components/desk/desk-home";
import { loadDeskHome } from "@/lib/customers/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("desk"))("title") };
}

export default async function Page() {
  return <DeskHome {...(await loadDeskHome())} />;
}
