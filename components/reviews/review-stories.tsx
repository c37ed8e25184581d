"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Textarea } from "@/components/ui/field";
import { Time } from "@/components/ui/time";
import { answerReview } from "@/lib/reviews/actions";
import type { ReviewStory } from "@/lib/reviews/types";
import { RefusedNote } from "./refused-note";
import { ReviewBadge } from "./review-badge";
import { useWriting } from "./use-writing";

interface ReviewStoriesProps {
  reviews: readonly ReviewStory[];
  /** Whose decision it was. */
  employee: string;
  /** Whether whoever reads it may answer: it was their decision. */
  mayReply: boolean;
  now: string;
  timeZone: string;
}

/** What was written looking back, and what the employee said to it. */
export function ReviewStories({ reviews, ...rest }: ReviewStoriesProps) {
  return (
    <ol className="flex flex-col divide-y divide-line">
      {reviews.map((review) => (
        <li key={review.id} className="flex flex-col gap-2 py-3 first:pt-0">
          <Story review={review} {...rest} />
        </li>
      ))}
    </ol>
  );
}

/** What stands in the place of words that are gone with time. */
const ERASED = "[erased]";

function Story({
  review,
  employee,
  mayReply,
  now,
  timeZone,
}: Omit<ReviewStoriesProps, "reviews"> & { review: ReviewStory }) {
  const t = useTranslations("reviews.decision");
  const { reply } = review;
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <ReviewBadge verdict={review.verdict} />
        <span className="font-medium">{t("by", { name: review.reviewer.name })}</span>
        {review.own ? <span className="text-ink-2">{t("own")}</span> : null}
        <Time at={review.createdAt} now={now} timeZone={timeZone} as="short" className="figures text-ink-3" />
      </p>
      {review.note ? <p className="max-w-prose whitespace-pre-line break-words">{review.note}</p> : null}
      {reply ? (
        <div className="flex flex-col gap-1 border-line border-l pl-3">
          <p className="flex flex-wrap items-center gap-x-3 text-ink-2">
            {t("reply", { employee })}
            <Time
              at={reply.createdAt}
              now={now}
              timeZone={timeZone}
              as="short"
              className="figures text-ink-3"
            />
          </p>
          <p className="max-w-prose whitespace-pre-line break-words">
            {reply.text === ERASED ? t("expired") : reply.text}
          </p>
        </div>
      ) : mayReply && !review.own ? (
        <ReplyForm reviewId={review.id} />
      ) : null}
    </>
  );
}

function ReplyForm({ reviewId }: { reviewId: string }) {
  const t = useTranslations("reviews.reply");
  const router = useRouter();
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);
  const { busy, refusal, send, clear } = useWriting();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    setMissing(text.trim() === "");
    if (text.trim() === "") return;
    if (await send(() => answerReview({ reviewId, text: text.trim() }))) router.refresh();
  }

  return (
    <form noValidate onSubmit={submit} className="flex max-w-prose flex-col gap-3">
      <Field label={t("label")} hint={t("hint")} error={missing ? t("missing") : null}>
        <Textarea
          value={text}
          maxLength={2000}
          onChange={(event) => {
            setText(event.target.value);
            setMissing(false);
          }}
        />
      </Field>
      {refusal ? <RefusedNote refusal={refusal} onSignedIn={clear} /> : null}
      <Button type="submit" busy={busy} className="w-fit">
        {busy ? t("busy") : t("submit")}
      </Button>
    </form>
  );
}
