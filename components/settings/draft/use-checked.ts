"use client";

import { useEffect, useState } from "react";
import { type ExampleOutcome, runExample } from "@/lib/discretion/examples";
import type { Example, Policy } from "@/lib/discretion/schema";
import { policyWarnings, type Roster, type Warning } from "@/lib/discretion/warnings";
import type { Places } from "./read-draft";

export interface Checked {
  /** By the example's place in the draft; null where it is unfinished, absent where it was not tried yet. */
  outcomes: ReadonlyMap<number, ExampleOutcome | null>;
  /** By the place of the limit or rule in the draft: `limits.2`. */
  warnings: ReadonlyMap<string, readonly Warning[]>;
}

/** So long (milliseconds) it works at a stretch before the page gets its turn. */
const STRETCH_MS = 12;

/**
 * Tries the examples and looks for warnings, without keeping the page from anything else. What was found before stands
 * until all of it was looked at again.
 *
 * @param policy the same object for as long as it says the same.
 */
export function useChecked(
  policy: Policy | null,
  examples: ReadonlyMap<number, Example | null>,
  places: Places,
  roster: Roster,
): Checked {
  const [checked, setChecked] = useState<Checked>({ outcomes: new Map(), warnings: new Map() });
  useEffect(() => {
    if (policy === null) return;
    return runInTurns(checkAll(policy, examples, places, roster), setChecked);
  }, [policy, examples, places, roster]);
  return checked;
}

/** Runs a generator to its end, a stretch at a time, and hands on what it answers. Returns what stops it. */
function runInTurns<Answer>(work: Generator<void, Answer>, onDone: (answer: Answer) => void): () => void {
  let timer = 0;
  function turn() {
    const until = performance.now() + STRETCH_MS;
    for (;;) {
      const step = work.next();
      if (step.done) return onDone(step.value);
      if (performance.now() >= until) break;
    }
    timer = window.setTimeout(turn, 0);
  }
  timer = window.setTimeout(turn, 0);
  return () => window.clearTimeout(timer);
}

/** What came of examples under a policy, for as long as somebody holds on to that policy. */
const known = new WeakMap<Policy, Map<string, ExampleOutcome>>();

function* checkAll(
  policy: Policy,
  examples: ReadonlyMap<number, Example | null>,
  places: Places,
  roster: Roster,
): Generator<void, Checked> {
  const outcomes = new Map<number, ExampleOutcome | null>();
  for (const [place, example] of examples) {
    outcomes.set(place, example && outcomeOf(policy, example));
    yield;
  }
  return { outcomes, warnings: warningsByPart(warningsOf(policy, roster), places) };
}

const warned = new WeakMap<Policy, { roster: Roster; warnings: readonly Warning[] }>();

function warningsOf(policy: Policy, roster: Roster): readonly Warning[] {
  const last = warned.get(policy);
  if (last?.roster === roster) return last.warnings;
  const warnings = policyWarnings(policy, roster);
  warned.set(policy, { roster, warnings });
  return warnings;
}

/** What comes of an example under a policy, looked up where it was tried before. */
export function outcomeOf(policy: Policy, example: Example): ExampleOutcome {
  const outcomes = known.get(policy) ?? new Map<string, ExampleOutcome>();
  known.set(policy, outcomes);
  const key = JSON.stringify(example);
  const outcome = outcomes.get(key) ?? runExample(policy, example);
  outcomes.set(key, outcome);
  return outcome;
}

function warningsByPart(warnings: readonly Warning[], places: Places): Map<string, Warning[]> {
  const byPart = new Map<string, Warning[]>();
  for (const warning of warnings) {
    const [list, index] = warning.path.split(".");
    if (list !== "limits" && list !== "rules") continue;
    const part = `${list}.${places[list][Number(index)] ?? index}`;
    byPart.set(part, [...(byPart.get(part) ?? []), warning]);
  }
  return byPart;
}
