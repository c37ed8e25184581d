"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { ButtonLink } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Time } from "@/components/ui/time";
import { useHydrated } from "@/components/ui/use-hydrated";
import { addEndpoint } from "@/lib/webhooks/actions";
import { GROUPS, type KindGroup } from "@/lib/webhooks/kinds";
import type { AddAnswer, Endpoint, WebhooksPage } from "@/lib/webhooks/types";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";
import { EndpointForm, type EndpointWish } from "./endpoint-form";
import { EndpointStatus } from "./endpoint-status";
import { SecretShown } from "./secret-shown";

/** Who is told of what happens, and how they are doing. */
export function WebhooksView(page: WebhooksPage) {
  const t = useTranslations("webhooks");
  const [fresh, setFresh] = useState<{ url: string; secret: string } | null>(null);
  return (
    <fieldset disabled={!useHydrated()} className="flex min-w-0 max-w-3xl flex-col gap-10">
      <header className="flex max-w-prose flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("heading")}</h1>
        <p className="text-ink-2">{t("text")}</p>
        {page.mayEdit ? null : <p className="text-ink-2">{t("readOnly")}</p>}
      </header>
      {fresh ? <SecretShown {...fresh} onDone={() => setFresh(null)} /> : null}
      <section aria-labelledby="endpoints" className="flex flex-col gap-3">
        <h2 id="endpoints" className="font-semibold text-base">
          {t("list.title")}
        </h2>
        <EndpointList {...page} />
      </section>
      {page.mayEdit ? <AddSection page={page} onAdded={setFresh} /> : null}
    </fieldset>
  );
}

function EndpointList({ endpoints, now, timeZone }: WebhooksPage) {
  const t = useTranslations("webhooks.list");
  if (endpoints.length === 0) return <p>{t("none")}</p>;
  return (
    <ul className="flex flex-col divide-y divide-line border-line border-y">
      {endpoints.map((endpoint) => (
        <li key={endpoint.id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3">
          <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
            <span className="break-all font-mono text-sm">{endpoint.url}</span>
            <ToldOf kinds={endpoint.kinds} />
            <span className="figures flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-3 text-xs">
              <EndpointStatus endpoint={endpoint} />
              <Counts endpoint={endpoint} now={now} timeZone={timeZone} />
            </span>
          </div>
          <ButtonLink
            size="sm"
            href={`/settings/webhooks/${endpoint.id}`}
            aria-label={t("logOf", { url: endpoint.url })}
          >
            {t("log")}
          </ButtonLink>
        </li>
      ))}
    </ul>
  );
}

/** By sorts, which is what people tell them apart by; the single events stand on the endpoint's own page. */
function ToldOf({ kinds }: Pick<Endpoint, "kinds">) {
  const t = useTranslations("webhooks");
  const of = (group: KindGroup) =>
    kinds.some((kind) => kind === `${group}.*` || kind.startsWith(`${group}.`)) ||
    (group === "policy" && kinds.some((kind) => kind.startsWith("trial.")));
  const names = GROUPS.filter(of).map((group) => t(`group.${group}`));
  return <span className="text-ink-2 text-sm">{t("list.told", { kinds: names.join(", ") })}</span>;
}

interface CountsProps {
  endpoint: Endpoint;
  now: string;
  timeZone: string;
}

function Counts({ endpoint, now, timeZone }: CountsProps) {
  const t = useTranslations("webhooks.list");
  const { waiting, dead, lastSuccessAt } = endpoint;
  return (
    <>
      <span>
        {lastSuccessAt === null
          ? t("neverSuccess")
          : t.rich("lastSuccess", { time: () => <Time at={lastSuccessAt} now={now} timeZone={timeZone} /> })}
      </span>
      <span>{t("waiting", { count: waiting })}</span>
      {dead > 0 ? <span className="text-deny">{t("dead", { count: dead })}</span> : null}
    </>
  );
}

interface AddSectionProps {
  page: WebhooksPage;
  onAdded: (fresh: { url: string; secret: string }) => void;
}

function AddSection({ page, onAdded }: AddSectionProps) {
  const t = useTranslations("webhooks");
  const { answer, busy, failed, call, clear } = useCall<AddAnswer>();

  async function add(wish: EndpointWish): Promise<boolean> {
    const heard = await call(() => addEndpoint(wish));
    if (!heard?.ok) return false;
    onAdded({ url: heard.endpoint.url, secret: heard.secret });
    return true;
  }

  return (
    <section aria-labelledby="add" className="flex max-w-prose flex-col gap-3">
      <h2 id="add" className="font-semibold text-base">
        {t("add.title")}
      </h2>
      {page.missing ? (
        <ErrorNote title={t("missing.title")}>
          <p>{t("missing.text")}</p>
        </ErrorNote>
      ) : (
        <EndpointForm
          start={{ url: "", kinds: GROUPS.map((group) => `${group}.*` as const) }}
          reachesLoopback={page.reachesLoopback}
          busy={busy}
          words={{ submit: t("add.submit"), busy: t("add.busy") }}
          refusal={refusalOf(answer, t)}
          theirs={answer?.ok === false && answer.code === "invalid" ? answer.errors : []}
          onTyped={() => answer && !answer.ok && clear()}
          onSubmit={add}
          clears
        />
      )}
      <Refused answer={answer} failed={failed} onSignedIn={clear} />
    </section>
  );
}

/** What the server said of a wish, where that is about the wish. */
export function refusalOf(
  answer: { ok: boolean; code?: string } | null,
  t: ReturnType<typeof useTranslations<"webhooks">>,
): string | undefined {
  switch (answer?.code) {
    case "too_many":
      return t("add.tooMany");
    case "out_of_reach":
      return t("add.outOfReach");
    case "no_key":
      return t("page.noKey");
    case "gone":
      return t("page.gone");
    default:
      return undefined;
  }
}
