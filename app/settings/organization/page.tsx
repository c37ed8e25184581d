import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { OrganizationView } from "@/components/settings/organization/organization-view";
import { loadOrganization } from "@/lib/organizations/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("organization"))("title") };
}

export default async function Page() {
  return <OrganizationView {...(await loadOrganization())} />;
}
