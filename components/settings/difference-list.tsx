import { ArrowUpDown, type LucideIcon, Minus, PenLine, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Policy } from "@/lib/discretion/schema";
import { differenceWords, type PartSaying, type Saying } from "./difference-words";

interface DifferenceListProps {
  /** Null for an organization's first. */
  before: Policy | null;
  /** Numbers that could not be read may be NaN. */
  after: Policy;
  /** What to say where there is no difference. */
  empty?: string;
  /** How many parts to show at once; the others are a press away. */
  fold?: number;
}

/** What one policy does otherwise than another, in sentences. */
export function DifferenceList({ before, after, empty, fold }: DifferenceListProps) {
  const difference = useTranslations("settings.difference");
  const policy = useTranslations("settings.policy");
  const windows = useTranslations("common.window");
  if (!before) {
    const { limits, rules, values } = after;
    const counts = { limits: limits.length, rules: rules.length, values: values.length };
    return <p className="text-ink-2">{difference("first", counts)}</p>;
  }
  const parts = differenceWords(before, after, { difference, policy, windows });
  if (parts.length === 0) return <p className="text-ink-2">{empty ?? difference("same")}</p>;
  // One more line is not worth a press.
  const shown = fold !== undefined && parts.length > fold + 1 ? fold : parts.length;
  const rest = parts.slice(shown);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <PartList parts={parts.slice(0, shown)} />
      {rest.length > 0 ? (
        <details>
          <summary className="w-fit rounded-inner text-ink-3 hover:text-ink pointer-coarse:py-3">
            {difference("more", { count: rest.length })}
          </summary>
          <div className="mt-2">
            <PartList parts={rest} />
          </div>
        </details>
      ) : null}
    </div>
  );
}

const ICONS: Record<PartSaying["kind"], LucideIcon> = {
  added: Plus,
  removed: Minus,
  moved: ArrowUpDown,
  changed: PenLine,
};

function PartList({ parts }: { parts: readonly PartSaying[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {parts.map(({ key, kind, id, sayings }) => {
        const Icon = ICONS[kind];
        return (
          <li key={key} className="flex min-w-0 gap-2">
            <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
            <div className="flex min-w-0 max-w-prose flex-col gap-1">
              {sayings.map((saying, index) => (
                <SayingView key={saying.text} saying={saying} id={index === 0 ? id : null} />
              ))}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function SayingView({ saying, id }: { saying: Saying; id: string | null }) {
  const t = useTranslations("settings.difference");
  const { text, texts } = saying;
  return (
    <div className="min-w-0">
      <p className="figures wrap-anywhere">
        {text} {id ? <span className="whitespace-nowrap font-mono text-ink-3 text-xs">{id}</span> : null}
      </p>
      {texts ? (
        <details className="text-ink-2">
          <summary className="w-fit rounded-inner text-ink-3 text-xs hover:text-ink pointer-coarse:py-3.5">
            {t("texts")}
          </summary>
          <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 border-line border-l-2 pl-3">
            <dt className="text-ink-3">{t("before")}</dt>
            <dd className="wrap-anywhere whitespace-pre-line">{texts.before ?? t("none")}</dd>
            <dt className="text-ink-3">{t("now")}</dt>
            <dd className="wrap-anywhere whitespace-pre-line text-ink">{texts.after ?? t("none")}</dd>
          </dl>
        </details>
      ) : null}
    </div>
  );
}
