import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Floor } from "@/components/floor/floor";
import { loadFloor } from "@/lib/decisions/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("floor"))("title") };
}

export default async function Page({ searchParams }: PageProps<"/floor">) {
  return <Floor {...(await loadFloor(await searchParams))} />;
}
