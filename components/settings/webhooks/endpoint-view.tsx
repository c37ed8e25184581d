"use client";

import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ErrorNote } from "@/components/ui/error-note";
import { Time } from "@/components/ui/time";
import { useHydrated } from "@/components/ui/use-hydrated";
import { changeEndpoint } from "@/lib/webhooks/actions";
import type { ChangeAnswer, EndpointPage } from "@/lib/webhooks/types";
import { useCall } from "../rates/use-call";
import { Refused } from "../refused";
import { DeliveryLog } from "./delivery-log";
import { EndpointActions } from "./endpoint-actions";
import { EndpointForm } from "./endpoint-form";
import { EndpointStatus } from "./endpoint-status";
import { SecretShown } from "./secret-shown";
import { refusalOf } from "./webhooks-view";

/** One endpoint: how it is doing, what can be done about it, and what it was told. */
export function EndpointView(page: EndpointPage) {
  const t = useTranslations("webhooks");
  const { endpoint, mayEdit } = page;
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <fieldset disabled={!useHydrated()} className="flex min-w-0 max-w-4xl flex-col gap-8">
      <header className="flex flex-col items-start gap-2">
        <Link
          href="/settings/webhooks"
          className="inline-flex items-center gap-1 text-accent-text text-sm underline-offset-2 hover:underline pointer-coarse:min-h-11"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {t("page.back")}
        </Link>
        <h1 className="break-all font-mono font-semibold text-base">{endpoint.url}</h1>
        <EndpointStatus endpoint={endpoint} />
      </header>
      <Trouble {...page} />
      {secret ? <SecretShown url={endpoint.url} secret={secret} onDone={() => setSecret(null)} /> : null}
      {mayEdit ? <EndpointActions endpoint={endpoint} onSecret={setSecret} /> : null}
      {mayEdit ? <Edit key={`${endpoint.url} ${endpoint.kinds}`} {...page} /> : null}
      <DeliveryLog {...page} />
    </fieldset>
  );
}

function Trouble({ endpoint, now, timeZone }: EndpointPage) {
  const t = useTranslations("webhooks");
  const { status, disabledAt, failingSince } = endpoint;
  const since = status === "disabled" ? disabledAt : status === "on" ? failingSince : null;
  if (since === null) return null;
  const time = () => <Time at={since} now={now} timeZone={timeZone} />;
  const words = status === "disabled" ? "disabled" : "failing";
  return (
    <ErrorNote title={t.rich(`${words}.title`, { time })}>
      <p>{t(`${words}.text`)}</p>
    </ErrorNote>
  );
}

function Edit({ endpoint }: EndpointPage) {
  const t = useTranslations("webhooks");
  const { answer, busy, failed, call, clear } = useCall<ChangeAnswer>();
  const { id, url, kinds } = endpoint;
  return (
    <details className="max-w-prose">
      <summary className="w-fit cursor-pointer py-1 font-medium pointer-coarse:py-3">
        {t("page.edit")}
      </summary>
      <div className="flex flex-col gap-3 pt-3">
        <EndpointForm
          start={{ url, kinds }}
          reachesLoopback={false}
          busy={busy}
          words={{ submit: t("add.save"), busy: t("add.saving") }}
          refusal={refusalOf(answer, t)}
          theirs={answer?.ok === false && answer.code === "invalid" ? answer.errors : []}
          onTyped={() => answer && clear()}
          onSubmit={async (wish) => (await call(() => changeEndpoint({ id, ...wish })))?.ok === true}
        />
        <p role="status" className="text-allow empty:hidden">
          {answer?.ok ? t("add.saved") : null}
        </p>
        <Refused answer={answer} failed={failed} onSignedIn={clear} />
      </div>
    </details>
  );
}
