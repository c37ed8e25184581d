import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { VersionLine } from "@/lib/policies/types";

/** Where a version is in its life, in a word. */
export function VersionStatus({ status, publishAt }: Pick<VersionLine, "status" | "publishAt">) {
  const t = useTranslations("settings.versions");
  if (status === "published") return <Badge tone="allow">{t("inForce")}</Badge>;
  if (status === "draft" && publishAt) return <Badge>{t("scheduled")}</Badge>;
  return <Badge>{t(status)}</Badge>;
}
