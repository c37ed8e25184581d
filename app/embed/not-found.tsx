import { useTranslations } from "next-intl";
import { MessagePage } from "@/components/shell/message-page";

/** Says nothing of whether there is such an organization: it may be one whose desk no other page shows. */
export default function NotFound() {
  const t = useTranslations("embed.notFound");
  return <MessagePage title={t("title")} text={t("text")} />;
}
