import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SimulationView } from "@/components/settings/simulation/simulation-view";
import { loadSimulations } from "@/lib/simulations/loaders";

type Props = PageProps<"/settings/policies/[version]/simulation">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("settings.simulation");
  return { title: t("title", { version: (await params).version }) };
}

export default async function Page({ params, searchParams }: Props) {
  const [{ version }, query] = await Promise.all([params, searchParams]);
  return <SimulationView {...(await loadSimulations(version, query))} />;
}
