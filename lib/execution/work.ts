import { readInstruction } from "@/lib/execution/data";
import {
  type Begun,
  beginExecution,
  keepInstruction,
  noteOutcome,
  takeExecutionStep,
} from "@/lib/execution/mutations";
import type { Instruction, Outcome, Provider, ProviderKind } from "@/lib/execution/provider";
import { providerOf } from "@/lib/execution/registry";
import { nextAttempt } from "@/lib/jobs/backoff";
import { log } from "@/lib/log";
import { countExecution } from "@/lib/metrics/registry";
import { noteHealth } from "@/lib/providers/health";
import { OUTSIDE_KINDS } from "@/lib/providers/types";
import { NoKey } from "@/lib/secrets/cipher";

/** How long a provider may take before nobody knows what came of it. */
const PATIENCE_MS = 30_000;

interface Work {
  organizationId: string;
  decisionId: string;
  /** Aborted when the worker stops: what was begun is looked up by the next one. */
  signal?: AbortSignal | undefined;
  /** What the clock says, asked before each step. */
  clock?: () => Date;
  patienceMs?: number;
}

/**
 * Does the next thing that is owed to a decision: carries it out, looks what became of it, or takes it back. May be called at
 * any time, by several at once, and again after a crash at any point: each step is conditional, and a provider does a thing
 * once however often it is told.
 */
export async function workOn(work: Work): Promise<void> {
  const { organizationId, decisionId } = work;
  const clock = ticking(work.clock ?? (() => new Date()));
  const begun = await beginExecution(organizationId, decisionId, clock());
  switch (begun.outcome) {
    case "nothing":
    case "by_hand":
      return;
    case "early":
      throw new Error(`Decision ${decisionId} can still be undone.`);
    default:
  }
  const of = begun.outcome === "reverse" ? "reversal" : "execution";
  const call = await Call.about(work, begun);
  const said = call
    ? await (of === "reversal" ? takeBack(call, begun) : carryOut(call, begun, work, clock))
    : unheard(begun);
  if (!said) return;
  const now = clock();
  const next = call && !call.answersLookups ? nextOf(said.outcome, begun, now) : undefined;
  const noted = await noteOutcome({ organizationId, decisionId, of, ...said, next, now });
  const { provider, attempt } = begun;
  if (noted.outcome === "noted") countExecution(provider, of, said.outcome.outcome);
  log.info(
    {
      ...{ organization: organizationId, decision: decisionId, provider, attempt, of },
      ...{ outcome: said.outcome.outcome, noted: noted.outcome },
    },
    "a decision is carried out",
  );
}

type Taken = Extract<Begun, { provider: ProviderKind }>;
interface Said {
  outcome: Outcome;
  via: "call" | "look";
}

/** What is said of a provider whose secrets can't be read: what it took on stays so, of all else nobody knows. */
function unheard({ status }: Taken): Said {
  const outcome: Outcome =
    status === "pending" ? { outcome: "pending", reference: null } : { outcome: "unknown", detail: NO_KEY };
  return { outcome, via: "look" };
}

/** Null: there is nothing to be said, because somebody else was faster. */
async function carryOut(call: Call, begun: Taken, work: Work, clock: () => Date): Promise<Said | null> {
  if (begun.outcome === "begun") return { outcome: await call.execute(), via: "call" };
  // It may have been told before: it is asked first, and told again where it never heard of it, or can't be asked.
  const found = call.answersLookups ? await call.lookup() : null;
  if (found && found.outcome !== "absent") return { outcome: found, via: "look" };
  if (begun.status === "pending") {
    const outcome: Outcome = found
      ? { outcome: "unknown", detail: "The provider took it on, and knows nothing of it now." }
      : { outcome: "pending", reference: null };
    return { outcome, via: "look" };
  }
  if (begun.status === "unknown") {
    const { organizationId, decisionId } = work;
    const about = { organizationId, decisionId, of: "execution", via: "look" } as const;
    const again = await takeExecutionStep({ ...about, to: "processing", now: clock() });
    if (again.outcome !== "noted") return null;
  }
  return { outcome: await call.execute({ isAgain: true }), via: "call" };
}

async function takeBack(call: Call, begun: Taken): Promise<Said> {
  // Whoever can't be asked says by themselves what came of what they took on.
  if (begun.status === "pending" && !call.answersLookups) {
    return { outcome: { outcome: "pending", reference: null }, via: "look" };
  }
  return { outcome: await call.reverse(), via: "call" };
}

/** When whoever can't be asked is told again: ever more rarely, for three days. What they took on just waits. */
function nextOf(said: Outcome, { outcome, attempt, since }: Taken, now: Date): Date | null {
  // Whoever was to look has told them once more instead.
  const tries = outcome === "look" ? attempt + 1 : attempt;
  return said.outcome === "unknown" ? nextAttempt(tries, new Date(since), now) : null;
}

/** A step comes after the one before it, also within a millisecond: the events are read in their order. */
function ticking(clock: () => Date): () => Date {
  let last = 0;
  return () => {
    last = Math.max(clock().getTime(), last + 1);
    return new Date(last);
  };
}

/** Calls of one provider about one decision, each with an end. What is thrown may have moved something: nobody knows. */
class Call {
  private constructor(
    private readonly work: Work,
    private readonly instruction: Instruction,
    /** As it is for what is new; null where it isn't set up, or was turned off. */
    private readonly provider: Provider | null,
    /** As it is for what had begun before it was turned off. */
    private readonly former: Provider | null,
    private readonly isResumed: boolean,
  ) {}

  /** Null where the provider's secrets can't be read: then nothing can be said, and nothing is given back. */
  static async about(
    work: Work,
    begun: Pick<Taken, "provider" | "outcome" | "attempt">,
  ): Promise<Call | null> {
    const { organizationId, decisionId } = work;
    const { provider: kind, outcome, attempt } = begun;
    const instruction = await readInstruction(organizationId, decisionId);
    if (!instruction) throw new Error(`Decision ${decisionId} has nobody whom it is for.`);
    try {
      const provider = await providerOf(organizationId, kind);
      const former = provider ?? (await providerOf(organizationId, kind, { evenOff: true }));
      const isOutside = OUTSIDE_KINDS.some((outside) => outside === kind);
      const told = isOutside && outcome !== "reverse" ? await keepInstruction(instruction) : instruction;
      return new Call(work, told, provider, former, outcome !== "reverse" || attempt > 1);
    } catch (error) {
      if (!(error instanceof NoKey)) throw error;
      const outside = OUTSIDE_KINDS.find((each) => each === kind);
      if (outside) await noteHealth(organizationId, outside, "no_encryption_key");
      log.error({ organization: organizationId, decision: decisionId, provider: kind }, NO_KEY);
      return null;
    }
  }

  /** Whether it is set up, on or off: else nobody is there who could say anything. */
  get isThere(): boolean {
    return this.former !== null;
  }

  /** Whether it can be asked what became of something. */
  get answersLookups(): boolean {
    return this.former?.capabilities().answersLookups ?? true;
  }

  /**
   * It is always told as if it could have been told before: a job may be worked on twice, and of two who tell it at the same
   * moment the refusal of the one must not count as the outcome of both.
   */
  execute({ isAgain = false } = {}): Promise<Outcome> {
    const { provider, instruction } = this;
    // Where it can't be asked and is off, it may have done it all the same.
    if (!provider && isAgain && !this.answersLookups) {
      return Promise.resolve({ outcome: "unknown", detail: NOT_CONFIGURED });
    }
    if (!provider) return Promise.resolve(notConfigured());
    if (!provider.capabilities().remedies.includes(instruction.remedy)) {
      return Promise.resolve({ ...notConfigured(), detail: "It doesn't carry this kind of gesture out." });
    }
    return this.ask((options) => provider.execute(instruction, options));
  }

  lookup(): Promise<Outcome | { outcome: "absent" }> {
    const { former, instruction } = this;
    // It may have moved while the provider was there: nobody can say before it is back.
    if (!former) return Promise.resolve({ outcome: "unknown", detail: NOT_CONFIGURED });
    return this.ask((options) => former.lookup(instruction, options));
  }

  reverse(): Promise<Outcome> {
    const { instruction } = this;
    const provider = this.provider ?? (this.isResumed ? this.former : null);
    const { reverses, reversible } = provider?.capabilities() ?? { reverses: false };
    if (!provider || !reverses || !(reversible?.includes(instruction.remedy) ?? true)) {
      return Promise.resolve({ ...notConfigured(), detail: "It takes nothing back by itself." });
    }
    return this.ask((options) => provider.reverse(instruction, options));
  }

  private async ask<T>(question: (options: { signal: AbortSignal }) => Promise<T>): Promise<T | Unknown> {
    const stop = this.work.signal;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.work.patienceMs ?? PATIENCE_MS);
    const signal = stop ? AbortSignal.any([stop, timeout.signal]) : timeout.signal;
    try {
      return await Promise.race([question({ signal }), aborted(signal)]);
    } catch (error) {
      // The next worker asks what became of it.
      if (stop?.aborted) throw error;
      const { organizationId, decisionId } = this.work;
      log.warn({ organizationId, decisionId, err: error }, "a provider gave no answer");
      return {
        outcome: "unknown",
        detail: timeout.signal.aborted ? "It took too long to answer." : String(error),
      };
    } finally {
      clearTimeout(timer);
    }
  }
}

type Unknown = Extract<Outcome, { outcome: "unknown" }>;

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason ?? new Error("aborted"));
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}

const NOT_CONFIGURED = "It isn't configured any more.";
const NO_KEY = "Its secrets can't be read: LEEWAY_ENCRYPTION_KEY doesn't hold the key that encrypted them.";

function notConfigured(): Extract<Outcome, { outcome: "failed" }> {
  return { outcome: "failed", code: "not_configured", detail: NOT_CONFIGURED, reference: null };
}

/**
 * Asks a provider what became of an execution, whatever we think of it, and writes down what is new. One that can't be asked, or
 * isn't there any more, knows nothing.
 */
export async function lookAt(options: {
  organizationId: string;
  decisionId: string;
  provider: ProviderKind;
  signal?: AbortSignal;
  now: Date;
}): Promise<Outcome | { outcome: "absent" }> {
  const { organizationId, decisionId, provider, signal, now } = options;
  const about = { provider, outcome: "look", attempt: 1 } as const;
  const call = await Call.about({ organizationId, decisionId, signal }, about);
  if (!call) return { outcome: "unknown", detail: NO_KEY };
  const outcome = await call.lookup();
  if (outcome.outcome !== "absent" && call.answersLookups && call.isThere) {
    await noteOutcome({ organizationId, decisionId, of: "execution", via: "look", outcome, now });
  }
  return outcome;
}
