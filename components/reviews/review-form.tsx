"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { isTyping } from "@/components/shell/is-typing";
import { Button } from "@/components/ui/button";
import { RadioCards } from "@/components/ui/choice";
import { Field, FieldGroup, Textarea } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { recordReview } from "@/lib/reviews/actions";
import { REVIEW_VERDICTS, type ReviewVerdict } from "@/lib/reviews/schema";
import { RefusedNote } from "./refused-note";
import { REVIEW_ICONS } from "./review-badge";
import { useWriting } from "./use-writing";

interface ReviewFormProps {
  decisionId: string;
  /** Whose decision it was. */
  employee: string;
  /** Whether it was the person's own. */
  isOwn: boolean;
  /** Whether 1 to 5, W and Enter work wherever nothing else has the focus. */
  withKeys?: boolean;
  onDone: (verdict: ReviewVerdict) => void;
}

/** What one thinks of a decision, and words for whoever took it. */
export function ReviewForm({ decisionId, employee, isOwn, withKeys = false, onDone }: ReviewFormProps) {
  const t = useTranslations("reviews.form");
  const words = useTranslations("reviews.verdict");
  const [verdict, setVerdict] = useState<ReviewVerdict | null>(null);
  const [note, setNote] = useState("");
  const [errors, setErrors] = useState<{ verdict?: string; note?: string }>({});
  const form = useRef<HTMLFormElement>(null);
  const { busy, refusal, send, clear } = useWriting();

  async function submit(event?: FormEvent) {
    event?.preventDefault();
    if (busy) return;
    if (verdict === null) return setErrors({ verdict: t("verdictMissing") });
    if (verdict === "talk" && note.trim() === "") {
      setErrors({ note: t("noteMissing") });
      form.current?.querySelector("textarea")?.focus();
      return;
    }
    const done = await send(() => recordReview({ decisionId, verdict, note: note.trim() || null }));
    if (done) onDone(verdict);
  }

  function choose(next: ReviewVerdict) {
    setVerdict(next);
    setErrors({});
    clear();
  }

  useReviewKeys(form, withKeys, { choose, submit });

  return (
    <form ref={form} noValidate onSubmit={submit} className="flex max-w-2xl flex-col gap-4">
      <FieldGroup label={t("verdict")} error={errors.verdict}>
        <RadioCards<ReviewVerdict>
          name={`review-${decisionId}`}
          value={verdict}
          options={REVIEW_VERDICTS.map((value, index) => {
            const Icon = REVIEW_ICONS[value];
            return {
              value,
              label: (
                <span className="flex items-center gap-2">
                  {words(value)}
                  {withKeys ? <Kbd>{index + 1}</Kbd> : null}
                </span>
              ),
              icon: <Icon aria-hidden />,
            };
          })}
          onChange={choose}
          className="sm:grid-cols-2"
        />
      </FieldGroup>
      <Field
        label={isOwn ? t("noteOwn") : t("note", { employee })}
        hint={isOwn ? t("noteOwnHint") : t("noteHint")}
        error={errors.note}
      >
        <Textarea
          value={note}
          maxLength={2000}
          onChange={(event) => {
            setNote(event.target.value);
            setErrors({});
          }}
          onKeyDown={(event: KeyboardEvent<HTMLTextAreaElement>) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit(event);
          }}
        />
      </Field>
      {refusal ? <RefusedNote refusal={refusal} onSignedIn={clear} /> : null}
      <Button type="submit" variant="primary" busy={busy} className="w-fit">
        {busy ? t("busy") : isOwn ? t("submitOwn") : t("submit")}
      </Button>
    </form>
  );
}

function useReviewKeys(
  form: RefObject<HTMLFormElement | null>,
  on: boolean,
  { choose, submit }: { choose: (verdict: ReviewVerdict) => void; submit: () => void },
) {
  const latest = useRef({ choose, submit });
  useEffect(() => {
    latest.current = { choose, submit };
  });
  useEffect(() => {
    if (!on) return;
    function onKey(event: globalThis.KeyboardEvent) {
      if (isTyping(event) || event.defaultPrevented) return;
      const verdict = REVIEW_VERDICTS[Number(event.key) - 1];
      if (verdict) {
        event.preventDefault();
        latest.current.choose(verdict);
      } else if (event.key === "w" || event.key === "W") {
        event.preventDefault();
        form.current?.querySelector("textarea")?.focus();
      } else if (event.key === "Enter" && !isPressable(event.target)) {
        event.preventDefault();
        latest.current.submit();
      }
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [form, on]);
}

/** What Enter presses by itself. */
function isPressable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("a, button, summary, [role=dialog], input[type=radio]") !== null
  );
}
