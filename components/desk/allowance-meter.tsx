import { useTranslations } from "next-intl";
import { useWindowWords } from "@/components/decision/explanation";
import { Money } from "@/components/ui/money";
import type { Allowance, AllowanceLimit } from "@/lib/decisions/types";
import { formatAmount, formatCount } from "@/lib/format/money";

/** What this employee may still give this customer: the one large number, a bar, and the limit that binds. */
export function AllowanceMeter({ allowance }: { allowance: Allowance }) {
  const t = useTranslations("desk.allowance");
  const { available, currency } = allowance;
  const binding = allowance.limits.find((limit) => limit.id === allowance.binding);
  return (
    <section aria-label={t("title")} className="flex flex-col gap-3" data-testid="allowance">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        {available === null ? (
          <span className="font-semibold text-figure tracking-tight">{t("unbounded")}</span>
        ) : (
          <Money
            amount={available}
            currency={currency}
            className="font-semibold text-figure tracking-tight"
          />
        )}
        <span className="text-base text-ink-2">
          <Caption binding={binding} />
        </span>
      </p>
      {binding ? <Bar limit={binding} currency={currency} /> : null}
      <OtherLimits allowance={allowance} />
    </section>
  );
}

function Caption({ binding }: { binding: AllowanceLimit | undefined }) {
  const t = useTranslations("desk.allowance");
  if (!binding) return t("unboundedCaption");
  if (typeof binding.window === "object") return t("caption.rolling", { days: binding.window.rollingDays });
  return t(`caption.${binding.window as "day"}`);
}

function figureOf(limit: AllowanceLimit, currency: string): (value: number) => string {
  return (value) => (limit.measure === "count" ? formatCount(value) : formatAmount(value, currency));
}

/** Given, held and left as one bar, with the limit's name at its end. */
function Bar({ limit, currency }: { limit: AllowanceLimit; currency: string }) {
  const t = useTranslations("desk.allowance");
  const figure = figureOf(limit, currency);
  const given = limit.used - limit.reserved;
  // A limit that was lowered may have been passed already; the bar is full then, not wider.
  const whole = Math.max(limit.max, limit.used, 1);
  const share = (part: number) => `${(part / whole) * 100}%`;
  return (
    <div className="flex flex-col gap-1.5">
      <div
        role="img"
        aria-label={t("meter", {
          given: figure(given),
          held: figure(limit.reserved),
          left: figure(limit.left),
          max: figure(limit.max),
        })}
        className="flex h-2.5 overflow-hidden rounded-full bg-accent-soft shadow-[inset_0_0_0_1px_var(--accent-text)]"
      >
        <span className="bg-accent" style={{ width: share(given) }} />
        <span
          className="bg-[repeating-linear-gradient(135deg,var(--accent)_0_3px,transparent_3px_6px)]"
          style={{ width: share(limit.reserved) }}
        />
      </div>
      <p className="figures flex flex-wrap justify-between gap-x-4 text-ink-2 text-sm">
        <span>
          {figure(given)} {t("given")} · {figure(limit.reserved)} {t("held")} · {figure(limit.left)}{" "}
          {t("left")}
        </span>
        <span>
          <span className="font-mono text-xs">{limit.id}</span> {figure(limit.max)}
        </span>
      </p>
    </div>
  );
}

/** The other limits, for whoever wants to know; closed, because the one that binds is what counts. */
function OtherLimits({ allowance }: { allowance: Allowance }) {
  const t = useTranslations("desk.allowance");
  const window = useWindowWords();
  const others = allowance.limits.filter((limit) => limit.id !== allowance.binding);
  if (others.length === 0) return null;
  return (
    <details className="group text-sm">
      <summary className="w-fit rounded-inner text-ink-2 hover:text-ink pointer-coarse:py-3">
        {t("others")}
      </summary>
      <ul className="mt-2 flex flex-col divide-y divide-line border-line border-y">
        {others.map((limit) => {
          const figure = figureOf(limit, allowance.currency);
          return (
            <li key={limit.id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-1.5">
              <span>
                <span className="font-mono text-xs">{limit.id}</span>
                {limit.conditional ? <span className="text-ink-3 text-xs"> · {t("conditional")}</span> : null}
              </span>
              <span className="figures text-ink-2">
                {t("limit", {
                  left: figure(limit.left),
                  max: figure(limit.max),
                  window: window(limit.window as { rollingDays: number }),
                })}
              </span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
