import type { ReactNode } from "react";
import { SettingsNav } from "@/components/settings/settings-nav";
import { CopyProvider } from "@/components/shell/copy-provider";
import { Shell } from "@/components/shell/shell";
import { loadShell } from "@/lib/places/loaders";

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const shell = await loadShell();
  return (
    <CopyProvider places={["settings"]}>
      <Shell {...shell}>
        <div className="grid gap-x-10 gap-y-4 pt-4 lg:grid-cols-[10rem_minmax(0,1fr)] lg:pt-6">
          <SettingsNav />
          <div className="min-w-0">{children}</div>
        </div>
      </Shell>
    </CopyProvider>
  );
}
