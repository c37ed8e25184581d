import { z } from "zod";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "A hash is 64 hexadecimal digits.");
const seq = z.int().min(1);

/** A seal as it is published: in a line of a file, or in the body of a webhook. */
export const sealSchema = z.object({
  organizationId: z.uuid(),
  seq,
  previousHash: hash.nullable(),
  root: hash,
  leafCount: z.int().min(1),
  sealedAt: z.string(),
  hash,
});

export const PROOF_FORMAT = "leeway-proof";

/** What `audit prove` prints. */
export const proofSchema = z.strictObject({
  format: z.literal(PROOF_FORMAT, "This is no proof of Leeway's."),
  version: z.literal(1, "This proof is of a version that is not known here."),
  organizationId: z.uuid(),
  decisionId: z.uuid(),
  /** One for each event of the decision that a seal covers, in the order of the seals. */
  leaves: z
    .array(
      z.strictObject({
        seal: seq,
        position: z.int().min(0),
        rows: z
          .array(
            z.strictObject({
              table: z.enum(["audit_events", "decisions", "decisions.note", "ledger_entries"]),
              /** What was hashed; null of a note that was erased. */
              text: z.string().nullable(),
              hash,
            }),
          )
          .min(1),
        /** From the leaf's neighbour up to the root. */
        path: z.array(hash).max(40),
      }),
    )
    .min(1, "It proves nothing: there is no leaf in it."),
  /** From the first leaf's seal on, without a gap. */
  seals: z.array(sealSchema).min(1),
  /** Events of the decision that no seal covered yet. */
  waiting: z.array(z.uuid()),
});

export type Proof = z.output<typeof proofSchema>;
