"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import type { ChosenKind } from "@/lib/webhooks/kinds";
import { newEndpointSchema, URL_MAX } from "@/lib/webhooks/schema";
import { KindsField } from "./kinds-field";

export interface EndpointWish {
  url: string;
  kinds: ChosenKind[];
}

interface EndpointFormProps {
  start: EndpointWish;
  reachesLoopback: boolean;
  busy: boolean;
  words: { submit: string; busy: string };
  /** What the server said of it. */
  refusal: string | undefined;
  theirs: readonly { path: string; message: string }[];
  onTyped: () => void;
  /** Answers whether it was taken; then the form begins anew where `clears` says so. */
  onSubmit: (wish: EndpointWish) => Promise<boolean>;
  clears?: boolean;
}

/** Where an endpoint is, and what it is told of. */
export function EndpointForm(props: EndpointFormProps) {
  const { start, reachesLoopback, busy, words, refusal, theirs, onTyped, onSubmit, clears } = props;
  const t = useTranslations("webhooks.add");
  const [url, setUrl] = useState(start.url);
  const [kinds, setKinds] = useState(start.kinds);
  const [own, setOwn] = useState<Record<string, string>>({});
  const fault = (name: string) => own[name] ?? theirs.find(({ path }) => path.startsWith(name))?.message;

  function typed() {
    setOwn({});
    onTyped();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const parsed = newEndpointSchema.safeParse({ url, kinds });
    if (!parsed.success) {
      return setOwn(
        Object.fromEntries(parsed.error.issues.map(({ path, message }) => [String(path[0]), message])),
      );
    }
    if (!(await onSubmit(parsed.data)) || !clears) return;
    setUrl(start.url);
    setKinds(start.kinds);
  }

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("url")} hint={t(reachesLoopback ? "urlHintLocal" : "urlHint")} error={fault("url")}>
        <Input
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={URL_MAX}
          value={url}
          onChange={(event) => {
            setUrl(event.target.value);
            typed();
          }}
        />
      </Field>
      <KindsField
        value={kinds}
        error={fault("kinds")}
        onChange={(next) => {
          setKinds(next);
          typed();
        }}
      />
      {refusal ? <ErrorNote title={refusal} /> : null}
      <Button type="submit" variant="primary" className="w-fit" busy={busy}>
        {busy ? words.busy : words.submit}
      </Button>
    </form>
  );
}
