"use client";

import { ArrowLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { RefusedNote } from "@/components/decision/refused-note";
import { findCustomers } from "@/components/desk/requests";
import { DeskLink } from "@/components/shell/desk-link";
import type { Refused } from "@/components/shell/rest";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { type Pick, Picker } from "@/components/ui/picker";
import { CompactDesk } from "./compact-desk";
import { findByHint, type Hint, type Match, toMatch } from "./requests";

interface CustomerFinderProps {
  hint: Hint;
  /** Whose desk it is. */
  name: string;
}

type Finding =
  | { at: "looking" }
  | { at: "search"; what: string | null }
  | { at: "several"; what: string; matches: Match[] }
  | { at: "refused"; refused: Refused }
  | { at: "chosen"; match: Match };

/** The customer of the ticket: whom the hint finds, one of those whom it finds, or whom the person finds themselves. */
export function CustomerFinder({ hint, name }: CustomerFinderProps) {
  const t = useTranslations("embed");
  const { finding, setFinding, again } = useFinding(hint);

  function choose(match: Match) {
    setFinding({ at: "chosen", match });
  }

  return (
    <>
      <Whose name={name} />
      {finding.at === "looking" ? <p role="status">{t("find.looking")}</p> : null}
      {finding.at === "refused" ? (
        <RefusedNote refused={finding.refused} unsure={t("find.failed")} onAgain={again} />
      ) : null}
      {finding.at === "several" ? <Several {...finding} onChoose={choose} /> : null}
      {finding.at === "search" || finding.at === "several" ? (
        <Search what={finding.at === "search" ? finding.what : null} onChoose={choose} />
      ) : null}
      {finding.at === "chosen" ? (
        <>
          <CompactDesk
            key={finding.match.id}
            match={finding.match}
            onNext={() => setFinding({ at: "search", what: null })}
          />
          <Button
            variant="quiet"
            size="sm"
            className="-ml-3 w-fit pointer-coarse:h-11"
            onClick={() => setFinding({ at: "search", what: null })}
          >
            <ArrowLeft aria-hidden />
            {t("frame.other")}
          </Button>
        </>
      ) : null}
    </>
  );
}

function useFinding(hint: Hint) {
  const what = hint.customer ?? hint.order ?? hint.email;
  const [finding, setFinding] = useState<Finding>(what ? { at: "looking" } : { at: "search", what: null });
  const [turn, setTurn] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a hint is looked for once, and again when somebody asks for it.
  useEffect(() => {
    if (!what) return;
    const aborter = new AbortController();
    findByHint(hint, aborter.signal).then(
      (answer) => setFinding(answer.ok ? found(answer.value, what) : { at: "refused", refused: answer }),
      // Nothing but the abort is thrown: the frame shows something else by now.
      () => undefined,
    );
    return () => aborter.abort();
  }, [turn]);

  function again() {
    setFinding({ at: "looking" });
    setTurn((count) => count + 1);
  }
  return { finding, setFinding, again };
}

function found(matches: Match[], what: string): Finding {
  const [first, second] = matches;
  if (!first) return { at: "search", what };
  return second ? { at: "several", what, matches } : { at: "chosen", match: first };
}

function Whose({ name }: { name: string }) {
  const t = useTranslations("embed.frame");
  return (
    <p className="flex items-baseline justify-between gap-3 border-line border-b pb-2 text-ink-3 text-xs">
      <span className="min-w-0 truncate">{name}</span>
      <DeskLink
        href="/desk"
        className="shrink-0 rounded-inner underline underline-offset-4 hover:text-ink pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:items-center"
      >
        {t("whole")}
      </DeskLink>
    </p>
  );
}

interface SeveralProps {
  what: string;
  matches: readonly Match[];
  onChoose: (match: Match) => void;
}

function Several({ what, matches, onChoose }: SeveralProps) {
  const t = useTranslations("embed.find");
  return (
    <section className="flex flex-col gap-2">
      <p role="status" className="break-words">
        {t("several", { count: matches.length, what })}
      </p>
      <ul className="-mx-2 flex flex-col">
        {matches.map((match) => (
          <li key={match.id}>
            <button
              type="button"
              onClick={() => onChoose(match)}
              className="flex min-h-11 w-full flex-col justify-center rounded-md px-2 py-1.5 text-left transition-colors hover:bg-sunken"
            >
              <span className="w-full truncate font-medium">{match.name}</span>
              <span className="w-full truncate text-ink-3 text-xs">{match.detail}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SearchProps {
  /** What was looked for, and found nobody; null where nothing was. */
  what: string | null;
  onChoose: (match: Match) => void;
}

function Search({ what, onChoose }: SearchProps) {
  const t = useTranslations("embed.find");
  const [matches, setMatches] = useState<readonly Match[]>([]);

  async function find(text: string, signal: AbortSignal): Promise<Pick[] | null> {
    if (text === "") return [];
    const answer = await findCustomers(text, signal);
    if (!answer.ok) return null;
    const hits = answer.value.map(toMatch);
    setMatches(hits);
    return hits.map(({ id, name, detail }) => ({ value: id, label: name, ...(detail ? { detail } : {}) }));
  }

  return (
    <section className="flex flex-col gap-3">
      <h1 className="font-semibold text-lg">{t("title")}</h1>
      {what === null ? null : (
        <p role="status" className="break-words text-ink-2">
          {t("none", { what })}
        </p>
      )}
      <Field label={t("label")}>
        <Picker
          value={null}
          onChange={(picked) => {
            const match = matches.find(({ id }) => id === picked?.value);
            if (match) onChoose(match);
          }}
          find={find}
          words={{
            searching: t("picker.searching"),
            none: t("picker.none"),
            failed: t("picker.failed"),
            typeFirst: t("picker.typeFirst"),
            clear: t("picker.clear"),
          }}
        />
      </Field>
    </section>
  );
}
