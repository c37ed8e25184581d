"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { call, jsonBody } from "@/components/shell/rest";
import { Badge } from "@/components/ui/badge";
import { Segmented } from "@/components/ui/choice";
import { ErrorNote } from "@/components/ui/error-note";
import { Field, FieldGroup } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { DutyColleague, DutyPage } from "@/lib/duty/types";

interface Chosen {
  onDuty: boolean;
  deputy: string | null;
}

function chosenOf({ onDuty, deputy }: DutyPage["own"]): Chosen {
  return { onDuty, deputy: deputy?.id ?? null };
}

/** Whether the person is there to be asked, who is asked in their place, and who else is there. */
export function Duty({ own, colleagues }: DutyPage) {
  const t = useTranslations("handovers.duty");
  const router = useRouter();
  const [sent, setSent] = useState<"sending" | "saved" | "failed" | null>(null);

  // Shown at once, and as it was again where it did not arrive.
  const [chosen, setChosen] = useState<Chosen>(chosenOf(own));
  const [known, setKnown] = useState(own);
  if (known !== own) {
    setKnown(own);
    setChosen(chosenOf(own));
  }

  async function save(change: Partial<Chosen>) {
    const next = { ...chosen, ...change };
    setChosen(next);
    setSent("sending");
    const answer = await call("/api/v1/duty", { method: "PUT", ...jsonBody(next) });
    setSent(answer.ok ? "saved" : "failed");
    if (answer.ok) router.refresh();
    else setChosen(chosen);
  }

  return (
    <div className="flex max-w-2xl flex-col gap-8 pt-8">
      <header className="flex flex-col gap-1">
        <h1 className="font-semibold text-lg">{t("title")}</h1>
        <p className="text-base text-ink-2">{t("text")}</p>
      </header>
      <div className="flex flex-col gap-5" aria-busy={sent === "sending"}>
        <FieldGroup label={t("own")}>
          <Segmented<"on" | "away">
            name="duty"
            label={t("label")}
            value={chosen.onDuty ? "on" : "away"}
            options={[
              { value: "on", label: t("on") },
              { value: "away", label: t("away") },
            ]}
            onChange={(next) => void save({ onDuty: next === "on" })}
            className="w-fit"
          />
        </FieldGroup>
        <Field label={t("deputy")} hint={t("deputyHint")} className="max-w-sm">
          <Select
            value={chosen.deputy ?? ""}
            onChange={(event) => void save({ deputy: event.target.value || null })}
          >
            <option value="">{t("deputyNone")}</option>
            {withDeputy(colleagues, own.deputy).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <p role="status" className={sent === "saved" ? "text-ink-2" : "sr-only"}>
          {sent === "saved" ? t("saved") : null}
        </p>
        {sent === "failed" ? <ErrorNote title={t("failed")} /> : null}
      </div>
      <section aria-labelledby="people" className="flex flex-col gap-2">
        <h2 id="people" className="font-semibold text-base">
          {t("people")}
        </h2>
        <p className="text-ink-2">{colleagues.length === 0 ? t("none") : t("peopleText")}</p>
        <ul className="flex flex-col">
          {colleagues.map((one) => (
            <Colleague key={one.id} {...one} />
          ))}
        </ul>
      </section>
    </div>
  );
}

/** A deputy who is named stays in the list, also where they are far away by now. */
function withDeputy(colleagues: readonly DutyColleague[], deputy: { id: string; name: string } | null) {
  const names = colleagues.map(({ id, name }) => ({ id, name }));
  return deputy && !names.some(({ id }) => id === deputy.id) ? [deputy, ...names] : names;
}

function Colleague({ name, role, onDuty, deputy, isLineManager, isOfTeam, team }: DutyColleague) {
  const t = useTranslations("handovers.duty");
  const roles = useTranslations("common.role");
  const near = isLineManager ? t("line") : isOfTeam ? t("team") : team;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-line border-b py-2 last:border-b-0">
      <Badge tone={onDuty ? "allow" : "neutral"}>{t(onDuty ? "on" : "away")}</Badge>
      <span className="min-w-0 break-words font-medium">{name}</span>
      <span className="text-ink-2 text-sm">{[roles(role as "agent"), near].filter(Boolean).join(" · ")}</span>
      {!onDuty && deputy ? (
        <span className="text-ink-2 text-sm">{t("standsIn", { name: deputy.name })}</span>
      ) : null}
    </li>
  );
}
