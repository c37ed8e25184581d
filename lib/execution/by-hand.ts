import { REMEDIES } from "@/lib/discretion/schema";
import type { Provider } from "@/lib/execution/provider";

/**
 * People, where the money or the thing lives. Nobody calls it: what is theirs goes onto their list when it is taken up, and
 * what is said of it is what one of them writes there.
 */
export const byHand: Provider = {
  kind: "by_hand",
  capabilities: () => ({ remedies: REMEDIES, reverses: false }),
  quote: async () => ({ ok: true, most: null }),
  execute: async () => ({ outcome: "unknown", detail: "A person says whether it is done." }),
  lookup: async () => ({ outcome: "unknown", detail: "A person says whether it is done." }),
  reverse: async () => ({ outcome: "unknown", detail: "A person says whether it was taken back." }),
  parseWebhook: async () => null,
};
