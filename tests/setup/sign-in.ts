import { type APIRequestContext, expect } from "@playwright/test";
import { hashPassword } from "@/lib/auth/password";
import type { EmployeeActor } from "@/lib/auth/types";
import { inTenant } from "@/lib/db/prisma";

const PASSWORD = "only-for-this-test";

/** Signs in one of a scenario's people, who get a password for it. The cookies are the context's, and its pages'. */
export async function signInAs(request: APIRequestContext, actor: EmployeeActor): Promise<void> {
  const passwordHash = await hashPassword(PASSWORD);
  await inTenant(actor.organizationId, (tx) =>
    tx.employee.updateMany({ where: { id: actor.employeeId }, data: { passwordHash } }),
  );
  const { csrfToken } = await (await request.get("/api/auth/csrf")).json();
  const form = { csrfToken, email: actor.email, password: PASSWORD, json: "true" };
  const answer = await request.post("/api/auth/callback/credentials", { form });
  expect(answer.ok(), `sign-in of ${actor.role}: ${answer.status()}`).toBe(true);
}
