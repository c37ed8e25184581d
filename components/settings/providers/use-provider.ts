import { useState } from "react";
import { hearAgain, removeProvider, setEnabled, testProvider } from "@/lib/providers/actions";
import type { OutsideKind, Providers, ProvidersAnswer, TestAnswer } from "@/lib/providers/types";
import { useCall } from "../rates/use-call";

type Doing = "save" | "renew" | "turn" | "hear" | "remove";

/** What an admin does with one provider, one thing at a time, and what came of it. */
export function useProvider(kind: OutsideKind, onChanged: (providers: Providers) => void) {
  const { answer, busy, failed, call, clear } = useCall<ProvidersAnswer>();
  const test = useCall<TestAnswer>();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [said, setSaid] = useState<"saved" | "removed" | "aside.heard" | null>(null);

  async function change(what: Doing, ask: () => Promise<ProvidersAnswer>): Promise<ProvidersAnswer | null> {
    setDoing(what);
    setSaid(null);
    test.clear();
    const heard = await call(ask);
    setDoing(null);
    if (!heard?.ok) return heard;
    onChanged(heard.providers);
    setSaid(what === "remove" ? "removed" : what === "hear" ? "aside.heard" : "saved");
    return heard;
  }

  const errors = answer && !answer.ok && answer.code === "invalid" ? answer.errors : [];
  return {
    answer,
    failed,
    clear,
    said,
    doing: busy ? doing : null,
    test,
    errorOf: (path: string) => errors.find((error) => error.path === path)?.message,
    save: (ask: () => Promise<ProvidersAnswer>) => change("save", ask),
    renew: (ask: () => Promise<ProvidersAnswer>) => change("renew", ask),
    turn: (enabled: boolean) => change("turn", () => setEnabled({ kind, enabled })),
    hear: () => change("hear", () => hearAgain({ kind })),
    remove: () => change("remove", () => removeProvider({ kind })),
    tryIt() {
      setSaid(null);
      return test.call(() => testProvider({ kind }));
    },
  };
}

export type ProviderCalls = ReturnType<typeof useProvider>;
