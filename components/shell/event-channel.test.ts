import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChangeEvent } from "@/lib/events/types";
import { createEventChannel, type Source, type World } from "./event-channel";

const POLICY: ChangeEvent = { kind: "policy", id: null };

const marked = (policy: string) => ({ policy, reconciliation: "", handover: "", reviews: "", execution: "" });

/** A browser in which the test is the server. */
function world(answers: { marks: Awaited<ReturnType<World["readMarks"]>> } = { marks: marked("1") }) {
  const sources: FakeSource[] = [];
  const stirs: (() => void)[] = [];
  const page = { visible: true, streams: true };
  let reads = 0;
  const channel = createEventChannel({
    open: () => {
      if (!page.streams) return null;
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    readMarks: async () => {
      reads++;
      return answers.marks;
    },
    isVisible: () => page.visible,
    onStir: (hear) => stirs.push(hear),
  });
  return {
    channel,
    sources,
    page,
    answers,
    stir: () => {
      for (const hear of stirs) hear();
    },
    get last() {
      const last = sources.at(-1);
      if (!last) throw new Error("No stream was opened.");
      return last;
    },
    get reads() {
      return reads;
    },
  };
}

class FakeSource implements Source {
  readyState = 0;
  #hear = new Map<string, (event: { data?: unknown }) => void>();
  addEventListener(name: string, hear: (event: { data?: unknown }) => void) {
    this.#hear.set(name, hear);
  }
  close() {
    this.readyState = 2;
  }
  say(name: string, data?: unknown) {
    this.#hear.get(name)?.({ data: JSON.stringify(data) });
  }
  ready(policy: string) {
    this.say("ready", marked(policy));
  }
  /** The stream is gone: for good where the server refused it, else the browser opens it again. */
  fail(refused: boolean) {
    this.readyState = refused ? 2 : 0;
    this.say("error");
  }
}

function hearer(browser: ReturnType<typeof world>) {
  const heard: ChangeEvent[] = [];
  const leave = browser.channel.listen({ kinds: ["policy"], hear: (event) => heard.push(event) });
  return { heard, leave };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the page's channel of changes", () => {
  it("opens one stream for all who listen, and tells each of them what is said on it", () => {
    const browser = world();
    const [one, other] = [hearer(browser), hearer(browser)];
    expect(browser.sources).toHaveLength(1);
    browser.last.ready("1");
    browser.last.say("message", POLICY);
    expect(one.heard).toEqual([POLICY]);
    expect(other.heard).toEqual([POLICY]);
  });

  it("keeps the stream from one page to the next, and gives it back when nobody listens any more", () => {
    const browser = world();
    const first = hearer(browser);
    browser.last.ready("1");
    first.leave();
    vi.advanceTimersByTime(1_000);
    const second = hearer(browser);
    vi.advanceTimersByTime(60_000);
    expect([browser.sources.length, browser.last.readyState]).toEqual([1, 0]);
    second.leave();
    vi.advanceTimersByTime(60_000);
    expect(browser.last.readyState).toBe(2);
  });

  // Risk: a publication falls between the making of the page and the beginning of its stream.
  it("tells what changed since the page was made", () => {
    const browser = world();
    browser.channel.begin(marked("1"));
    const { heard } = hearer(browser);
    browser.last.ready("2");
    expect(heard).toEqual([POLICY]);
  });

  it("tells what changed while the browser opened the stream again, and nothing where nothing did", () => {
    const browser = world();
    const { heard } = hearer(browser);
    browser.last.ready("1");
    browser.last.fail(false);
    browser.last.ready("1");
    expect(heard).toEqual([]);
    browser.last.fail(false);
    browser.last.ready("2");
    expect(heard).toEqual([POLICY]);
    expect(browser.sources).toHaveLength(1);
  });

  it("asks instead where streams are refused, and hears by that what changed", async () => {
    const browser = world();
    const { heard } = hearer(browser);
    browser.last.fail(true);
    await vi.advanceTimersByTimeAsync(0);
    expect([browser.reads, heard]).toEqual([1, []]);
    browser.answers.marks = marked("2");
    await vi.advanceTimersByTimeAsync(10_000);
    browser.last.fail(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(heard).toEqual([POLICY]);
  });

  // Risk: a proxy collects the stream and passes nothing on; the page believes it listens.
  it("asks instead where a stream says nothing, and goes on to try streams", async () => {
    const browser = world();
    const { heard } = hearer(browser);
    await vi.advanceTimersByTimeAsync(6_000);
    expect([browser.reads, browser.last.readyState]).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(browser.sources).toHaveLength(2);
    browser.last.ready("2");
    expect(heard).toEqual([POLICY]);
    const reads = browser.reads;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(browser.reads).toBe(reads);
  });

  // Risk: somebody waits for an answer with a customer before them, and a proxy swallows the stream.
  it("asks every few seconds where no stream can be had and somebody waits, and rests once there is one", async () => {
    const browser = world();
    const heard: ChangeEvent[] = [];
    browser.channel.listen({ kinds: ["policy"], hear: (event) => heard.push(event), urgent: true });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(browser.reads).toBeGreaterThanOrEqual(7);
    browser.answers.marks = marked("2");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(heard).toEqual([POLICY]);
    browser.last.ready("2");
    const reads = browser.reads;
    await vi.advanceTimersByTimeAsync(120_000);
    expect([browser.reads, heard.length]).toEqual([reads, 1]);
  });

  // Risk: in a frame what was carried out between the first look and the first question stays "being sent" for ever.
  it("asks alone where there can be no stream, and takes the first answer for news: nobody said how it stood before", async () => {
    const browser = world();
    browser.page.streams = false;
    const heard: ChangeEvent[] = [];
    const leave = browser.channel.listen({
      kinds: ["policy"],
      hear: (event) => heard.push(event),
      urgent: true,
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([browser.reads, heard]).toEqual([1, [POLICY]]);
    await vi.advanceTimersByTimeAsync(12_000);
    expect([browser.sources.length, browser.reads, heard.length]).toEqual([0, 5, 1]);
    browser.answers.marks = marked("2");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(heard).toEqual([POLICY, POLICY]);
    leave();
    await vi.advanceTimersByTimeAsync(10_000);
    const reads = browser.reads;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(browser.reads).toBe(reads);
  });

  it("keeps the stream of a hidden page for somebody who wants to be told of it there", async () => {
    const browser = world();
    const heard: ChangeEvent[] = [];
    browser.channel.listen({ kinds: ["policy"], hear: (event) => heard.push(event), hidden: true });
    browser.last.ready("1");
    browser.page.visible = false;
    browser.stir();
    await vi.advanceTimersByTimeAsync(60_000);
    browser.last.say("message", POLICY);
    expect([browser.last.readyState, heard]).toEqual([0, [POLICY]]);
  });

  it("asks at once when somebody comes back to the page", async () => {
    const browser = world();
    hearer(browser);
    browser.last.fail(true);
    await vi.advanceTimersByTimeAsync(1_000);
    browser.stir();
    await vi.advanceTimersByTimeAsync(0);
    expect(browser.reads).toBe(2);
  });

  it("goes on to ask while the server is away", async () => {
    const browser = world({ marks: "away" });
    hearer(browser);
    for (let turn = 1; turn <= 3; turn++) {
      browser.last.fail(true);
      await vi.advanceTimersByTimeAsync(10_000);
      expect([browser.reads, browser.sources.length]).toEqual([turn, turn + 1]);
    }
  });

  it("is quiet once somebody was signed out, until they come back to the page", async () => {
    const browser = world();
    const { heard } = hearer(browser);
    browser.last.ready("1");
    browser.last.say("over", { reason: "signed_out" });
    await vi.advanceTimersByTimeAsync(600_000);
    expect([browser.sources.length, browser.reads]).toEqual([1, 0]);
    browser.stir();
    expect(browser.sources).toHaveLength(2);
    browser.last.ready("2");
    expect(heard).toEqual([POLICY]);
  });

  it("is quiet as well where the refusal is found out by asking", async () => {
    const browser = world({ marks: "signed_out" });
    hearer(browser);
    browser.last.fail(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect([browser.sources.length, browser.reads]).toEqual([1, 1]);
  });

  it("gives the stream of a hidden page back, and hears all the same what changed meanwhile", async () => {
    const browser = world();
    const { heard } = hearer(browser);
    browser.last.ready("1");
    browser.page.visible = false;
    browser.stir();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(browser.last.readyState).toBe(2);
    browser.page.visible = true;
    browser.stir();
    browser.last.ready("2");
    expect(heard).toEqual([POLICY]);
  });

  it("opens none for a page that was opened in the background", async () => {
    const browser = world();
    browser.page.visible = false;
    hearer(browser);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(browser.sources).toHaveLength(0);
  });
});
