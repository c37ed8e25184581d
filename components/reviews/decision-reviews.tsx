"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { DecisionPage } from "@/lib/insights/types";
import { PrecedentDialog } from "./precedent-dialog";
import { ReviewForm } from "./review-form";
import { ReviewStories } from "./review-stories";

/** What was written looking back at a decision, and what can be written. */
export function DecisionReviews({ decision, employeeId, mayReview, mayReply, now, timeZone }: DecisionPage) {
  const t = useTranslations("reviews.decision");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const { reviews } = decision;
  const isOwn = decision.employee === employeeId;
  const mayWrite =
    mayReview &&
    decision.status !== "reserved" &&
    !reviews.some(({ reviewer }) => reviewer.id === employeeId);
  return (
    <div className="flex flex-col items-start gap-4">
      {reviews.length === 0 ? (
        <p className="text-ink-2">{t("none")}</p>
      ) : (
        <ReviewStories
          reviews={reviews}
          employee={decision.employeeName}
          mayReply={mayReply && isOwn}
          now={now}
          timeZone={timeZone}
        />
      )}
      {mayWrite && !open ? (
        <Button size="sm" onClick={() => setOpen(true)} className="pointer-coarse:h-11">
          {isOwn ? t("postOwn") : t("post")}
        </Button>
      ) : null}
      {mayWrite && open ? (
        <ReviewForm
          decisionId={decision.id}
          employee={decision.employeeName}
          isOwn={isOwn}
          onDone={() => {
            setOpen(false);
            router.refresh();
          }}
        />
      ) : null}
      {mayReview && reviews.length > 0 ? <PrecedentDialog decision={decision} /> : null}
    </div>
  );
}
