import type { SpanPage } from "@/lib/dashboards/types";
import type { HotPart } from "@/lib/hot-spots/types";
import type { Sums } from "@/lib/sums/types";

/** What asking cost, and what it kept. Amounts are minor units of the policy's currency. */
export interface Cost {
  sums: Sums;
  /** Handovers that a person answered. */
  answered: number;
  /** As long as the organization says that one takes, times how many there were. */
  managerMinutes: number;
  /** What customers waited until a person answered, and until nobody had. */
  waitSeconds: number;
  inVainSeconds: number;
  /** What was asked for and not granted. */
  protected: number;
  /** What was kept for an hour of those who answered; null where nobody did. */
  protectedPerHour: number | null;
}

export interface AskingPage extends SpanPage {
  /** How long an answer takes, as the organization says. */
  answerMinutes: number;
  mayEdit: boolean;
  cost: Cost;
  before: Cost;
  /** By what made somebody ask, the dearest in managers' time first. */
  checks: { check: string; part: HotPart; cost: Cost }[];
  byTeam: { value: string | null; label: string | null; cost: Cost }[];
  byRemedy: { value: string; cost: Cost }[];
}
