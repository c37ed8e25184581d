import { CannotProceed } from "../operations/cannot-proceed";
import { openDatabase } from "./app";
import { counted, print } from "./output";
import { ensureTables } from "./tables";

/** Encrypts every organization's secrets anew that were encrypted with another key than the newest. */
export async function reencrypt(options: { json?: boolean }): Promise<number> {
  await ensureTables(await openDatabase());
  const { pool } = await import("@/lib/db/pool");
  const { canKeepSecrets, NoKey } = await import("@/lib/secrets/cipher");
  const { reencryptSecrets } = await import("@/lib/providers/mutations");
  const { reencryptEndpoints } = await import("@/lib/webhooks/mutations");
  if (!canKeepSecrets()) {
    throw new CannotProceed(
      "LEEWAY_ENCRYPTION_KEY is not set.",
      "Set the keys, the newest first, with commas.",
    );
  }
  const { rows } = await pool().query<{ id: string }>("select list_organizations() as id");
  let done = 0;
  for (const { id } of rows) {
    const anew = async () => (await reencryptSecrets(id)) + (await reencryptEndpoints(id));
    done += await anew().catch((error: unknown) => {
      if (!(error instanceof NoKey)) throw error;
      throw new CannotProceed(
        `The secrets of the organization ${id} can't be read. ${error.message}`,
        "Add the key that they were encrypted with behind the newest, and do this again.",
      );
    });
  }
  await print(options.json, { reencrypted: done }, [
    `${counted(done, "provider's or endpoint's secret was", "secrets of providers and endpoints were")} encrypted anew. Only the first key is needed from now on.`,
  ]);
  return 0;
}
