import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { DraftEditor } from "@/components/settings/draft/draft-editor";
import { LeftBehind } from "@/components/settings/draft/left-behind";
import { VersionView } from "@/components/settings/version-view";
import { CopyProvider } from "@/components/shell/copy-provider";
import { RefreshOnEvents } from "@/components/shell/refresh-on-events";
import { loadVersion } from "@/lib/policies/loaders";

export async function generateMetadata({
  params,
}: PageProps<"/settings/policies/[version]">): Promise<Metadata> {
  const t = await getTranslations("settings.versions");
  return { title: t("version", { version: (await params).version }) };
}

export default async function Page({ params }: PageProps<"/settings/policies/[version]">) {
  const page = await loadVersion((await params).version);
  return (
    // The editor shows what the desk would say, in the desk's words.
    <CopyProvider places={["settings", "desk"]}>
      <RefreshOnEvents kinds={["policy"]} />
      {page.kind === "draft" ? (
        <DraftEditor {...page} />
      ) : (
        <>
          {page.mayEdit ? <LeftBehind version={page.version} /> : null}
          <VersionView {...page} />
        </>
      )}
    </CopyProvider>
  );
}
