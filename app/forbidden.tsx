import { useTranslations } from "next-intl";
import { MessagePage } from "@/components/shell/message-page";
import { ButtonLink } from "@/components/ui/button";

export default function Forbidden() {
  const t = useTranslations("common.forbidden");
  return (
    <MessagePage title={t("title")} text={t("text")}>
      <ButtonLink href="/">{t("home")}</ButtonLink>
    </MessagePage>
  );
}
