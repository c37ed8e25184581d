import { useTranslations } from "next-intl";
import type { Change } from "./policy-changes";

/** What one version does otherwise than another: "guest-day: 2,000.00 USD → 30.00 USD". */
export function ChangeList({ changes, empty }: { changes: readonly Change[]; empty: string }) {
  if (changes.length === 0) return <p className="text-ink-2">{empty}</p>;
  return (
    <ul className="flex flex-col gap-2">
      {changes.map((change) => (
        <li key={`${change.list} ${change.id} ${change.kind}`} className="break-words">
          <ChangeWords change={change} />
        </li>
      ))}
    </ul>
  );
}

function ChangeWords({ change }: { change: Change }) {
  const t = useTranslations("settings.change");
  const unnamed = useTranslations("settings.edit.unnamed");
  const name = change.id ? (
    <span className="font-medium font-mono">{change.id}</span>
  ) : (
    <span className="font-medium">{unnamed(change.list)}</span>
  );
  if (change.kind !== "changed") {
    return (
      <>
        {name}: {t(change.kind)}
      </>
    );
  }
  return (
    <>
      {name}:{" "}
      <span className="figures">
        {change.details.map(({ field, before, after }, index) => (
          <span key={field}>
            {index > 0 ? "; " : null}
            {field === "max" ? null : <span className="text-ink-2">{t(`field.${field}`)} </span>}
            {before === null || after === null ? t("reworded") : t("from", { before, after })}
          </span>
        ))}
      </span>
    </>
  );
}
