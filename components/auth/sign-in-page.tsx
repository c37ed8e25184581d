import { useTranslations } from "next-intl";
import { AuthPage } from "./auth-page";
import { SignInForm } from "./sign-in-form";

/** Sign-in as a page of its own, or in place of the page that asked for it (`to` null). */
export function SignInPage({ to }: { to: string | null }) {
  const t = useTranslations("auth.signIn");
  return (
    <AuthPage title={t("title")} intro={t("intro")}>
      <SignInForm to={to} />
    </AuthPage>
  );
}
