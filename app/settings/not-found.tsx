import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button";

/** Beside the navigation, so that the other pages are at hand. */
export default function NotFound() {
  const t = useTranslations("settings.notFound");
  return (
    <div className="flex max-w-prose flex-col items-start gap-3 pt-6">
      <h1 className="font-semibold text-lg">{t("title")}</h1>
      <p className="text-base text-ink-2">{t("text")}</p>
      <ButtonLink href="/settings" className="mt-2">
        {t("back")}
      </ButtonLink>
    </div>
  );
}
