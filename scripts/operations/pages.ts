import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { query } from "../database";
import { CannotProceed } from "./cannot-proceed";
import { root } from "./data-dir";

export type SeenBy = "agent" | "manager" | "admin";

/** Who is looked over the shoulder of, by how an address begins. */
const SEEN_BY: readonly [prefix: string, role: SeenBy | null][] = [
  ["/sign-in", null],
  ["/unsubscribe", null],
  ["/floor", "manager"],
  ["/settings", "admin"],
  ["/", "agent"],
];

/** What stands for the id in an address: the one of the demo that there is most to see of. */
const IDS: readonly [address: string, sql: string][] = [
  [
    "/desk/[customerId]",
    "select customer_id from decisions where organization_id = $1 group by 1 order by count(*) desc, 1 limit 1",
  ],
  [
    "/decisions/",
    "select id from decisions where organization_id = $1 and verdict = 'handover' and status = 'posted' order by id desc limit 1",
  ],
  [
    "/simulation",
    "select version from policy_simulations where organization_id = $1 and status = 'done' order by version desc limit 1",
  ],
  ["/trial", "select version from policy_trials where organization_id = $1 order by starts_at desc limit 1"],
  [
    "/settings/webhooks/",
    "select id from webhook_endpoints where organization_id = $1 order by created_at limit 1",
  ],
  [
    "/settings/policies/",
    "select max(version) from policies where organization_id = $1 and status = 'published'",
  ],
];

export interface PageOfDemo {
  /** As the files have it, with the names of its parts. */
  address: string;
  /** Where the demo has it; null where it has nothing of the kind. */
  filled: string | null;
  seenBy: SeenBy | null;
}

/** Every page there is, read from the files that make them, with ids of an organization in their addresses. */
export async function everyPage(databaseUrl: string, organizationId: string): Promise<PageOfDemo[]> {
  const pages: PageOfDemo[] = [];
  for (const address of addresses()) {
    const filled = await fillIn(address, databaseUrl, organizationId);
    const seenBy = SEEN_BY.find(([prefix]) => address.startsWith(prefix))?.[1] ?? null;
    pages.push({ address, filled, seenBy });
  }
  return pages;
}

function addresses(): string[] {
  return (
    readdirSync(join(root, "app"), { recursive: true })
      .map(String)
      .filter((file) => /(^|\/)page\.tsx$/.test(file))
      .map((file) => `/${dirname(file).replace(/\([^)]*\)\/?/g, "")}`.replace(/^\/\.$/, "/"))
      // A frame of another site, and the pop-up that it opens, show nothing by themselves.
      .filter((address) => address !== "/" && !address.startsWith("/embed/"))
      .sort()
  );
}

async function fillIn(address: string, databaseUrl: string, organizationId: string): Promise<string | null> {
  if (!address.includes("[")) return address;
  const sql = IDS.find(([part]) => address.includes(part))?.[1];
  if (!sql)
    throw new CannotProceed(`${address} needs an id.`, "Say in scripts/operations/pages.ts which one.");
  const { rows } = await query(databaseUrl, sql, [organizationId]);
  const id = rows[0] && Object.values(rows[0])[0];
  return id === undefined || id === null ? null : address.replace(/\[[^\]]+\]/, String(id));
}
