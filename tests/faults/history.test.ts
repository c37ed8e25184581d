import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { counterDefinition } from "@/lib/discretion/counters";
import type { Limit, Policy } from "@/lib/discretion/schema";
import { findPolicy } from "@/lib/policies/data";
import { makeDirectory, root } from "@/scripts/operations/data-dir";
import { expectNothingWrong } from "../setup/aftermath";
import { atLength, rounds } from "../setup/faults";
import { replay } from "./history/check";
import { committedInOrder, countersAtLast, recordedDecisions, recordedHandovers } from "./history/committed";
import { type Inhabited, inhabit, type Lived, live } from "./history/live";
import { countersOf, type Known, type State } from "./history/model";
import { planOf } from "./history/world";

const KEPT = join(root, ".leeway", "test");

/** The same seed makes the same wishes and the same crashes; how they fall together is the machine's. */
function seeds(): number[] {
  const given = process.env.LEEWAY_FAULT_SEED;
  if (given) return [Number(given)];
  const first = Math.floor(Math.random() * 1_000_000_000);
  return Array.from({ length: rounds(1, 2) }, (_, index) => first + index);
}

async function policiesOf(organizationId: string): Promise<Map<number, Policy>> {
  const policies = new Map<number, Policy>();
  for (let version = 1; ; version++) {
    const found = await findPolicy(organizationId, version);
    if (!found) return policies;
    policies.set(version, found.document);
  }
}

async function knownOf({ s, people }: Inhabited): Promise<Known> {
  return {
    people: new Map(
      people.map(({ actor, role, team }) => [actor.employeeId, { id: actor.employeeId, role, team }]),
    ),
    policies: await policiesOf(s.organizationId),
    decisions: await recordedDecisions(s.organizationId),
    handovers: await recordedHandovers(s.organizationId),
    undoSeconds: 30,
  };
}

/** What stands in the database, for whoever looks for why it could not have come about. */
async function evidenceOf(world: Inhabited) {
  const { people, policies, decisions, handovers } = await knownOf(world);
  const committed = await committedInOrder(world.s.organizationId);
  const listed = {
    people: [...people],
    policies: [...policies],
    decisions: [...decisions],
    handovers: [...handovers],
  };
  return { committed, ...listed };
}

async function expectModelled(world: Inhabited, lived: readonly Lived[]): Promise<void> {
  const { organizationId } = world.s;
  const known = await knownOf(world);
  const first = known.policies.get(1);
  if (!first) throw new Error("There is no first version.");
  const beginning: State = {
    version: 1,
    policy: first,
    decisions: new Map(),
    mergedInto: new Map(),
    merges: new Map(),
  };
  const all = await committedInOrder(organizationId);
  const committed = all.filter(({ action, subject }) => !(action === "policy.published" && subject === "1"));
  const { found, last } = replay(beginning, committed, lived, known);
  if (found.length > 0) {
    const lines = found.slice(0, 20).map(({ place, what }) => `  ${place}: ${what}`);
    throw new Error(`${found.length} things could not have come of one at a time:\n${lines.join("\n")}`);
  }

  // Every acknowledged wish is there once, what is there was wished for, and it stands as the model says.
  const acknowledged = lived.flatMap(({ wish, outcome }) =>
    wish.kind === "decide" && outcome.is === "done" ? [`${wish.key} ${outcome.id}`] : [],
  );
  const kept = [...known.decisions.values()].map(({ key, id }) => `${key} ${id}`);
  expect(kept.sort()).toEqual(acknowledged.sort());
  const standing = [...known.decisions.values()].map(({ id, status }) => [id, status]).sort();
  expect(standing).toEqual([...last.decisions.values()].map(({ id, status }) => [id, status]).sort());

  const limits = [...known.policies.values()].flatMap((policy) => policy.limits);
  const nameOf = (limit: Limit) => counterDefinition(limit, first);
  const expected = [...countersOf(last, limits, nameOf)].sort(byName);
  expect([...(await countersAtLast(organizationId))].sort(byName)).toEqual(expected);
  await expectNothingWrong(organizationId);
}

const byName = ([a]: [string, number[]], [b]: [string, number[]]) => (a < b ? -1 : 1);

// Risk: each step is right by itself, and some order of many, with crashes between, comes to what none of them allows.
it.each(seeds())(
  "a history of concurrent actors and crashes comes to what one at a time would (seed %i)",
  async (seed) => {
    const phases = planOf(seed, atLength ? 2_500 : 500);
    const world = await inhabit();
    let lived: Lived[] = [];
    try {
      lived = await live(world, seed, phases);
      await expectModelled(world, lived);
    } catch (error) {
      makeDirectory(KEPT);
      const file = join(KEPT, `history-${seed}.json`);
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const evidence = await evidenceOf(world).catch((missing) => ({ missing: String(missing) }));
      writeFileSync(
        file,
        JSON.stringify({ seed, organization: world.s.organizationId, why, lived, ...evidence }, null, 1),
      );
      throw new Error(
        `Again with: LEEWAY_FAULT_SEED=${seed} npm run test:faults -- history\nWhat happened is in ${file}\n${why}`,
      );
    }
  },
);
