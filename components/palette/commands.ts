import type { Place } from "@/components/shell/nav";

/** Something that can be done or gone to from anywhere. */
export type Command =
  | { kind: "action"; name: "startCase" | "shortcuts" }
  | { kind: "place"; name: PlaceName; href: string };

const PAGES = [
  { name: "desk", href: "/desk", place: "desk" },
  { name: "day", href: "/desk/day", place: "desk" },
  { name: "ownReviews", href: "/desk/reviews", place: "desk" },
  { name: "duty", href: "/desk/duty", place: "desk" },
  { name: "mailToYou", href: "/desk/notifications", place: "desk" },
  { name: "requests", href: "/floor/handovers", place: "floor" },
  { name: "floor", href: "/floor", place: "floor" },
  { name: "executions", href: "/floor/executions", place: "floor" },
  { name: "byHand", href: "/floor/by-hand", place: "floor" },
  { name: "dashboards", href: "/floor/insights", place: "floor" },
  { name: "hotSpots", href: "/floor/hot-spots", place: "floor" },
  { name: "asking", href: "/floor/asking", place: "floor" },
  { name: "ledger", href: "/floor/causes", place: "floor" },
  { name: "reviews", href: "/floor/reviews", place: "floor" },
  { name: "precedents", href: "/floor/reviews/precedents", place: "floor" },
  { name: "consistency", href: "/floor/consistency", place: "floor" },
  { name: "signals", href: "/floor/signals", place: "floor" },
  { name: "policy", href: "/settings", place: "settings" },
  { name: "versions", href: "/settings/policies", place: "settings" },
  { name: "causes", href: "/settings/causes", place: "settings" },
  { name: "rates", href: "/settings/rates", place: "settings" },
  { name: "execution", href: "/settings/execution", place: "settings" },
  { name: "providers", href: "/settings/providers", place: "settings" },
  { name: "organization", href: "/settings/organization", place: "settings" },
  { name: "embed", href: "/settings/embed", place: "settings" },
  { name: "webhooks", href: "/settings/webhooks", place: "settings" },
  { name: "notices", href: "/settings/notices", place: "settings" },
  { name: "reconciliation", href: "/settings/reconciliation", place: "settings" },
  { name: "seals", href: "/settings/seals", place: "settings" },
] as const satisfies readonly { name: string; href: string; place: Place }[];

export type PlaceName = (typeof PAGES)[number]["name"];

/** What a person who may enter these places can do and go to. */
export function commandsFor(places: readonly Place[]): Command[] {
  return [
    ...(places.includes("desk") ? [{ kind: "action", name: "startCase" } as const] : []),
    { kind: "action", name: "shortcuts" },
    ...PAGES.filter(({ place }) => places.includes(place)).map(
      ({ name, href }): Command => ({ kind: "place", name, href }),
    ),
  ];
}

/** Whether every word that was typed begins a word of the label. */
export function isMeant(typed: string, label: string): boolean {
  const words = label.toLowerCase().split(/\s+/);
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)));
}
