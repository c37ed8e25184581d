import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { look } from "@/components/ui/button";

/** The document of a version as a file. Not one of the app's own links: those would fetch it ahead of the press. */
export function ExportLink({ version, size = "md" }: { version: number; size?: "sm" | "md" }) {
  const t = useTranslations("settings.transfer");
  return (
    <a href={`/settings/policies/${version}/export`} download className={look({ size })}>
      <Download aria-hidden />
      {t("export")}
    </a>
  );
}
