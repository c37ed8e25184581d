import { describe, expect, it } from "vitest";
import { faultsOf, readDraft, toDraft } from "./settings-draft";

const SETTINGS = {
  undoSeconds: 30,
  handoverMinutes: 480,
  retention: {
    sessions: 90,
    idempotencyKeys: 30,
    unsentRequests: 365,
    simulations: 365,
    caseTexts: null,
    notes: null,
    webhookMessages: 30,
    mails: 30,
    providerEvents: 90,
    disputes: 90,
  },
};

describe("settings as they are typed", () => {
  it("come back as they were", () => {
    expect(readDraft(toDraft(SETTINGS))).toEqual({ ok: true, settings: SETTINGS });
  });

  // Risk: what somebody did not mean keeps things for good, or throws them away tonight.
  it.each([
    ["sessions", "0", /for a day at least/],
    ["sessions", "-3", /for a day at least/],
    ["sessions", "1.5", /whole number/],
    ["sessions", "1e9", /whole number/],
    ["sessions", "ninety", /whole number/],
    ["sessions", "36501", /hundred years/],
    ["undoSeconds", "", /whole number of seconds/],
    ["undoSeconds", "-1", /0 for no undo/],
    ["undoSeconds", "3601", /An hour/],
    ["handoverMinutes", "", /whole number of minutes/],
    ["handoverMinutes", "0", /a minute at least/],
    ["handoverMinutes", "43201", /Thirty days/],
  ] as const)("are refused beside their own field: %s %s", (field, text, said) => {
    const read = readDraft({ ...toDraft(SETTINGS), [field]: text });
    expect(read.ok ? {} : read.faults).toEqual({ [field]: expect.stringMatching(said) });
  });

  it.each([
    ["sessions", "1"],
    ["sessions", "36500"],
    ["sessions", " 7 "],
    ["undoSeconds", "0"],
    ["undoSeconds", "3600"],
    ["handoverMinutes", "1"],
    ["handoverMinutes", "43200"],
  ] as const)("are taken at their bounds: %s %s", (field, text) => {
    expect(readDraft({ ...toDraft(SETTINGS), [field]: text }).ok).toBe(true);
  });

  it("know the faults of the server by the same names", () => {
    expect(faultsOf([{ path: "retention.notes", message: "No." }])).toEqual({ notes: "No." });
  });
});
