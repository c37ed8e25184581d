import type { Remedy, Verdict } from "@/lib/discretion/schema";
import type { DecisionBody } from "./requests";

/** An amount that a verdict was shown on for long enough to be read. Minor units of `currency`. */
export interface Looked {
  customer: string;
  order?: string;
  remedy: Remedy;
  amount: number;
  currency: string;
  cause?: string;
  channel?: string;
  verdict: Verdict;
}

/** What somebody is about to give one customer, from the first verdict on until it is sent or left. */
export interface Intent {
  /** One intent is told of at most once: 32 hexadecimal digits. */
  key: string;
  /** When its first verdict was given, by the server's clock. ISO 8601. */
  began: string;
  /** Of each remedy and currency the highest amount; what was looked at last stands last. */
  looked: Looked[];
  /** It was told of already. */
  told: boolean;
}

/** What is told of an intent, as `/desk/unsent` takes it. */
export type UnsentBody = Pick<Intent, "began"> & { intent: string; sent?: string } & Omit<Looked, "verdict">;

/** A verdict that is no plain yes has been read by then; digits that are passed through while typing have not. */
const READ_MS = 700;
/** An amount that is simply allowed says something only when it stood there for a while. */
const STOOD_MS = 1_500;

/** How long a verdict has to stand before its amount was looked at, and not only typed through. */
export function restMs(verdict: Verdict): number {
  return verdict === "allow" ? STOOD_MS : READ_MS;
}

/** An amount as it was looked at. Of what was written nothing is taken along. */
export function lookedAt(body: DecisionBody, verdict: Verdict): Looked {
  return {
    customer: body.customer,
    ...(body.order ? { order: body.order } : {}),
    remedy: body.remedy,
    amount: body.amount,
    currency: body.currency,
    ...(body.case ? { cause: body.case.cause, channel: body.case.channel } : {}),
    verdict,
  };
}

/** The intent with one more amount that was looked at. */
export function withLooked(intent: Intent, seen: Looked): Intent {
  const isSame = (each: Looked) => each.remedy === seen.remedy && each.currency === seen.currency;
  const before = intent.looked.find(isSame);
  const highest = before && before.amount >= seen.amount ? before : seen;
  return { ...intent, looked: [...intent.looked.filter((each) => !isSame(each)), highest] };
}

/** What there is to tell when something was sent: that a higher amount of the same kind had been looked at. */
export function loweredTo(
  intent: Intent,
  sent: { id: string | null; remedy: Remedy; amount: number; currency: string },
): UnsentBody | null {
  const highest = intent.looked.find(
    ({ remedy, currency }) => remedy === sent.remedy && currency === sent.currency,
  );
  if (intent.told || sent.id === null || !highest || highest.amount <= sent.amount) return null;
  return { ...bodyOf(intent, highest), sent: sent.id };
}

/** What there is to tell when somebody leaves without sending: what they looked at last, unless it was simply allowed. */
export function givenUp(intent: Intent): UnsentBody | null {
  const last = intent.looked.at(-1);
  return intent.told || !last || last.verdict === "allow" ? null : bodyOf(intent, last);
}

function bodyOf({ key, began }: Intent, { verdict: _verdict, ...looked }: Looked): UnsentBody {
  return { intent: key, began, ...looked };
}
