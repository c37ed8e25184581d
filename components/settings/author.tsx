import { useTranslations } from "next-intl";

/** Who made or published a version; Leeway itself where no person did. */
export function Author({ name }: { name: string | null }) {
  const t = useTranslations("settings.versions");
  return name ? t("by", { name }) : t("byLeeway");
}
