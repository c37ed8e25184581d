import { createTransport } from "nodemailer";
import { env } from "@/lib/env";

/** A mail as it is handed to the server. */
export interface Letter {
  /** The same at every attempt, so that a mailbox knows one that it has. */
  messageId: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

/** Hands a mail over; throws what the server says where it doesn't take it. */
export type SendLetter = (letter: Letter) => Promise<void>;

/** Why no mail is sent; null where it is. */
export function mailMissing(): "smtp" | "address" | "encryption_key" | null {
  if (!env.SMTP_URL || !env.MAIL_FROM) return "smtp";
  // Without it no link in a mail would lead anywhere.
  if (!env.NEXTAUTH_URL) return "address";
  if (!env.LEEWAY_ENCRYPTION_KEY) return "encryption_key";
  return null;
}

/** The server of the settings; null where they name none. */
export function configuredServer(): { send: SendLetter; close: () => void } | null {
  if (mailMissing() !== null || !env.SMTP_URL) return null;
  const from = env.MAIL_FROM;
  const transport = createTransport({
    url: env.SMTP_URL,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (letter) => {
      await transport.sendMail({ from, ...letter });
    },
    close: () => transport.close(),
  };
}
