import type { Cost } from "@/lib/asking/types";
import { answeredOf, type Sums } from "@/lib/sums/types";

/** What asking came to, where an answer takes so many minutes. */
export function costOf(sums: Sums, answerMinutes: number): Cost {
  const answered = answeredOf(sums);
  const managerMinutes = answered * answerMinutes;
  return {
    sums,
    answered,
    managerMinutes,
    waitSeconds: sums.waitSeconds,
    inVainSeconds: sums.settleSeconds - sums.waitSeconds,
    protected: sums.protected,
    protectedPerHour: managerMinutes === 0 ? null : Math.round((sums.protected * 60) / managerMinutes),
  };
}
