import { CircleAlert, CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Time } from "@/components/ui/time";
import type { Aside, Health, OutsideKind, TestFinding } from "@/lib/providers/types";
import { Refused } from "../refused";
import type { ProviderCalls } from "./use-provider";

export interface SectionProps {
  mayEdit: boolean;
  canSave: boolean;
  /** When the page was made, ISO 8601. */
  now: string;
}

interface ProviderSectionProps extends SectionProps {
  kind: OutsideKind;
  stored: { enabled: boolean; health: Health | null; aside: Aside | null } | null;
  calls: ProviderCalls;
  /** The form, for who may change it, or what is stored. */
  children: ReactNode;
}

/** One provider: how it stands, its form, and what can be done with it. */
export function ProviderSection({ kind, stored, calls, mayEdit, now, children }: ProviderSectionProps) {
  const t = useTranslations("providers");
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex max-w-prose flex-col gap-4">
      <div className="flex flex-col gap-1">
        <h2 id={id} className="font-semibold text-base">
          {t(`${kind}.title`)}
        </h2>
        <p className="text-ink-2">{t(`${kind}.text`)}</p>
        <State stored={stored} now={now} />
      </div>
      {stored?.aside ? <SetAside aside={stored.aside} calls={calls} mayEdit={mayEdit} now={now} /> : null}
      {children}
      <p role="status" className="flex items-start gap-1.5 text-allow empty:hidden">
        {calls.said ? (
          <>
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
            {t(calls.said)}
          </>
        ) : null}
      </p>
      {calls.answer?.ok === false && calls.answer.code === "not_set_up" ? (
        <ErrorNote title={t("notSetUp")} />
      ) : null}
      {calls.answer?.ok === false && calls.answer.code === "no_encryption_key" ? (
        <ErrorNote title={t("noKey.title")}>
          <p>{t("noKey.text")}</p>
        </ErrorNote>
      ) : null}
      <Refused answer={calls.answer} failed={calls.failed} onSignedIn={calls.clear} />
      {mayEdit && stored ? <Doings kind={kind} enabled={stored.enabled} calls={calls} /> : null}
    </section>
  );
}

/** In words and with a sign: never by its colour alone. */
function State({ stored, now }: Pick<ProviderSectionProps, "stored" | "now">) {
  const t = useTranslations("providers");
  if (!stored) return <p className="text-ink-3 text-sm">{t("state.none")}</p>;
  const { enabled, health } = stored;
  if (!enabled) return <p className="text-ink-3 text-sm">{t("state.off")}</p>;
  if (!health) return <p className="text-sm">{t("state.on")}</p>;
  const isWell = health.state === "well";
  const Sign = isWell ? CircleCheck : CircleAlert;
  // The moment is told as "ago", which every time zone agrees on.
  const when = () => <Time at={health.at} now={now} timeZone="UTC" />;
  return (
    <p className={`flex items-start gap-1.5 text-sm ${isWell ? "text-allow" : "text-deny"}`}>
      <Sign aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0">
        {isWell
          ? t.rich("state.well", { when })
          : t.rich("state.failing", { when, fault: wordsOf(health.fault ?? "", t) })}
      </span>
    </p>
  );
}

interface SetAsideProps extends Pick<ProviderSectionProps, "calls" | "mayEdit" | "now"> {
  aside: Aside;
}

/** What the provider said and could not be applied: nothing of it is lost, and it waits for somebody. */
function SetAside({ aside, calls, mayEdit, now }: SetAsideProps) {
  const t = useTranslations("providers.aside");
  const when = () => <Time at={aside.oldest} now={now} timeZone="UTC" />;
  return (
    <ErrorNote
      title={t.rich("title", { count: aside.count, when })}
      action={
        mayEdit ? (
          <Button busy={calls.doing === "hear"} onClick={() => void calls.hear()}>
            {t(calls.doing === "hear" ? "busy" : "again")}
          </Button>
        ) : null
      }
    >
      <p>{t("text")}</p>
    </ErrorNote>
  );
}

type Words = ReturnType<typeof useTranslations<"providers">>;

/** A test leaves a word that the catalogue knows; an execution leaves a sentence. */
function wordsOf(fault: string, t: Words): string {
  const key = `fault.${fault}` as "fault.timeout";
  return /^[a-z_]+$/.test(fault) && t.has(key) ? t(key) : fault;
}

function Doings({ kind, enabled, calls }: { kind: OutsideKind; enabled: boolean; calls: ProviderCalls }) {
  const t = useTranslations("providers");
  const { test, doing } = calls;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Button busy={test.busy} onClick={() => void calls.tryIt()}>
          {t(test.busy ? "test.busy" : "test.do")}
        </Button>
        <Button variant="quiet" busy={doing === "turn"} onClick={() => void calls.turn(!enabled)}>
          {t(doing === "turn" ? "turning" : enabled ? "turnOff" : "turnOn")}
        </Button>
        <RemoveButton busy={doing === "remove"} onRemove={() => void calls.remove()} />
      </div>
      <p className="text-ink-3 text-xs">{t("test.moves")}</p>
      <div role="status" className="flex flex-col gap-2 empty:hidden">
        {test.answer?.ok ? <Finding kind={kind} finding={test.answer.finding} /> : null}
      </div>
      {test.failed ? <ErrorNote title={t("test.failed")} /> : null}
      {test.answer?.ok === false && test.answer.code === "not_set_up" ? (
        <ErrorNote title={t("notSetUp")} />
      ) : null}
      <Refused answer={test.answer} failed={false} onSignedIn={test.clear} />
    </div>
  );
}

/** Secrets that are gone have to be pasted anew, so it takes two presses; looking elsewhere takes the first one back. */
function RemoveButton({ busy, onRemove }: { busy: boolean; onRemove: () => void }) {
  const t = useTranslations("providers");
  const [isAsked, setIsAsked] = useState(false);
  return (
    <>
      <Button
        variant={isAsked ? "danger" : "quiet"}
        busy={busy}
        onBlur={() => setIsAsked(false)}
        onClick={() => (isAsked ? onRemove() : setIsAsked(true))}
      >
        {t(busy ? "removing" : isAsked ? "removeSure" : "remove")}
      </Button>
      <span role="status" className="sr-only">
        {isAsked && !busy ? t("removeSure") : ""}
      </span>
    </>
  );
}

function Finding({ kind, finding }: { kind: OutsideKind; finding: TestFinding }) {
  const t = useTranslations("providers.test");
  if (finding.found === "failing") {
    return (
      <p className="flex items-start gap-1.5 text-deny">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0">{t(`why.${finding.why}`, { status: finding.status ?? 0 })}</span>
      </p>
    );
  }
  const { mode = "test", hearsNothing } = finding;
  return (
    <>
      <p className="flex items-start gap-1.5 text-allow">
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
        {t(kind === "stripe" ? `well.stripe_${mode}` : "well.webhook")}
      </p>
      {hearsNothing ? <p className="text-ink-2">{t("hearsNothing")}</p> : null}
    </>
  );
}
