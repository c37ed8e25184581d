import { say } from "../operations/program";
import { AGAIN, step } from "../operations/step";

export const ROUNDS = 5;

/** What one round found, by name. */
export type Measures = Record<string, number>;

export interface Spread {
  median: number;
  least: number;
  most: number;
  /** How far the rounds lie apart, as a share of the median: what is within it is no difference. */
  spread: number;
}

export type Result = Record<string, Spread>;

/**
 * Measures in adjacent rounds of one run, because a machine is never twice the same: what is compared is measured one
 * after the other in each round, and the medians of the rounds are told.
 */
export async function measureRounds(
  name: string,
  measure: () => Measures | Promise<Measures>,
): Promise<Result> {
  const rounds: Measures[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    rounds.push(await step(`${name}, round ${round} of ${ROUNDS}`, AGAIN, async () => await measure()));
  }
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(names.map((of) => [of, spreadOf(rounds.map((round) => round[of] ?? 0))]));
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least = 0, median = 0, most = 0] = [0, sorted.length >> 1, sorted.length - 1].map((i) => sorted[i]);
  return { median, least, most, spread: (most - least) / median };
}

/** How often a second something was done. */
export function perSecond(times: number, begunAt: number): number {
  return (times * 1000) / (performance.now() - begunAt);
}

/** The result as people read it. */
export function sayResult(result: Result): void {
  say("");
  for (const [name, { median, least, most, spread }] of Object.entries(result)) {
    const range = `(${rounded(least)} to ${rounded(most)}, ±${Math.round((spread * 100) / 2)} %)`;
    say(`${name.padEnd(26)} ${rounded(median).padStart(10)}   ${range}`);
  }
}

function rounded(value: number): string {
  return value < 10 ? (Math.round(value * 1000) / 1000).toString() : Math.round(value).toString();
}
