import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeProof, ORGANIZATION } from "./fixtures";
import { checkProof } from "./proof";
import { instantText } from "./records";
import type { Proof } from "./schema";

const proofs = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 6 }), fc.nat(), fc.nat())
  .map(([sizes, a, b]) => makeProof(sizes, [a, b]));

/** Every place in a document where a text or a number stands. */
function leafPaths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value === "string" || typeof value === "number") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    leafPaths(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function turnBit(document: unknown, path: readonly (string | number)[], at: number): unknown {
  const copy = structuredClone(document);
  // biome-ignore lint/suspicious/noExplicitAny: walks a document of any form.
  let inner: any = copy;
  for (const key of path.slice(0, -1)) inner = inner[key];
  const last = path.at(-1) ?? "";
  const value = inner[last];
  if (typeof value === "number") inner[last] = value + 1 + (at % 3);
  else {
    const place = at % Math.max(1, value.length);
    const code = value.charCodeAt(place) ^ 1;
    inner[last] = value.slice(0, place) + String.fromCharCode(code) + value.slice(place + 1);
  }
  return copy;
}

describe("a proof", () => {
  it("holds, whatever else its seals cover, and says what became of the decision", () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        const anchors = new Set([proof.seals.at(-1)?.hash ?? ""]);
        const answer = checkProof(JSON.parse(JSON.stringify(proof)), anchors);
        expect(answer).toMatchObject({
          ok: true,
          proven: { status: "reversed", note: "kept", decision: { amount: "2500" } },
        });
      }),
    );
  });

  // Risk: somebody changes an amount in the proof, and it still holds.
  it("doesn't hold once a single sign of it is another one", () => {
    fc.assert(
      fc.property(proofs, fc.nat(), fc.nat(), (proof, which, at) => {
        const paths = leafPaths(proof);
        const path = paths[which % paths.length] ?? [];
        const anchors = new Set([proof.seals.at(-1)?.hash ?? ""]);
        const answer = checkProof(turnBit(proof, path, at), anchors);
        expect([path.join("."), answer.ok]).toEqual([path.join("."), false]);
      }),
      { numRuns: 400 },
    );
  });

  const proof = makeProof([3, 4, 5], [1, 2]);
  const anchors = new Set([proof.seals.at(-1)?.hash ?? ""]);
  const changed = (change: (copy: Proof) => void) => {
    const copy = structuredClone(proof);
    change(copy);
    return checkProof(copy, anchors);
  };

  it.each<[string, (copy: Proof) => void, RegExp]>([
    ["a leaf is left out", (p) => p.leaves.splice(0, 1), /doesn't begin with the event that recorded/],
    ["a leaf is there twice", (p) => p.leaves.push(p.leaves[0] as never), /recorded twice/],
    ["a row is left out", (p) => p.leaves[0]?.rows.pop(), /doesn't lead to the seal's root/],
    ["rows are swapped", (p) => p.leaves[0]?.rows.reverse(), /doesn't lead to the seal's root/],
    [
      "a row lacks its text",
      (p) => Object.assign(p.leaves[0]?.rows[1] ?? {}, { text: null }),
      /lacks the text/,
    ],
    ["a seal is left out of the chain", (p) => p.seals.splice(1, 1), /Seal 6 is gone/],
    ["the chain ends too early", (p) => p.seals.splice(2, 1), /seal that is not in the proof/],
    ["there is no seal", (p) => p.seals.splice(0), /seals/],
    [
      "it is about another decision",
      (p) => Object.assign(p, { decisionId: ORGANIZATION }),
      /is about something else|another decision/,
    ],
    ["something is added", (p) => Object.assign(p, { more: 1 }), /more/],
  ])("says why it doesn't hold when %s", (_, change, reason) => {
    const answer = changed(change);
    expect(answer.ok ? "it holds" : answer.reason).toMatch(reason);
  });

  it("without its last leaf still holds for what came before: whether more happened, it can't tell", () => {
    const answer = checkProof({ ...proof, leaves: proof.leaves.slice(0, 1) }, anchors);
    expect(answer).toMatchObject({ ok: true, proven: { status: "posted" } });
  });

  it("holds after its note was erased, and only of a note may the text be missing", () => {
    const answer = changed((p) => Object.assign(p.leaves[0]?.rows[2] ?? {}, { text: null }));
    expect(answer).toMatchObject({ ok: true, proven: { note: "erased" } });
  });

  it("is held against what is known from elsewhere, or says that it was not", () => {
    expect(checkProof(proof, null)).toMatchObject({ ok: true, proven: { anchor: null } });
    expect(checkProof(proof, new Set(["0".repeat(64)]))).toMatchObject({ ok: false });
    expect(checkProof(proof, new Set([proof.seals[1]?.hash ?? ""]))).toMatchObject({
      ok: true,
      proven: { anchor: { seq: 6 } },
    });
  });

  it.each([null, 1, "", [], {}, { format: "leeway-proof" }, { ...proof, version: 2 }])(
    "is not whatever else somebody gives: %j",
    (document) => {
      expect(checkProof(document, null).ok).toBe(false);
    },
  );
});

describe("an instant in a sealed text", () => {
  it.each([
    ["2026-03-10T03:30:00.000Z", "2026-03-10T03:30:00Z"],
    ["2026-03-10T03:30:00.120Z", "2026-03-10T03:30:00.12Z"],
    ["2026-03-10T03:30:10.001Z", "2026-03-10T03:30:10.001Z"],
  ])("%s is written as the database writes it", (iso, text) => {
    expect(instantText(new Date(iso))).toBe(text);
  });
});
