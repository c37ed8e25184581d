import { useTranslations } from "next-intl";
import { ButtonLink } from "@/components/ui/button";

/** Under the bar, so that the other places are at hand. */
export default function NotFound() {
  const t = useTranslations("floor.notFound");
  return (
    <div className="flex max-w-prose flex-col items-start gap-3 pt-12">
      <h1 className="font-semibold text-lg">{t("title")}</h1>
      <p className="text-base text-ink-2">{t("text")}</p>
      <ButtonLink href="/floor" className="mt-2">
        {t("back")}
      </ButtonLink>
    </div>
  );
}
