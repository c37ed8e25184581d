import { describe, expect, it } from "vitest";
import { EMPTY_DRAFT } from "./draft";
import { draftKey, readDraft, writeDraft } from "./draft-storage";
import { type Intent, readIntent, writeIntent } from "./intent";

describe("what is kept where a frame has no storage", () => {
  const place = draftKey("e1", "c1");

  // Risk: going on to another ticket and back loses what was typed.
  it("is what was typed, by person and customer, until it is recorded", () => {
    const draft = { ...EMPTY_DRAFT, channel: "email", amount: "25" };
    writeDraft(place, draft);
    expect(readDraft(place)).toEqual(draft);
    expect([readDraft(draftKey("e2", "c1")), readDraft(draftKey("e1", "c2"))]).toEqual([null, null]);
    writeDraft(place, { ...EMPTY_DRAFT, channel: "email" });
    expect(readDraft(place)).toBeNull();
  });

  // Risk: the next try of what was sent and not answered has another key, and is done a second time.
  it("is what was sent and not answered, under its keys", () => {
    const body = { customer: "c1", remedy: "credit" as const, amount: 2500, currency: "USD" };
    const intent = {
      parts: [{ body, preview: {}, idempotencyKey: "k", recorded: null }],
      promise: null,
    } as unknown as Intent;
    writeIntent(place, intent);
    expect(readIntent(place)).toEqual(intent);
    writeIntent(place, null);
    expect(readIntent(place)).toBeNull();
  });
});
