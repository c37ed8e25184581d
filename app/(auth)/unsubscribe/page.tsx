import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AuthPage } from "@/components/auth/auth-page";
import { Unsubscribe } from "@/components/notifications/unsubscribe";
import { CopyProvider } from "@/components/shell/copy-provider";
import { loadWish } from "@/lib/notifications/loaders";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("notifications.unsubscribe");
  // The address carries a key: it goes nowhere else.
  return { title: t("page"), referrer: "no-referrer", robots: { index: false } };
}

export default async function Page({ searchParams }: PageProps<"/unsubscribe">) {
  const { token } = await searchParams;
  const wish = loadWish(token);
  const t = await getTranslations("notifications");
  if (!wish)
    return (
      <AuthPage title={t("unsubscribe.page")} intro={t("unsubscribe.broken")}>
        {null}
      </AuthPage>
    );
  const intro =
    "e" in wish ? t("unsubscribe.employee", { kind: t(`kind.${wish.k}`) }) : t("unsubscribe.customer");
  return (
    <AuthPage title={t("unsubscribe.title")} intro={intro}>
      <CopyProvider places={["notifications"]}>
        <Unsubscribe token={String(token)} isEmployee={"e" in wish} />
      </CopyProvider>
    </AuthPage>
  );
}
