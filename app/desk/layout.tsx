import type { ReactNode } from "react";
import { CustomerSearch } from "@/components/desk/customer-search";
import { CopyProvider } from "@/components/shell/copy-provider";
import { Shell } from "@/components/shell/shell";
import { loadShell } from "@/lib/places/loaders";

export default async function DeskLayout({ children }: { children: ReactNode }) {
  const shell = await loadShell();
  return (
    <CopyProvider places={["desk"]}>
      <Shell {...shell} search={<CustomerSearch />}>
        {children}
      </Shell>
    </CopyProvider>
  );
}
