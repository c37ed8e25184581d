import { CircleCheck, CirclePause, CircleX, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { Endpoint } from "@/lib/webhooks/types";

/** How an endpoint stands, in a word. */
export function EndpointStatus({ endpoint }: { endpoint: Pick<Endpoint, "status" | "failingSince"> }) {
  const t = useTranslations("webhooks.status");
  const { status, failingSince } = endpoint;
  if (status === "disabled") {
    return (
      <Badge tone="deny">
        <CircleX aria-hidden />
        {t("disabled")}
      </Badge>
    );
  }
  if (status === "paused") {
    return (
      <Badge>
        <CirclePause aria-hidden />
        {t("paused")}
      </Badge>
    );
  }
  return failingSince === null ? (
    <Badge tone="allow">
      <CircleCheck aria-hidden />
      {t("on")}
    </Badge>
  ) : (
    <Badge tone="bend">
      <TriangleAlert aria-hidden />
      {t("failing")}
    </Badge>
  );
}
