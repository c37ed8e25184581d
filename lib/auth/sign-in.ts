import { verifyPassword } from "@/lib/auth/password";
import { countSignIn, forgetSignIns } from "@/lib/auth/rate-limit";
import { openSession } from "@/lib/auth/sessions";
import { pool } from "@/lib/db/pool";

export type SignInAnswer =
  | { ok: true; organizationId: string; employeeId: string; sessionId: string }
  | { ok: false; reason: "refused" }
  | { ok: false; reason: "too_many"; retryAfterSeconds: number };

interface Candidate {
  organization_id: string;
  employee_id: string;
  password_hash: string | null;
  status: string;
}

/**
 * Checks an address and a password and opens a session.
 *
 * Refuses an unknown address, a wrong password and a suspended person with the same answer after the same work. One
 * address may belong to people of several organizations: the password says which is meant.
 */
export async function signIn(input: {
  email: string;
  password: string;
  userAgent: string | null;
  /** The caller's network address where a trusted proxy told it. */
  address: string | null;
  at: Date;
}): Promise<SignInAnswer> {
  const email = input.email.trim().toLowerCase();
  for (const subject of [`email:${email}`, ...(input.address ? [`address:${input.address}`] : [])]) {
    const counted = await countSignIn(subject);
    if (!counted.ok) return { ok: false, reason: "too_many", retryAfterSeconds: counted.retryAfterSeconds };
  }

  const { rows } = await pool().query<Candidate>("select * from find_sign_in($1)", [email]);
  const matches: Candidate[] = [];
  for (const candidate of rows.length > 0 ? rows : [null]) {
    const known = await verifyPassword(candidate?.password_hash ?? null, input.password);
    if (known && candidate?.status === "active") matches.push(candidate);
  }
  const who = matches[0];
  if (!who) return { ok: false, reason: "refused" };

  await forgetSignIns(`email:${email}`);
  const sessionId = await openSession({
    organizationId: who.organization_id,
    employeeId: who.employee_id,
    userAgent: input.userAgent,
    at: input.at,
  });
  return { ok: true, organizationId: who.organization_id, employeeId: who.employee_id, sessionId };
}
