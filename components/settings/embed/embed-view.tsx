"use client";

import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, Input } from "@/components/ui/field";
import { useHydrated } from "@/components/ui/use-hydrated";
import { addOrigin, removeOrigin } from "@/lib/embed/actions";
import { originSchema } from "@/lib/embed/schema";
import type { EmbedOrigin, EmbedPage, OriginsAnswer } from "@/lib/embed/types";
import { formatDay } from "@/lib/format/dates";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";

/** Which sites may show the desk, and what they put into their page for that. */
export function EmbedView({ mayEdit, organizationId, base, origins: stored }: EmbedPage) {
  const t = useTranslations("embed.settings");
  const { origins, said, ...call } = useOrigins(stored);
  // Not before the page is ready: what would be typed until then would be lost.
  return (
    <fieldset disabled={!useHydrated()} className="flex min-w-0 flex-col gap-10">
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{t("text")}</p>
        {mayEdit ? null : <p className="text-ink-2">{t("readOnly")}</p>}
      </header>
      <section aria-labelledby="sites" className="flex max-w-prose flex-col gap-3">
        <div className="flex flex-col gap-1">
          <h2 id="sites" className="font-semibold text-base">
            {t("sites.title")}
          </h2>
          <p className="text-ink-2">{t("sites.text")}</p>
        </div>
        <OriginList origins={origins} mayEdit={mayEdit} busy={call.removing} onRemove={call.remove} />
        <p role="status" className="flex items-start gap-1.5 text-allow empty:hidden">
          {said ? (
            <>
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
              <span className="min-w-0 break-all">{t(`sites.${said.what}`, { origin: said.origin })}</span>
            </>
          ) : null}
        </p>
        {mayEdit ? <AddForm {...call} /> : null}
        <Refused answer={call.answer} failed={call.failed} onSignedIn={call.clear} />
      </section>
      <Snippets base={base} organizationId={organizationId} />
    </fieldset>
  );
}

function useOrigins(stored: EmbedOrigin[]) {
  const { answer, busy, failed, call, clear } = useCall<OriginsAnswer>();
  const [origins, setOrigins] = useState(stored);
  const [said, setSaid] = useState<{ what: "addedNow" | "removed"; origin: string } | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);

  async function change(what: "addedNow" | "removed", origin: string): Promise<boolean> {
    setSaid(null);
    const heard = await call(() => (what === "removed" ? removeOrigin : addOrigin)({ origin }));
    if (!heard?.ok) return false;
    setOrigins(heard.origins);
    setSaid({ what, origin });
    return true;
  }

  return {
    origins,
    said,
    answer,
    failed,
    clear,
    adding: busy && removing === null,
    removing,
    add: (origin: string) => change("addedNow", origin),
    async remove(origin: string) {
      setRemoving(origin);
      await change("removed", origin);
      setRemoving(null);
    },
  };
}

interface OriginListProps {
  origins: readonly EmbedOrigin[];
  mayEdit: boolean;
  /** The one that is being taken off. */
  busy: string | null;
  onRemove: (origin: string) => void;
}

function OriginList({ origins, mayEdit, busy, onRemove }: OriginListProps) {
  const t = useTranslations("embed.settings.sites");
  if (origins.length === 0) return <p>{t("none")}</p>;
  return (
    <ul className="flex flex-col divide-y divide-line border-line border-y">
      {origins.map(({ origin, addedAt }) => (
        <li key={origin} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
          <span className="flex min-w-0 flex-wrap items-baseline gap-x-3">
            <span className="break-all font-mono text-sm">{origin}</span>
            <span className="text-ink-3 text-xs">
              {/* The day matters, not whose: any time zone names it well enough. */}
              {t("added", { when: formatDay(new Date(addedAt), "UTC") })}
            </span>
          </span>
          {mayEdit ? (
            <Button
              size="sm"
              variant="quiet"
              className="pointer-coarse:h-11"
              aria-label={t("removeOf", { origin })}
              busy={busy === origin}
              onClick={() => onRemove(origin)}
            >
              {t(busy === origin ? "removing" : "remove")}
            </Button>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

type AddFormProps = Pick<ReturnType<typeof useOrigins>, "add" | "adding" | "answer" | "clear">;

function AddForm({ add, adding, answer, clear }: AddFormProps) {
  const t = useTranslations("embed.settings.add");
  const [typed, setTyped] = useState("");
  const [own, setOwn] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const theirs = answer?.ok === false && answer.code === "invalid" ? answer.errors[0]?.message : undefined;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (adding) return;
    const parsed = originSchema.safeParse(typed);
    if (!parsed.success) {
      setOwn(parsed.error.issues[0]?.message);
      return field.current?.focus();
    }
    if (await add(parsed.data)) setTyped("");
    field.current?.focus();
  }

  return (
    <form noValidate onSubmit={submit} className="mt-2 flex flex-col gap-3">
      <Field label={t("label")} hint={t("hint")} error={own ?? theirs}>
        <Input
          ref={field}
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={400}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setOwn(undefined);
            if (answer && !answer.ok) clear();
          }}
        />
      </Field>
      {answer?.ok === false && answer.code === "too_many" ? <ErrorNote title={t("tooMany")} /> : null}
      <Button type="submit" variant="primary" className="w-fit" busy={adding}>
        {t(adding ? "busy" : "submit")}
      </Button>
    </form>
  );
}

const HINTS = [
  { by: "email", value: "CUSTOMER-EMAIL" },
  { by: "order", value: "ORDER-NUMBER" },
  { by: "customer", value: "YOUR-REFERENCE" },
] as const;

/**
 * The frame is told the site whatever the page around it tells others, so that the person can read who asks; it has the clipboard,
 * for the words. Whom the ticket is about stands where no server is told of it.
 */
function snippetOf(base: string, organizationId: string, { by, value }: (typeof HINTS)[number]): string {
  const address = `${base}/embed/desk?organization=${organizationId}#${by}=${value}`;
  return `<iframe src="${address}" title="Leeway" width="400" height="720" referrerpolicy="strict-origin" allow="clipboard-write"></iframe>`;
}

function Snippets({ base, organizationId }: Pick<EmbedPage, "base" | "organizationId">) {
  const t = useTranslations("embed.settings.snippet");
  const common = useTranslations("common");
  return (
    <section aria-labelledby="snippet" className="flex min-w-0 max-w-3xl flex-col gap-3">
      <div className="flex max-w-prose flex-col gap-1">
        <h2 id="snippet" className="font-semibold text-base">
          {t("title")}
        </h2>
        <p className="text-ink-2">{t("text")}</p>
        <p className="text-ink-2">{t("placeholders")}</p>
      </div>
      {HINTS.map((hint) => {
        const snippet = snippetOf(base, organizationId, hint);
        return (
          <div key={hint.by} className="flex flex-col gap-1.5">
            <div className="flex items-center justify-between gap-3">
              <h3 className="font-medium text-sm">{t(hint.by)}</h3>
              <CopyButton
                text={snippet}
                label={common("copy")}
                doneLabel={common("copied")}
                failedLabel={common("copyFailed")}
              />
            </div>
            <code className="block whitespace-pre-wrap break-all rounded-md bg-sunken p-3 font-mono text-xs">
              {snippet}
            </code>
          </div>
        );
      })}
    </section>
  );
}
