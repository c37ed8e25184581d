"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import type { ExampleOutcome } from "@/lib/discretion/examples";
import type { PublishRefusal, TrialAnswer, WholeVersion } from "@/lib/policies/types";
import { FaultList } from "./fault-list";

/** Why nothing came of what was asked; `unexpected` where no answer came at all. */
export type LifeRefusal =
  | PublishRefusal
  | Exclude<TrialAnswer, { ok: true }>
  | { ok: false; code: "unexpected" };

interface RefusalNoteProps {
  refusal: LifeRefusal;
  /** The version that it was about. */
  version: number;
  /** Somebody signed in again: what was asked can be asked again. */
  onSignedIn: () => void;
  /** Shows what came into force meanwhile; left out where there is nothing to compare with it. */
  onStale?: (current: WholeVersion | null) => void;
  /** Shows what the draft says by now. */
  onDraftChanged?: () => void;
  /** A link was followed. */
  onFollow?: () => void;
}

/** What kept a version from being changed, put in force or tried, and what to do about it. */
export function RefusalNote({
  refusal,
  version,
  onSignedIn,
  onStale,
  onDraftChanged,
  onFollow,
}: RefusalNoteProps) {
  const t = useTranslations("settings.life.refusal");
  switch (refusal.code) {
    case "signed_out":
      return (
        <div className="flex flex-col gap-3">
          <ErrorNote title={t("signed_out.title")}>
            <p>{t("signed_out.text")}</p>
          </ErrorNote>
          <SignInForm to={null} onSignedIn={onSignedIn} />
        </div>
      );
    case "invalid":
      return (
        <ErrorNote title={t("invalid", { count: refusal.errors.length })}>
          <FaultList faults={refusal.errors} />
        </ErrorNote>
      );
    case "examples_failed":
      return <ExamplesFailed failed={refusal.failed} version={version} {...(onFollow ? { onFollow } : {})} />;
    case "stale":
      return <Stale current={refusal.current} {...(onStale ? { onStale } : {})} />;
    case "draft_changed": {
      const name = refusal.theirs.updater;
      return (
        <ErrorNote
          title={name ? t("draft_changed.titleBy", { name }) : t("draft_changed.title")}
          action={actionOf(t("draft_changed.show"), onDraftChanged)}
        />
      );
    }
    case "not_draft":
      return <ErrorNote title={t(`not_draft.${refusal.status}`)} action={<Reload />} />;
    case "not_found":
      return <ErrorNote title={t("not_found")} action={<Reload />} />;
    case "team_on_trial":
      return <ErrorNote title={t("team_on_trial", { version: refusal.version })} />;
    case "not_allowed":
    case "scheduled":
    case "no_policy":
    case "team_not_found":
    case "unexpected":
      return <ErrorNote title={t(refusal.code)} />;
    default:
      return refusal satisfies never;
  }
}

function actionOf(label: string, onPress: (() => void) | undefined): ReactNode {
  return onPress ? (
    <Button size="sm" onClick={onPress}>
      {label}
    </Button>
  ) : null;
}

/** What stands on the page is of an earlier time. */
function Reload() {
  const t = useTranslations("settings.life.refusal");
  return (
    <Button size="sm" onClick={() => window.location.reload()}>
      {t("reload")}
    </Button>
  );
}

function Stale({ current, onStale }: Pick<RefusalNoteProps, "onStale"> & { current: WholeVersion | null }) {
  const t = useTranslations("settings.life.refusal.stale");
  if (!current) return <ErrorNote title={t("titleNone")} action={<Reload />} />;
  const { version, author } = current;
  return (
    <ErrorNote
      title={author ? t("titleBy", { name: author, version }) : t("title", { version })}
      action={actionOf(t("compare", { version }), onStale && (() => onStale(current)))}
    />
  );
}

interface ExamplesFailedProps {
  failed: readonly ExampleOutcome[];
  version: number;
  onFollow?: () => void;
}

function ExamplesFailed({ failed, version, onFollow }: ExamplesFailedProps) {
  const t = useTranslations("settings.life.refusal.examples_failed");
  const verdict = useTranslations("settings.difference.verdict");
  return (
    <ErrorNote title={t("title", { count: failed.length })}>
      <ul className="mt-1 flex flex-col gap-1">
        {failed.map(({ id, expected, actual }) => (
          <li key={id} className="wrap-anywhere">
            {t.rich("line", {
              link: () => (
                <Link
                  href={exampleHref(version, id)}
                  onClick={() => onFollow?.()}
                  className="rounded-inner font-mono text-ink underline underline-offset-4"
                >
                  {id}
                </Link>
              ),
              expected: verdict(expected.verdict),
              actual: verdict(actual.verdict),
            })}
          </li>
        ))}
      </ul>
    </ErrorNote>
  );
}

/** Where a draft's editor shows one of its examples. */
export function exampleHref(version: number, example: string): string {
  return `/settings/policies/${version}?example=${encodeURIComponent(example)}`;
}
