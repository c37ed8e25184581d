"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { PolicyWords } from "../policy-words";
import { useWarningsOf } from "./draft-context";
import { useFault } from "./fault";
import { warningWords } from "./warning-words";

/** What to look at about one limit or rule. It keeps nobody from saving or publishing. */
export function WarningNotes({ path, words }: { path: string; words: PolicyWords }) {
  const t = useTranslations("settings.warning");
  const policy = useTranslations("settings.policy");
  // The same is said beside the field then.
  const valueFault = useFault(`${path}.value`);
  const warnings = useWarningsOf(path).filter(({ code }) => code !== "no_value" || !valueFault);
  if (warnings.length === 0) return null;
  return (
    <ul className="flex max-w-prose flex-col gap-1.5">
      {warnings.map((warning) => {
        const said = warningWords(warning, words, { warning: t, policy });
        return (
          <li
            key={`${warning.code} ${warning.path} ${said}`}
            // A button in the panel leads here.
            tabIndex={-1}
            data-warning
            className="flex scroll-mt-20 items-start gap-2 rounded-md bg-bend-soft px-3 py-2"
          >
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bend" />
            <p>
              <span className="font-medium text-bend">{t("label")}: </span>
              {said}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
