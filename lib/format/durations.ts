const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/**
 * How long something took, in the two largest units that tell it: "42 s", "3 min", "2 h 10 min", "3 d 4 h". Cut and not rounded,
 * so that nobody waits a minute longer on paper.
 */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < 10 * MINUTE) return pair(whole, MINUTE, "min", 1, "s");
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return pair(whole, HOUR, "h", MINUTE, "min");
  return pair(whole, DAY, "d", HOUR, "h");
}

function pair(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((seconds % large) / small);
  const first = `${new Intl.NumberFormat("en").format(Math.floor(seconds / large))} ${largeUnit}`;
  return rest === 0 ? first : `${first} ${rest} ${smallUnit}`;
}
