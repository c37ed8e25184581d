import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startingPolicy } from "@/lib/discretion/starting-policy";
import { toDraft } from "./policy-draft";
import { readStoredDraft, type StoredDraft, storedDraftKey, writeStoredDraft } from "./stored-draft";

const document = startingPolicy({ currency: "USD", timeZone: "UTC" });
const STORED: StoredDraft = {
  saved: { revision: 3, document, note: "", base: 2 },
  base: { version: 2, document },
  draft: { ...toDraft(document), mission: "Half a sent" },
};
const KEY = storedDraftKey({ version: 7, createdAt: "2026-05-13T12:00:00.000Z" });

/** As much of the browser's storage as is needed. */
function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

// The risk: what was typed is gone after a reload, or what something else wrote breaks the editor.
describe("a draft that is kept within the tab", () => {
  beforeEach(() => vi.stubGlobal("sessionStorage", storage()));
  afterEach(() => vi.unstubAllGlobals());

  it("comes back as it was typed, with what it was typed into", () => {
    writeStoredDraft(KEY, STORED);
    expect(readStoredDraft(KEY)).toEqual(STORED);
    writeStoredDraft(KEY, null);
    expect(readStoredDraft(KEY)).toBeNull();
  });

  it("is not mistaken for another draft of the same number", () => {
    writeStoredDraft(KEY, STORED);
    expect(readStoredDraft(storedDraftKey({ version: 7, createdAt: "2026-05-14T12:00:00.000Z" }))).toBeNull();
  });

  it("is nothing where something else stands, of another shape or none at all", () => {
    for (const text of ["{", "7", "null", '{"shape":0}', '{"shape":1,"saved":{},"base":{},"draft":{}}']) {
      sessionStorage.setItem(KEY, text);
      expect(readStoredDraft(KEY)).toBeNull();
    }
  });

  it("keeps the editor working without storage", () => {
    vi.stubGlobal("sessionStorage", {
      getItem: () => {
        throw new Error("denied");
      },
      setItem: () => {
        throw new Error("full");
      },
    });
    expect(() => writeStoredDraft(KEY, STORED)).not.toThrow();
    expect(readStoredDraft(KEY)).toBeNull();
  });
});
