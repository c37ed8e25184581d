import { pool } from "@/lib/db/pool";
import { type Rounds, startRounds } from "@/lib/jobs/rounds";
import { log } from "@/lib/log";
import { sendDue } from "@/lib/mail/delivery";
import { feedMail } from "@/lib/mail/feed";
import { configuredServer, type SendLetter } from "@/lib/mail/transport";
import { listOrganizations } from "@/lib/seals/sealer";

const EVERY_MS = 5_000;

/** Writes what is to be sent, and sends what is due, in every organization. One that it fails for keeps it from no other. */
export async function postRound(send: SendLetter, now: Date, signal?: AbortSignal): Promise<void> {
  const inEach = async (ids: readonly string[], work: (id: string) => Promise<unknown>, failure: string) => {
    for (const id of ids) {
      if (signal?.aborted) return;
      await work(id).catch((error: unknown) => log.error({ err: error, organization: id }, failure));
    }
  };
  await inEach(await listOrganizations(), (id) => feedMail(id, now), "mails could not be written");
  const { rows } = await pool().query<{ id: string }>("select organizations_with_mail($1) as id", [now]);
  const due = rows.map(({ id }) => id);
  const options = signal ? { signal } : {};
  await inEach(
    due,
    (organizationId) => sendDue({ organizationId, send, now, ...options }),
    "mails could not be sent",
  );
}

/** Sends mail until it is stopped; does nothing where the settings name no server. */
export function startPostman(): Rounds {
  const server = configuredServer();
  if (!server) return { stop: async () => undefined };
  const stopping = new AbortController();
  const rounds = startRounds(EVERY_MS, "mail could not be seen to", (now) =>
    postRound(server.send, now, stopping.signal),
  );
  return {
    stop: async () => {
      stopping.abort();
      await rounds.stop();
      server.close();
    },
  };
}
