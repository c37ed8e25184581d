import type { ReactNode } from "react";
import { FloorNav } from "@/components/floor/floor-nav";
import { BooksAlert } from "@/components/shell/books-alert";
import { CopyProvider } from "@/components/shell/copy-provider";
import { SealAlert } from "@/components/shell/seal-alert";
import { Shell } from "@/components/shell/shell";
import { loadShell } from "@/lib/places/loaders";
import { loadBooksAlert } from "@/lib/reconciliation/loaders";
import { loadSealAlert } from "@/lib/seals/loaders";

export default async function FloorLayout({ children }: { children: ReactNode }) {
  const [shell, books, seals] = await Promise.all([loadShell(), loadBooksAlert(), loadSealAlert()]);
  const now = new Date().toISOString();
  return (
    <CopyProvider places={["floor", "insights", "reviews", "signals", "execution"]}>
      <Shell {...shell}>
        <BooksAlert books={books} now={now} />
        <SealAlert alert={seals} now={now} />
        <FloorNav />
        {children}
      </Shell>
    </CopyProvider>
  );
}
