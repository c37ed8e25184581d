import { headers } from "next/headers";
import { forbidden, notFound, redirect, unauthorized } from "next/navigation";
import { getServerSession } from "next-auth";
import { cache } from "react";
import { mayEnter, type Place } from "@/lib/auth/ability";
import { authOptions } from "@/lib/auth/options";
import { findSessionActor } from "@/lib/auth/sessions";
import type { EmployeeActor } from "@/lib/auth/types";

/**
 * Who this request's cookie belongs to, checked against the sessions table, once a request. Null when signed out,
 * signed out elsewhere, left alone too long, or suspended meanwhile.
 */
export const currentActor = cache(async (): Promise<EmployeeActor | null> => {
  // Read before anything else, so that no page that asks for the actor is ever rendered ahead of a request.
  await headers();
  const session = await getServerSession(authOptions);
  if (!session?.organizationId || !session.sessionId) return null;
  return findSessionActor(session.organizationId, session.sessionId, new Date());
});

/**
 * The actor of a page or a server action, or an end to it: 401 with the sign-in form when nobody is signed in, the
 * page for a password of one's own after a one-time password, 403 where the role does not belong.
 */
export async function requireActor(place?: Place): Promise<EmployeeActor> {
  const actor = await provenActor();
  if (place && !mayEnter(actor.role, place)) forbidden();
  return actor;
}

/**
 * As `requireActor`, for a page about one thing (a decision, a version): who may not enter the place isn't told
 * whether the thing exists, and gets 404 as for what doesn't.
 */
export async function requireActorOrHide(place: Place): Promise<EmployeeActor> {
  const actor = await provenActor();
  if (!mayEnter(actor.role, place)) notFound();
  return actor;
}

async function provenActor(): Promise<EmployeeActor> {
  const actor = await currentActor();
  if (!actor) unauthorized();
  if (actor.passwordOneTime) redirect("/password");
  return actor;
}
