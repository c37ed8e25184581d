import type { Metadata } from "next";
import { unauthorized } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { AuthPage } from "@/components/auth/auth-page";
import { PasswordForm } from "@/components/auth/password-form";
import { changePassword } from "@/lib/auth/actions";
import { currentActor } from "@/lib/auth/actor";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.password"))("title") };
}

export default async function Page() {
  // Not requireActor: somebody with a one-time password is sent here, and has to be let in.
  const actor = await currentActor();
  if (!actor) unauthorized();
  const t = await getTranslations("auth.password");
  return (
    <AuthPage title={t("title")} intro={actor.passwordOneTime ? t("forced") : t("intro")}>
      <PasswordForm email={actor.email} change={changePassword} />
    </AuthPage>
  );
}
