"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { exponentOf } from "@/lib/discretion/money";
import type { Policy } from "@/lib/discretion/schema";
import { exampleAmount } from "@/lib/format/money";
import type { DraftPage } from "@/lib/policies/types";
import { DraftProvider } from "./draft-context";
import { DraftReader } from "./draft-reader";
import { createDraftStore } from "./draft-store";
import { DraftWorkplace } from "./draft-workplace";
import { type PolicyDraft, settledIds, toDraft } from "./policy-draft";
import { policyResolver, type SayFault } from "./policy-resolver";
import { type DraftBase, type SavedDraft, storedDraftKey } from "./stored-draft";
import { savedOf } from "./use-saving";

/** A draft of the policy: its editor for who may change it, and while it waits to be published something to read. */
export function DraftEditor(page: DraftPage) {
  if (!page.mayEdit || page.draft.publishAt !== null) return <DraftReader {...page} />;
  return <DraftForm key={storedDraftKey(page.draft)} page={page} />;
}

/** The form with all that it holds. What shows it is below, so that a keystroke renders only what looks at it. */
function DraftForm({ page }: { page: DraftPage }) {
  const { draft, base: basePage } = page;
  const [saved, setSaved] = useState<SavedDraft>(() => savedOf(draft));
  const [base, setBase] = useState<DraftBase>({
    version: draft.baseVersion,
    document: basePage?.document ?? null,
  });
  const [defaultValues] = useState(() =>
    toDraft(draft.document, settledIds(page.base?.document, page.current?.document), draft.note ?? ""),
  );
  const form = useForm<PolicyDraft, unknown, Policy>({
    defaultValues,
    resolver: policyResolver(useSayFault(draft.document.currency)),
    // The library would take the order in which fields were made for the order of the page.
    shouldFocusError: false,
  });
  const [store] = useState(() => createDraftStore(form));
  const place = useRef<HTMLFieldSetElement>(null);
  return (
    <FormProvider {...form}>
      <DraftProvider store={store} saved={saved} base={base.version} roster={page.roster}>
        <DraftWorkplace
          page={page}
          place={place}
          form={form}
          store={store}
          saved={saved}
          setSaved={setSaved}
          base={base}
          setBase={setBase}
        />
      </DraftProvider>
    </FormProvider>
  );
}

function useSayFault(currency: string): SayFault {
  const t = useTranslations("settings.edit.fault");
  return (reason) => t(reason, { example: exampleAmount(currency), currency, digits: exponentOf(currency) });
}
