import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Connect } from "@/components/embed/connect";
import { CopyProvider } from "@/components/shell/copy-provider";
import { loadConnect } from "@/lib/embed/loaders";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("embed.connect"))("page") };
}

/** The pop-up in which somebody signs in, with Leeway's own cookie, and lets a site show their desk. */
export default async function Page({ searchParams }: PageProps<"/embed/connect">) {
  const query = await searchParams;
  const said = (name: string) => (typeof query[name] === "string" ? query[name] : "");
  const organization = said("organization");
  const connecting = await loadConnect(organization, said("origin"));
  return (
    <CopyProvider places={["embed"]}>
      <Connect organization={organization} ticket={said("ticket")} connecting={connecting} />
    </CopyProvider>
  );
}
