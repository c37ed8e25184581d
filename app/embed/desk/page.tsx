import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { EmbeddedDesk } from "@/components/embed/embedded-desk";
import { CopyProvider } from "@/components/shell/copy-provider";
import { loadFrame } from "@/lib/embed/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("desk"))("title") };
}

/** The desk in a frame of another site. Nobody is proven here: the page holds nothing, and asks by the token that it is given. */
export default async function Page({ searchParams }: PageProps<"/embed/desk">) {
  const query = await searchParams;
  const said = (name: string) => {
    const value = query[name];
    return typeof value === "string" && value.trim() !== "" ? value.trim().slice(0, 320) : null;
  };
  const organization = said("organization") ?? "";
  const { origins } = await loadFrame(organization);
  return (
    <CopyProvider places={["desk", "embed", "execution"]}>
      <EmbeddedDesk
        organization={organization}
        origins={origins}
        hint={{ email: said("email"), order: said("order"), customer: said("customer") }}
      />
    </CopyProvider>
  );
}
