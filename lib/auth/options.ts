import type { AuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { revokeSession, SESSION_SECONDS } from "@/lib/auth/sessions";
import { signIn } from "@/lib/auth/sign-in";
import { databaseTrouble } from "@/lib/db/health";
import { env } from "@/lib/env";
import { callerAddress } from "@/lib/http/origin";
import { log } from "@/lib/log";

declare module "next-auth" {
  interface Session {
    organizationId?: string;
    sessionId?: string;
  }
  interface User {
    organizationId: string;
    sessionId: string;
  }
}

declare module "next-auth/jwt" {
  interface JWT {
    organizationId?: string;
    sessionId?: string;
  }
}

/** What the sign-in form reads from the answer; `too_many` is followed by a colon and the seconds to wait. */
export const SIGN_IN_ERRORS = { tooMany: "too_many", unavailable: "unavailable" } as const;

/**
 * next-auth only carries a signed cookie with the session's id. Whether that session still stands, and who it belongs
 * to, is asked of the sessions table at every request (lib/auth/actor.ts): a copied cookie dies with the sign-out.
 */
export const authOptions: AuthOptions = {
  secret: env.NEXTAUTH_SECRET,
  session: { strategy: "jwt", maxAge: SESSION_SECONDS },
  pages: { signIn: "/sign-in", error: "/sign-in" },
  providers: [
    Credentials({
      credentials: { email: { type: "email" }, password: { type: "password" } },
      async authorize(credentials, request) {
        const headers = new Headers(request.headers as Record<string, string>);
        const answer = await signIn({
          email: String(credentials?.email ?? ""),
          password: String(credentials?.password ?? ""),
          userAgent: headers.get("user-agent"),
          address: callerAddress(headers),
          at: new Date(),
        }).catch((error: unknown) => {
          // The message travels in a URL, so only a word that says nothing about the inside goes out.
          log.error({ err: error }, "a sign-in could not be checked");
          throw new Error(databaseTrouble(error) ? SIGN_IN_ERRORS.unavailable : "unexpected");
        });
        if (answer.ok) {
          const { employeeId, organizationId, sessionId } = answer;
          return { id: employeeId, organizationId, sessionId };
        }
        if (answer.reason === "too_many") {
          throw new Error(`${SIGN_IN_ERRORS.tooMany}:${answer.retryAfterSeconds}`);
        }
        return null;
      },
    }),
  ],
  callbacks: {
    jwt({ token, user }) {
      // Nothing but ids: name, address and role are read fresh, and no cookie carries personal data.
      return user
        ? { sub: user.id, organizationId: user.organizationId, sessionId: user.sessionId }
        : { sub: token.sub, organizationId: token.organizationId, sessionId: token.sessionId };
    },
    session({ session, token }) {
      return {
        expires: session.expires,
        organizationId: token.organizationId,
        sessionId: token.sessionId,
      };
    },
  },
  events: {
    async signOut({ token }) {
      if (token?.organizationId && token.sessionId) {
        await revokeSession(token.organizationId, token.sessionId, new Date());
      }
    },
  },
  logger: {
    error: (code, detail) =>
      log.error({ code, reason: detail instanceof Error ? detail.message : undefined }, "sign-in"),
    warn: (code) => log.debug({ code }, "sign-in"),
    debug: () => undefined,
  },
};
