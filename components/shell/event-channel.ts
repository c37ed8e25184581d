import { type ChangeEvent, EVENT_KINDS, type EventKind, type Marks } from "@/lib/events/types";

/** How long a stream may take before it counts as none: what lies between may hold it back without a word. */
const PATIENCE_MS = 5_000;

/** Where there was none, how soon to try again. With the patience for it that is to ask every fifteen seconds. */
const AGAIN_MS = 10_000;

/** Who waits for somebody's answer hears of it within seconds, also where no stream can be had: then it is asked for so often. */
const URGENT_MS = 4_000;

/** A page that nobody sees gives its stream back after so long: a browser has few connections to share. */
const HIDDEN_MS = 30_000;

/** From one page to the next the stream stays. */
const LINGER_MS = 5_000;

/** The part of `EventSource` that is used. */
export interface Source {
  readonly readyState: number;
  addEventListener(name: string, hear: (event: { data?: unknown }) => void): void;
  close(): void;
}

/** What the channel needs of the browser. */
export interface World {
  /** Null where this page can have no stream, and has to ask. */
  open(): Source | null;
  /** Never throws. */
  readMarks(): Promise<Marks | "signed_out" | "away">;
  isVisible(): boolean;
  /** Calls when the page is shown or hidden, gets the focus, or the network is back. */
  onStir(hear: () => void): void;
}

/** Somebody on the page who wants to know of changes. */
export interface Hearer {
  kinds: readonly EventKind[];
  hear(event: ChangeEvent): void;
  /** Somebody waits for it: without a stream it is asked for every few seconds. */
  urgent?: boolean;
  /** Wants to hear of it also while nobody looks at the page. */
  hidden?: boolean;
}

/** `EventSource.CLOSED`: it doesn't try again by itself. */
const CLOSED = 2;

type State = "off" | "opening" | "live" | "asking" | "signed_out";

/**
 * One stream of changes for everybody on the page. Where none can be had, it asks now and then how everything stands.
 *
 * No change is left out: whenever a stream begins, what was seen last is compared with how everything stands. A change
 * may be told twice, so whoever hears of it looks what it is.
 */
export function createEventChannel(world: World) {
  const hearers = new Set<Hearer>();
  let state: State = "off";
  let marks: Marks | null = null;
  let source: Source | null = null;
  let cannotStream = false;
  let asked = 0;
  let next: ReturnType<typeof setTimeout> | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let pulse: ReturnType<typeof setInterval> | undefined;

  function enter(entered: State, afterMs?: number, then?: () => void) {
    clearTimeout(next);
    state = entered;
    if (then) next = setTimeout(then, afterMs);
    watch();
  }

  const lacksStream = () => state === "opening" || state === "asking";

  /** While there is no stream, and somebody waits for an answer, it is asked besides the tries at streams. */
  function watch() {
    const wanted = lacksStream() && [...hearers].some(({ urgent }) => urgent);
    if (wanted) pulse ??= setInterval(look, URGENT_MS);
    else {
      clearInterval(pulse);
      pulse = undefined;
    }
  }

  async function look() {
    const answer = await world.readMarks();
    if (!lacksStream()) return;
    if (answer === "signed_out") leave("signed_out");
    else if (answer !== "away") compare(answer);
  }

  function drop() {
    source?.close();
    source = null;
  }

  function leave(left: "off" | "signed_out") {
    drop();
    enter(left);
  }

  function tell(event: ChangeEvent) {
    for (const { kinds, hear } of [...hearers]) {
      if (kinds.includes(event.kind)) hear(event);
    }
  }

  function compare(now: Marks) {
    const before = marks;
    marks = now;
    for (const kind of EVENT_KINDS) {
      // A page that can only ask was told by nobody how everything stood when it was made.
      const isNew = before === null ? cannotStream : before[kind] !== now[kind];
      if (isNew) tell({ kind, id: null });
    }
  }

  function open() {
    const mine = world.open();
    cannotStream = mine === null;
    if (mine === null) return void ask();
    source = mine;
    enter("opening", PATIENCE_MS, ask);
    const on = (name: string, hear: (data: string) => void) =>
      mine.addEventListener(name, ({ data }) => {
        if (source === mine) hear(String(data));
      });
    on("ready", (data) => {
      enter("live");
      compare(JSON.parse(data));
    });
    on("message", (data) => tell(JSON.parse(data)));
    on("over", () => leave("signed_out"));
    on("error", () => {
      if (mine.readyState === CLOSED) void ask();
      // Each stream ends some time, and the browser opens the next one by itself.
      else if (state === "live") enter("opening", PATIENCE_MS, ask);
    });
  }

  /** Hears by asking what a stream would have told; then it is time for another try at one. */
  async function ask() {
    drop();
    enter("asking", AGAIN_MS, open);
    const mine = ++asked;
    const answer = await world.readMarks();
    if (state !== "asking" || mine !== asked) return;
    if (answer === "signed_out") leave("signed_out");
    else if (answer !== "away") compare(answer);
  }

  function stir() {
    clearTimeout(rest);
    if (hearers.size === 0) rest = setTimeout(() => leave("off"), LINGER_MS);
    else if (!world.isVisible() && ![...hearers].some(({ hidden }) => hidden))
      rest = setTimeout(() => leave("off"), HIDDEN_MS);
    else if (state === "off" || state === "signed_out") open();
    else if (state === "asking") void ask();
  }

  let stirs = false;
  return {
    /** How everything stood when the page was made: what changed since is told. Later calls say nothing new. */
    begin(from: Marks) {
      marks ??= from;
    },
    /** Calls for each change, until the answered function is called. */
    listen(hearer: Hearer): () => void {
      if (!stirs) world.onStir(stir);
      stirs = true;
      hearers.add(hearer);
      if (state === "off" || hearers.size === 1) stir();
      else watch();
      return () => {
        hearers.delete(hearer);
        if (hearers.size === 0) stir();
        else watch();
      };
    },
  };
}
