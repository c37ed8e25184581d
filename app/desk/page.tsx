import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DeskHome } from "@/components/desk/desk-home";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadDeskHome } from "@/lib/customers/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("desk"))("title") };
}

export default async function Page() {
  return (
    <>
      <RefreshOnEvents kinds={["policy"]} />
      <DeskHome {...(await loadDeskHome())} />
    </>
  );
}
