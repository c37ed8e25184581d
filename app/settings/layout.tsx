import type { ReactNode } from "react";
import { SettingsNav } from "@/components/settings/settings-nav";
import { BooksAlert } from "@/components/shell/books-alert";
import { CopyProvider } from "@/components/shell/copy-provider";
import { SealAlert } from "@/components/shell/seal-alert";
import { Shell } from "@/components/shell/shell";
import { loadShell } from "@/lib/places/loaders";
import { loadBooksAlert } from "@/lib/reconciliation/loaders";
import { loadSealAlert } from "@/lib/seals/loaders";

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const [shell, books, seals] = await Promise.all([loadShell(), loadBooksAlert(), loadSealAlert()]);
  const now = new Date().toISOString();
  return (
    <CopyProvider
      places={[
        "settings",
        "causes",
        "embed",
        "execution",
        "notices",
        "organization",
        "providers",
        "reconciliation",
        "seals",
        "webhooks",
      ]}
    >
      <Shell {...shell}>
        <BooksAlert books={books} now={now} />
        <SealAlert alert={seals} now={now} />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-4 pt-4 lg:grid-cols-[10rem_minmax(0,1fr)] lg:pt-6">
          <SettingsNav />
          <div className="min-w-0">{children}</div>
        </div>
      </Shell>
    </CopyProvider>
  );
}
