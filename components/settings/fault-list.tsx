import { useTranslations } from "next-intl";
import type { FieldError } from "@/lib/decisions/types";

/** Every fault of a document at once: where, and what to do about it. */
export function FaultList({ faults }: { faults: readonly FieldError[] }) {
  const t = useTranslations("settings.transfer");
  return (
    <ul
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
      tabIndex={0}
      className="mt-1 flex max-h-64 flex-col gap-1.5 overflow-y-auto rounded-inner"
    >
      {faults.map(({ path, message }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one place may have several faults, and the list never moves.
        <li key={index} className="wrap-anywhere">
          <span className="font-mono text-ink text-xs">{path || t("document")}</span> {message}
        </li>
      ))}
    </ul>
  );
}
