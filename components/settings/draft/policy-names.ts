import type { Policy, When } from "@/lib/discretion/schema";
import type { KnownNames } from "@/lib/policies/types";

/** The names that the organization has, and those that the policy itself speaks of, each once. */
export function namesWith(known: KnownNames, { limits, rules }: Policy): KnownNames {
  const named = (list: keyof KnownNames & keyof When) => {
    const spoken = [...limits, ...rules].flatMap(({ when }) => when?.[list] ?? []);
    return [...new Set([...known[list], ...spoken])];
  };
  return { teams: named("teams"), tiers: named("tiers"), causes: named("causes") };
}
