import { headers } from "next/headers";
import { env } from "@/lib/env";

/** Where Leeway is reached: as the settings say or, without them, as whoever asks has reached it. */
export async function baseUrl(): Promise<string> {
  if (env.NEXTAUTH_URL) return new URL(env.NEXTAUTH_URL).origin;
  const asked = await headers();
  return `${asked.get("x-forwarded-proto") ?? "http"}://${asked.get("host") ?? "localhost"}`;
}
