import type { ReactNode } from "react";
import { AnswerNews } from "@/components/desk/answer-news";
import { CustomerSearch } from "@/components/desk/customer-search";
import { CopyProvider } from "@/components/shell/copy-provider";
import { Shell } from "@/components/shell/shell";
import { loadShell } from "@/lib/places/loaders";

export default async function DeskLayout({ children }: { children: ReactNode }) {
  const shell = await loadShell();
  return (
    <CopyProvider places={["desk", "execution", "notifications", "reviews"]}>
      <Shell {...shell} search={<CustomerSearch />}>
        {shell.onDuty === null ? null : (
          <AnswerNews employeeId={shell.employeeId} now={new Date().toISOString()} />
        )}
        {children}
      </Shell>
    </CopyProvider>
  );
}
