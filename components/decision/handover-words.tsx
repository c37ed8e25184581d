import { useTranslations } from "next-intl";
import { formatExact } from "@/lib/format/dates";
import { formatMoney } from "@/lib/format/money";
import type { HandoverStory } from "@/lib/handovers/types";
import { FactList } from "./fact-list";
import { Words } from "./words";

interface HandoverWordsProps {
  handover: HandoverStory;
  /** What was asked for, minor units. */
  amount: number;
  currency: string;
  timeZone: string;
}

/** For whom it waits, or how it ended, and what the answer was. */
export function HandoverWords({ handover, amount, currency, timeZone }: HandoverWordsProps) {
  const t = useTranslations("common.handover");
  const own = useTranslations("handovers.words");
  const stands = useSaid(handover, timeZone);
  const said = handover.words.filter(({ kind }) => kind !== "customer");
  return (
    <div className="flex flex-col gap-1.5">
      <p>
        {stands} {handover.status === "waiting" ? t("held", { amount: formatMoney(amount, currency) }) : null}
        {handover.status === "adjusted" && handover.grantedAmount !== null
          ? t("granted", {
              granted: formatMoney(handover.grantedAmount, currency),
              asked: formatMoney(amount, currency),
            })
          : null}
      </p>
      <Standing handover={handover} />
      {said.length > 0 ? (
        <dl className="flex flex-col gap-1.5">
          {said.map(({ kind, text, by, at }) => (
            <div key={at} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6">
              <dt className="max-w-40 text-ink-3">{own(kind, { name: by.name })}</dt>
              <dd className="whitespace-pre-line break-words">{text}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {handover.note ? <FactList lines={[[t("note"), handover.note]]} /> : null}
      {handover.words
        .filter(({ kind }) => kind === "customer")
        .map(({ text, at }) => (
          <Words key={at} say={text} />
        ))}
    </div>
  );
}

/** What keeps a handover that waits from being answered. */
function Standing({ handover }: Pick<HandoverWordsProps, "handover">) {
  const t = useTranslations("handovers.words");
  const why = handover.clockStands ? "stands" : handover.unanswerable?.reason;
  return why ? <p className="text-ink-2">{t(why)}</p> : null;
}

function useSaid(handover: HandoverWordsProps["handover"], timeZone: string): string {
  const t = useTranslations("common.handover");
  const deadline = formatExact(new Date(handover.deadlineAt), timeZone);
  const at = formatExact(new Date(handover.answeredAt ?? handover.deadlineAt), timeZone);
  const whom = handover.waitingFor?.name;
  const name = handover.answeredBy?.name ?? null;
  switch (handover.status) {
    case "waiting":
      return whom ? t("waiting", { name: whom, deadline }) : t("waitingAnybody", { deadline });
    case "expired":
      return whom ? t("expiredFor", { name: whom, deadline }) : t("expired", { deadline });
    case "approved":
    case "adjusted":
    case "declined":
      return name ? t(`${handover.status}By`, { name, at }) : t(handover.status, { at });
    case "withdrawn":
      return t("withdrawn", { at });
    default:
      return handover.status satisfies never;
  }
}
