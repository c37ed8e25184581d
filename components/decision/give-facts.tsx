"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Textarea } from "@/components/ui/field";
import type { HandoverStory, HandoverView } from "@/lib/handovers/types";
import { RefusedNote } from "./refused-note";
import { giveFacts } from "./requests";
import { useAsking } from "./use-taking-back";

interface GiveFactsProps {
  handover: HandoverStory;
  onDone: (handover: HandoverView) => void;
}

/** Answers what whoever decides wants to know; the clock stands until then. */
export function GiveFacts({ handover, onDone }: GiveFactsProps) {
  const t = useTranslations("handovers.desk");
  const [facts, setFacts] = useState("");
  const [error, setError] = useState<string | null>(null);
  const { asking, ask, clear } = useAsking<HandoverView>();
  const question = handover.words.findLast(({ kind }) => kind === "question");
  if (!question || !handover.clockStands) return null;

  async function send() {
    const answer = await ask((onAgain) => giveFacts(handover.id, facts.trim(), onAgain));
    if (answer?.ok) onDone(answer.value);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (asking.step !== null) return;
    if (facts.trim() === "") return setError(t("factsMissing"));
    void send();
  }

  return (
    <form noValidate onSubmit={submit} className="flex max-w-xl flex-col gap-3 rounded-md bg-sunken p-3">
      <p>
        <span className="font-medium">{t("question", { name: question.by.name })}: </span>
        <span className="whitespace-pre-line break-words">{question.text}</span>
      </p>
      <Field label={t("facts")} hint={t("factsHint", { name: question.by.name })} error={error}>
        <Textarea
          name="facts"
          maxLength={2000}
          value={facts}
          onChange={(event) => {
            setFacts(event.target.value);
            setError(null);
            clear();
          }}
        />
      </Field>
      {asking.refused ? <RefusedNote refused={asking.refused} unsure={t("unsure")} onAgain={send} /> : null}
      <Button type="submit" variant="primary" className="w-fit" busy={asking.step !== null}>
        {asking.step === null ? t("give") : t(asking.step === "again" ? "giveAgain" : "giveBusy")}
      </Button>
    </form>
  );
}
