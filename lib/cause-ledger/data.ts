import type { CauseLine, CauseNote, CausesPage } from "@/lib/cause-ledger/types";
import { readCauseNames } from "@/lib/causes/data";
import { nameOfCause } from "@/lib/causes/naming";
import { type OpenSpan, stretchesOf } from "@/lib/dashboards/data";
import { grainOf } from "@/lib/dashboards/schema";
import type { SpanPage } from "@/lib/dashboards/types";
import { readTenant } from "@/lib/db/replica";
import { withTenant } from "@/lib/db/tenant";
import { addDays } from "@/lib/discretion/windows";
import { readSums, readTotal } from "@/lib/sums/data";
import { noSums } from "@/lib/sums/types";

const CAUSES_LISTED = 100;
const NOTES_LISTED = 20;

/** What each cause costs in a span, the dearest first, and those that somebody sees to though they cost nothing. */
export async function readCauses(
  organizationId: string,
  { filter, filterBefore, page }: OpenSpan,
): Promise<Omit<CausesPage, keyof SpanPage | "mayEdit">> {
  const { span } = page.search;
  const grain = grainOf(span);
  const { now, earlier, trend, total } = await readTenant(organizationId, async (client) => ({
    now: await readSums(client, organizationId, "cause", filter, "key"),
    earlier: await readSums(client, organizationId, "cause", filterBefore, "key"),
    trend: await readSums(client, organizationId, "cause", filter, "key", grain),
    total: await readTotal(client, organizationId, filter),
  }));
  // Not from a replica: whoever has just written sees it.
  const [notes, names] = await Promise.all([readNotes(organizationId), readCauseNames(organizationId)]);
  const sums = new Map(now.map((row) => [row.key, row.sums]));
  const before = new Map(earlier.map((row) => [row.key, row.sums]));
  const stretches = stretchesOf(span, grain);
  const placeOf = new Map(stretches.map(({ from }, place) => [keyOf(from, grain), place]));
  const trends = new Map<string, number[]>();
  for (const row of trend) {
    const values = trends.get(row.key) ?? stretches.map(() => 0);
    const place = placeOf.get(row.second);
    if (place !== undefined) values[place] = row.sums.given;
    trends.set(row.key, values);
  }
  const causes = new Set([...sums.keys(), ...before.keys(), ...notes.keys()]);
  causes.delete("");
  const lines = [...causes].map(
    (cause): CauseLine => ({
      cause,
      name: nameOfCause(names, cause),
      sums: sums.get(cause) ?? noSums(),
      before: before.get(cause) ?? noSums(),
      trend: trends.get(cause) ?? stretches.map(() => 0),
      notes: notes.get(cause) ?? [],
    }),
  );
  lines.sort(
    (a, b) =>
      b.sums.given - a.sums.given ||
      b.sums.decisions - a.sums.decisions ||
      a.name.localeCompare(b.name, "en"),
  );
  return {
    grain,
    lines: lines.slice(0, CAUSES_LISTED),
    leftOut: Math.max(0, lines.length - CAUSES_LISTED),
    without: sums.get("") ?? noSums(),
    total,
  };
}

/** What the database calls a day or a week: a week is its Monday, though the span may begin later. */
function keyOf(day: string, grain: "day" | "week"): string {
  return grain === "day" ? day : addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
}

interface NoteRow {
  cause: string;
  id: string;
  owner_id: string | null;
  owner: string | null;
  note: string | null;
  writer: string;
  written_at: Date;
}

const NOTE = `n.cause, n.id, n.owner_id, o.name as owner, n.note, w.name as writer, n.written_at`;
const PEOPLE = `left join employees o on o.organization_id = n.organization_id and o.id = n.owner_id
  join employees w on w.organization_id = n.organization_id and w.id = n.written_by`;

/** The latest notes of each cause, the newest first. */
async function readNotes(organizationId: string): Promise<Map<string, CauseNote[]>> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<NoteRow>(
      `select ${NOTE} from (
         select *, row_number() over (partition by cause order by id desc) as place from cause_notes where organization_id = $1
       ) as n ${PEOPLE}
       where n.place <= $2 order by n.cause, n.id desc`,
      [organizationId, NOTES_LISTED],
    ),
  );
  const notes = new Map<string, CauseNote[]>();
  for (const row of rows) notes.set(row.cause, [...(notes.get(row.cause) ?? []), toNote(row)]);
  return notes;
}

/** What holds of a cause; null where nobody has said anything. */
export async function findCauseNote(organizationId: string, cause: string): Promise<CauseNote | null> {
  const { rows } = await withTenant(organizationId, (client) =>
    client.query<NoteRow>(
      `select ${NOTE} from cause_notes n ${PEOPLE} where n.organization_id = $1 and n.cause = $2 order by n.id desc limit 1`,
      [organizationId, cause],
    ),
  );
  return rows[0] ? toNote(rows[0]) : null;
}

function toNote(row: NoteRow): CauseNote {
  return {
    id: row.id,
    owner: row.owner_id === null ? null : { id: row.owner_id, name: row.owner ?? "" },
    note: row.note,
    writtenBy: row.writer,
    writtenAt: row.written_at.toISOString(),
  };
}
