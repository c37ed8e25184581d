import { createHash, randomBytes } from "node:crypto";
import { audit } from "@/lib/audit/mutations";
import { mayEnter, PASS_SCOPES } from "@/lib/auth/ability";
import { IDLE } from "@/lib/auth/sessions";
import type { EmployeeActor } from "@/lib/auth/types";
import { newId } from "@/lib/db/ids";
import { pool } from "@/lib/db/pool";
import { inTenant } from "@/lib/db/prisma";

/** How long a pass is good for. A frame that goes on after that asks the person's own browser window for another one. */
export const PASS_SECONDS = 15 * 60;

/** `lwe_`, the organization's id without its hyphens, and 32 random bytes. */
const FORM = /^lwe_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

/** Whether a bearer token says that it is a frame's. */
export function isPassToken(token: string): boolean {
  return token.startsWith("lwe_");
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/**
 * The person behind a frame's token, with what it is good for (`pass`). Null where it is none, is over, or one of those
 * is that it hangs on: the session that gave it, the person, the site on the organization's list.
 */
export async function findPassActor(token: string, at: Date): Promise<EmployeeActor | null> {
  const organization = FORM.exec(token)?.slice(1).join("-");
  if (organization === undefined) return null;
  const { rows } = await pool().query<{ found: Omit<EmployeeActor, "kind"> | null }>({
    name: "find_embed_pass",
    text: "select find_embed_pass($1, $2, $3, $4) as found",
    values: [organization, digest(token), at, IDLE],
  });
  const found = rows[0]?.found;
  return found ? { kind: "employee", ...found } : null;
}

export type IssuePassAnswer =
  | { ok: true; token: string }
  /** `unconfirmed`: the person has not said yet, in this session, that this site may show their desk. */
  | { ok: false; code: "no_desk" | "not_listed" | "unconfirmed" };

/**
 * Gives a frame of a site on the organization's list a pass for whoever is signed in. Its text is returned once and kept
 * nowhere. The first one of a session has to be `confirmed` by the person, and is written down.
 */
export async function issuePass(input: {
  actor: EmployeeActor;
  origin: string;
  confirmed: boolean;
  at: Date;
}): Promise<IssuePassAnswer> {
  const { actor, origin, confirmed, at } = input;
  const { organizationId, employeeId, sessionId } = actor;
  if (!mayEnter(actor.role, "desk")) return { ok: false, code: "no_desk" };
  const token = `lwe_${organizationId.replaceAll("-", "")}_${randomBytes(32).toString("base64url")}`;
  return inTenant(organizationId, async (tx): Promise<IssuePassAnswer> => {
    const listed = await tx.embedOrigin.count({ where: { organizationId, origin } });
    if (listed === 0) return { ok: false, code: "not_listed" };
    const place = { organizationId, sessionId, origin };
    const isFirst = (await tx.embedPass.count({ where: place })) === 0;
    if (isFirst && !confirmed) return { ok: false, code: "unconfirmed" };
    await tx.embedPass.deleteMany({ where: { ...place, expiresAt: { lte: at } } });
    await tx.embedPass.create({
      data: {
        ...place,
        id: newId(at),
        tokenHash: digest(token),
        employeeId,
        scopes: [...PASS_SCOPES],
        createdAt: at,
        expiresAt: new Date(at.getTime() + PASS_SECONDS * 1000),
      },
    });
    if (isFirst) {
      await audit(tx, {
        organizationId,
        actor: { kind: "employee", id: employeeId },
        action: "embed.allowed",
        subjectId: sessionId,
        data: { origin },
        at,
      });
    }
    return { ok: true, token };
  });
}

/** Whether somebody has let a site show their desk, in this session. */
export async function hasAllowed(actor: EmployeeActor, origin: string): Promise<boolean> {
  const { organizationId, sessionId } = actor;
  return inTenant(
    organizationId,
    async (tx) => (await tx.embedPass.count({ where: { organizationId, sessionId, origin } })) > 0,
  );
}
