import { storeCredit } from "@/lib/credit/provider";
import { byHand } from "@/lib/execution/by-hand";
import type { Provider, ProviderKind } from "@/lib/execution/provider";
import { openProvider } from "@/lib/providers/data";

/** `evenOff`: also one that was turned off since, to ask what became of what it had begun. */
interface Opening {
  evenOff?: boolean;
}

/** How to come by an organization's provider of a kind: null where it isn't configured there, so that nobody can choose it. */
export type ProviderSource = (organizationId: string, options?: Opening) => Promise<Provider | null>;

/** Every kind of provider that this build has. A kind that is added is added here, with a line. */
const SOURCES: Partial<Record<ProviderKind, ProviderSource>> = {
  store_credit: async () => storeCredit,
  stripe: (organizationId, options) => openProvider(organizationId, "stripe", options),
  webhook: (organizationId, options) => openProvider(organizationId, "webhook", options),
  by_hand: async () => byHand,
};

/**
 * The organization's provider of a kind; null where it isn't there, or isn't configured.
 *
 * @throws NoKey where its secrets can't be read: it is there, and does nothing until the key is back.
 */
export async function providerOf(
  organizationId: string,
  kind: ProviderKind,
  options: Opening = {},
): Promise<Provider | null> {
  return (await SOURCES[kind]?.(organizationId, options)) ?? null;
}

/** The kinds that this build has. */
export function builtKinds(): ProviderKind[] {
  return Object.keys(SOURCES) as ProviderKind[];
}

/** Puts another source in a kind's place, until the answered function is called. For what has no business in a build. */
export function replaceSource(kind: ProviderKind, source: ProviderSource): () => void {
  const before = SOURCES[kind];
  SOURCES[kind] = source;
  return () => {
    if (before) SOURCES[kind] = before;
    else delete SOURCES[kind];
  };
}
