import type { ReactNode } from "react";
import { CopyProvider } from "@/components/shell/copy-provider";
import { Shell } from "@/components/shell/shell";
import { loadShell } from "@/lib/places/loaders";

export default async function FloorLayout({ children }: { children: ReactNode }) {
  const shell = await loadShell();
  return (
    <CopyProvider places={["floor"]}>
      <Shell {...shell}>{children}</Shell>
    </CopyProvider>
  );
}
