import { vi } from "vitest";
import { callRecording } from "@/lib/db/recording";

/**
 * Lets something happen between what is worked out and the recording of it, the next time that anything is recorded. For
 * files that say `vi.mock("@/lib/db/recording", { spy: true })`.
 */
export async function beforeRecorded(happen: () => Promise<unknown>): Promise<void> {
  const actual = await vi.importActual<typeof import("@/lib/db/recording")>("@/lib/db/recording");
  vi.mocked(callRecording).mockImplementationOnce(async (query) => {
    await happen();
    return await actual.callRecording(query);
  });
}
