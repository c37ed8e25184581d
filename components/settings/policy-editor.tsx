"use client";

import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState, useSyncExternalStore } from "react";
import { FormProvider, useFieldArray, useForm } from "react-hook-form";
import { Button } from "@/components/ui/button";
import { exponentOf } from "@/lib/discretion/money";
import type { Policy } from "@/lib/discretion/schema";
import { formatExact } from "@/lib/format/dates";
import { exampleAmount } from "@/lib/format/money";
import { savePolicy } from "@/lib/policies/actions";
import type { PolicyPage, SaveAnswer } from "@/lib/policies/types";
import { LimitEditor, type PartEditorProps, RuleEditor, ValueEditor } from "./part-editors";
import type { PartList } from "./part-frame";
import { newLimit, newRule, newValue, type PolicyDraft, readDraft, toDraft } from "./policy-draft";
import { draftPath, policyResolver, type SayFault } from "./policy-resolver";
import { type PolicyWords, usePolicyWords } from "./policy-words";
import { type Base, type Outcome, SavePanel } from "./save-panel";

/** The policy as prose whose words can be changed; saving makes the next version. */
export function PolicyEditor({ current, currency, timeZone, known }: PolicyPage) {
  const t = useTranslations("settings");
  const [base, setBase] = useState<Base>({
    version: current?.version ?? null,
    document: current?.document ?? { currency, timeZone, values: [], limits: [], rules: [] },
  });
  const words = usePolicyWords(base.document.currency);
  const form = useForm<PolicyDraft, unknown, Policy>({
    defaultValues: toDraft(base.document),
    resolver: policyResolver(useSayFault(base.document.currency)),
    // The library would take the order in which fields were made for the order of the page.
    shouldFocusError: false,
  });
  const page = useRef<HTMLFieldSetElement>(null);
  const saving = useSaving({ form, base, setBase, page });
  return (
    <FormProvider {...form}>
      {/* Not before the page is ready: what would be typed until then would be lost. */}
      <fieldset
        ref={page}
        disabled={!useHydrated()}
        className="grid min-w-0 gap-x-12 gap-y-10 xl:grid-cols-[minmax(0,1fr)_20rem]"
      >
        <div className="flex min-w-0 flex-col gap-10">
          <header className="flex flex-col gap-1">
            <h1 className="font-semibold text-lg">{t("policy.heading")}</h1>
            <p className="text-ink-2">
              {current?.publishedAt && current.version === base.version
                ? t("policy.inForceSince", {
                    version: current.version,
                    since: formatExact(new Date(current.publishedAt), timeZone),
                  })
                : base.version === null
                  ? t("policy.noneEdit")
                  : t("policy.inForce", { version: base.version })}{" "}
              {t("policy.frame", { currency: base.document.currency, timeZone: base.document.timeZone })}
            </p>
          </header>
          <Parts list="limits" make={newLimit} Editor={LimitEditor} words={words} known={known} />
          <Parts list="rules" make={newRule} Editor={RuleEditor} words={words} known={known} />
          <Parts list="values" make={newValue} Editor={ValueEditor} words={words} known={known} />
        </div>
        {/* It scrolls by itself where it is higher than the window; room at its sides for the outlines of focus. */}
        <div className="border-line border-t pt-6 pb-16 xl:sticky xl:top-16 xl:-mx-2 xl:max-h-[calc(100dvh-4rem)] xl:self-start xl:overflow-y-auto xl:border-t-0 xl:px-2 xl:py-4">
          <SavePanel base={base} words={words} {...saving} />
        </div>
      </fieldset>
    </FormProvider>
  );
}

const never = () => () => undefined;

/** False on the server and while the browser takes the page over. */
function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

interface SavingParts {
  form: ReturnType<typeof useForm<PolicyDraft, unknown, Policy>>;
  base: Base;
  setBase: (base: Base) => void;
  page: React.RefObject<HTMLElement | null>;
}

/** Everything that can come of saving. Whatever it is, what was typed stays, until it is saved or discarded. */
function useSaving({ form, base, setBase, page }: SavingParts) {
  const [outcome, setOutcome] = useState<Outcome>({ kind: "none" });
  const lastFault = useRef<HTMLElement | null>(null);

  /** The first fault on the page, or the one behind the last that was gone to. */
  function focusFault(last: HTMLElement | null) {
    // Once the page shows them.
    requestAnimationFrame(() => {
      const faulty = [...(page.current?.querySelectorAll<HTMLElement>("[aria-invalid=true]") ?? [])];
      const next = faulty[(last ? faulty.indexOf(last) + 1 : 0) % Math.max(1, faulty.length)];
      next?.focus();
      lastFault.current = next ?? null;
    });
  }

  function showFaults(count: number, elsewhere: string[] = []) {
    setOutcome({ kind: "faults", count, elsewhere });
    focusFault(null);
  }

  async function save(document: Policy) {
    setOutcome({ kind: "saving" });
    try {
      handle(await savePolicy({ base: base.version, document, note: form.getValues("note") }), document);
    } catch {
      // No answer, or none of ours: whether it was saved is not known here.
      setOutcome({ kind: "unexpected" });
    }
  }

  function handle(answer: SaveAnswer, document: Policy) {
    if (answer.ok) {
      setBase({ version: answer.version, document });
      form.reset(toDraft(document));
      return setOutcome({ kind: "saved", version: answer.version });
    }
    switch (answer.code) {
      case "invalid":
        return showServerFaults(answer.errors);
      case "stale":
        return setOutcome({ kind: "stale", current: answer.current });
      case "signed_out":
      case "not_allowed":
        return setOutcome({ kind: answer.code });
      default:
        answer satisfies never;
    }
  }

  /** What only the server knows goes to its field where there is one, and beside the button where there is none. */
  function showServerFaults(errors: readonly { path: string; message: string }[]) {
    const { places } = readDraft(form.getValues());
    const elsewhere: string[] = [];
    for (const { path, message } of errors) {
      const at = draftPath(path.split("."), places);
      if (/^(limits|rules|values)\.\d+\.|^note$/.test(at)) {
        form.setError(at as "note", { type: "server", message });
      } else elsewhere.push(message);
    }
    showFaults(errors.length - elsewhere.length, elsewhere);
  }

  return {
    outcome,
    onSave: form.handleSubmit(save, (errors) => showFaults(countFaults(errors))),
    onNextFault: () => focusFault(lastFault.current),
    onDiscard() {
      form.reset(toDraft(base.document));
      setOutcome({ kind: "none" });
    },
    onRebase(current: { version: number; document: Policy }) {
      setBase({ version: current.version, document: current.document });
      setOutcome({ kind: "rebased", version: current.version });
    },
    onSignedIn() {
      setOutcome({ kind: "none" });
    },
  };
}

/** How many messages there are in the tree of faults. */
function countFaults(errors: unknown): number {
  if (typeof errors !== "object" || errors === null || errors instanceof Element) return 0;
  const below = Object.entries(errors).filter(([name]) => name !== "ref");
  const own = "message" in errors && typeof errors.message === "string" ? 1 : 0;
  return below.reduce((count, [, each]) => count + countFaults(each), own);
}

function useSayFault(currency: string): SayFault {
  const t = useTranslations("settings.edit.fault");
  return (reason) => t(reason, { example: exampleAmount(currency), currency, digits: exponentOf(currency) });
}

interface PartsProps {
  list: PartList;
  make: () => PolicyDraft[PartList][number];
  Editor: (props: PartEditorProps) => ReactNode;
  words: PolicyWords;
  known: PolicyPage["known"];
}

/** The limits, the rules or the values, in the order in which they are told. */
function Parts({ list, make, Editor, words, known }: PartsProps) {
  const t = useTranslations("settings");
  const section = useRef<HTMLOListElement>(null);
  const [told, setTold] = useState("");
  // `id` is a field of ours.
  const { fields, append, move } = useFieldArray<PolicyDraft, PartList, "key">({
    name: list,
    keyName: "key",
  });

  function shift(index: number, by: 1 | -1) {
    const name = fields[index]?.id || t(`edit.unnamed.${list}`);
    move(index, index + by);
    setTold(t("edit.moved", { name, place: index + by + 1, count: fields.length }));
    // The focus goes along, to the same button, or to the other one at the end of the way.
    requestAnimationFrame(() => {
      const part = section.current?.children[index + by];
      const wanted = part?.querySelector<HTMLButtonElement>(`[data-move=${by === 1 ? "down" : "up"}]`);
      const other = part?.querySelector<HTMLButtonElement>(`[data-move=${by === 1 ? "up" : "down"}]`);
      (wanted?.disabled ? other : wanted)?.focus();
    });
  }

  const firstField = { limits: "max", rules: "why", values: "text" }[list];
  return (
    <section aria-labelledby={list} className="flex flex-col gap-1">
      <h2 id={list} className="font-semibold text-base">
        {t(`policy.${list}.title`)}
      </h2>
      <p className="text-ink-2">
        {fields.length === 0 ? t(`policy.${list}.none`) : t(`policy.${list}.text`)}
      </p>
      <p role="status" className="sr-only">
        {told}
      </p>
      <ol ref={section} className="mt-2 flex flex-col divide-y divide-line border-line border-y empty:hidden">
        {fields.map((field, index) => (
          <Editor
            key={field.key}
            index={index}
            count={fields.length}
            onMove={(by) => shift(index, by)}
            words={words}
            known={known}
          />
        ))}
      </ol>
      <Button
        size="sm"
        className="mt-3 w-fit pointer-coarse:h-11"
        onClick={() => append(make(), { focusName: `${list}.${fields.length}.${firstField}` })}
      >
        <Plus aria-hidden />
        {t(`policy.${list}.add`)}
      </Button>
    </section>
  );
}
