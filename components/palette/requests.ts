import { type Answer, call } from "@/components/shell/rest";
import type { PaletteHit } from "@/lib/palette/types";

/** What somebody may mean who types this. Throws only when `signal` was aborted. */
export async function findAnything(search: string, signal: AbortSignal): Promise<Answer<PaletteHit[]>> {
  const answer = await call<{ data: PaletteHit[] }>(`/palette?${new URLSearchParams({ search })}`, {
    signal,
  });
  return answer.ok ? { ...answer, value: answer.value.data } : answer;
}
