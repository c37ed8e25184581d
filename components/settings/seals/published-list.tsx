import { useTranslations } from "next-intl";
import { Time } from "@/components/ui/time";
import type { Channel, ChannelState, SealsPage } from "@/lib/seals/types";

const SETTINGS: Record<Channel, string> = { file: "LEEWAY_SEAL_FILE", webhook: "LEEWAY_SEAL_WEBHOOK" };

/** Where seals are kept outside of the database, and what keeps them from getting there. */
export function PublishedList({ channels, now, timeZone }: SealsPage) {
  const t = useTranslations("seals.published");
  return (
    <section aria-labelledby="published" className="flex flex-col gap-2">
      <h2 id="published" className="font-semibold text-base">
        {t("title")}
      </h2>
      <p className="max-w-prose text-ink-2">{t("text")}</p>
      <ul className="flex flex-col divide-y divide-line border-line border-y">
        {channels.map((state) => (
          <li key={state.channel} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 py-2">
            <span className="w-20 font-medium">{t(state.channel)}</span>
            <span className="figures min-w-0 text-ink-2">
              <Words state={state} now={now} timeZone={timeZone} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Words({ state, now, timeZone }: { state: ChannelState } & Pick<SealsPage, "now" | "timeZone">) {
  const t = useTranslations("seals.published");
  const { channel, configured, published, publishedAt, fault, faultAt } = state;
  const time = (at: string | null) => () => <Time at={at ?? now} now={now} timeZone={timeZone} />;
  return (
    <>
      {published !== null ? (
        <span className="block">{t.rich("upTo", { seal: published, time: time(publishedAt) })}</span>
      ) : null}
      {published === null && configured && fault === null ? t("waits") : null}
      {!configured && fault === null ? (
        <span className="wrap-anywhere block text-ink-3">
          {t("offSetting", { setting: SETTINGS[channel] })}
        </span>
      ) : null}
      {fault === null ? null : (
        <span className="wrap-anywhere block text-bend">
          {t.rich("fault", { fault, time: time(faultAt) })}
        </span>
      )}
    </>
  );
}
