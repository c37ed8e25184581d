"use client";

import { Printer } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "@/components/ui/button";

export function PrintButton() {
  const t = useTranslations("insights");
  return (
    <Button variant="quiet" size="sm" onClick={() => window.print()} className="pointer-coarse:h-11">
      <Printer aria-hidden />
      {t("print")}
    </Button>
  );
}
