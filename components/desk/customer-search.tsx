"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { Search } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { Refused } from "@/components/shell/rest";
import { SEARCH_FIELD_ID } from "@/components/shell/start-case";
import { useShortcut } from "@/components/shell/use-shortcut";
import { cn } from "@/components/ui/cn";
import { CONTROL_LOOK } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { SUGGESTION_LOOK } from "@/components/ui/suggest";
import { usePressing } from "@/components/ui/use-pressing";
import type { CustomerHit } from "@/lib/customers/types";
import { findCustomers } from "./requests";
import { useDebounced } from "./use-debounced";

const TYPING_MS = 120;

type Found = { search: string; hits: CustomerHit[]; refused: Refused | null };

/** Finds a customer as you type. Arrows choose, Enter opens, Escape leaves; "/" comes here from anywhere. */
export function CustomerSearch() {
  const t = useTranslations("desk.search");
  const router = useRouter();
  const path = usePathname();
  const field = useRef<HTMLInputElement>(null);
  // The list opens inside the landmark, not at the end of the page: it is part of the search.
  const landmark = useRef<HTMLElement>(null);
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [focused, setFocused] = useState(false);
  const { pressing, press } = usePressing();
  const found = useFound(useDebounced(text.trim(), TYPING_MS));
  // Enter pressed before the answer came: the one customer that it brings is opened then.
  const [hasty, setHasty] = useState(false);
  const settled = found?.search === text.trim();
  const shown = open && focused && text.trim() !== "";
  const hits = settled || found?.hits.length ? (found?.hits ?? []) : [];

  useShortcut("/", () => {
    field.current?.focus();
    field.current?.select();
  });
  useEffect(() => {
    // On a phone the keyboard would cover the page before anybody asked for it.
    if (path === "/desk" && window.matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, [path]);

  function go(hit: CustomerHit) {
    setText("");
    setOpen(false);
    setHasty(false);
    router.push(hit.matchedOrder ? `/desk/${hit.id}?order=${hit.matchedOrder.id}` : `/desk/${hit.id}`);
  }

  const only = settled && found?.hits.length === 1 ? found.hits[0] : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `go` is made anew at every render and does the same.
  useEffect(() => {
    if (hasty && only) go(only);
  }, [hasty, only]);

  return (
    <search ref={landmark}>
      <Autocomplete.Root
        items={hits}
        filter={null}
        value={text}
        open={shown}
        onOpenChange={setOpen}
        autoHighlight="always"
        itemToStringValue={(hit: CustomerHit) => hit.name}
        onValueChange={(next, details) => {
          // Choosing one opens it; its name need not be typed into the field for that.
          if (details.reason === "item-press") return;
          setText(next);
          setOpen(true);
          setHasty(false);
        }}
      >
        <div className="relative">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-3"
          />
          <Autocomplete.Input
            ref={field}
            id={SEARCH_FIELD_ID}
            type="search"
            aria-label={t("label")}
            aria-keyshortcuts="/"
            placeholder={t("placeholder")}
            autoComplete="off"
            spellCheck={false}
            enterKeyHint="search"
            maxLength={200}
            onFocus={() => setFocused(true)}
            onBlur={() => {
              if (pressing.current) return;
              setFocused(false);
              setOpen(false);
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter" && !settled && text.trim() !== "") setHasty(true);
            }}
            className={cn(
              CONTROL_LOOK,
              "h-10 pr-14 pl-9 pointer-coarse:h-11 [&::-webkit-search-cancel-button]:hidden",
            )}
          />
          <Kbd className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2">/</Kbd>
        </div>
        {/* Taken away by hand: a list that is closed while it still opens would stay. */}
        {shown ? (
          <Autocomplete.Portal container={landmark}>
            <Autocomplete.Positioner sideOffset={6} className="z-30 outline-none">
              <div
                onPointerDownCapture={press}
                aria-busy={!settled || undefined}
                className="w-(--anchor-width) rounded-md bg-surface text-ink shadow-float"
              >
                <Autocomplete.Status className="px-3 pt-2.5 pb-1 text-ink-3 text-xs last:pb-2.5">
                  <SearchStatus search={text.trim()} found={found} settled={settled} />
                </Autocomplete.Status>
                <Autocomplete.List
                  aria-label={t("label")}
                  className="max-h-[min(26rem,var(--available-height))] overflow-y-auto overscroll-contain p-1 data-empty:hidden"
                >
                  {(hit: CustomerHit) => (
                    <Autocomplete.Item
                      key={hit.id}
                      value={hit}
                      onClick={() => go(hit)}
                      className={SUGGESTION_LOOK}
                    >
                      <HitLine hit={hit} />
                    </Autocomplete.Item>
                  )}
                </Autocomplete.List>
              </div>
            </Autocomplete.Positioner>
          </Autocomplete.Portal>
        ) : null}
      </Autocomplete.Root>
    </search>
  );
}

function SearchStatus({ search, found, settled }: { search: string; found: Found | null; settled: boolean }) {
  const t = useTranslations("desk.search");
  if (!settled || !found) return t("searching");
  if (found.refused) return found.refused.reason === "signed_out" ? t("signedOut") : t("failed");
  if (found.hits.length === 0) return t("none", { query: search });
  return t("found", { count: found.hits.length });
}

function HitLine({ hit }: { hit: CustomerHit }) {
  const t = useTranslations("desk.search");
  const details = [hit.email, hit.phone, hit.externalRef].filter(Boolean).join(" · ");
  return (
    <span className="flex min-w-0 grow flex-col">
      <span className="flex items-baseline gap-2">
        <span className="truncate font-medium">{hit.name}</span>
        {hit.tier ? <span className="shrink-0 text-ink-3 text-xs">{hit.tier}</span> : null}
        {hit.matchedOrder ? (
          <span className="ml-auto shrink-0 text-accent-text text-xs">
            {t("order", { ref: hit.matchedOrder.externalRef })}
          </span>
        ) : null}
      </span>
      <span className="truncate text-ink-3 text-xs">
        {hit.matchedRecord ? `${t("merged", { name: hit.matchedRecord.name })} · ` : null}
        {details}
      </span>
    </span>
  );
}

/** The latest answer; that of an older search stays until the newer one's is there. */
function useFound(search: string): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (search === "") {
      setFound(null);
      return;
    }
    const aborter = new AbortController();
    findCustomers(search, aborter.signal).then(
      (answer) =>
        setFound(
          answer.ok ? { search, hits: answer.value, refused: null } : { search, hits: [], refused: answer },
        ),
      // Nothing but the abort is thrown, and then a newer search has taken over.
      () => undefined,
    );
    return () => aborter.abort();
  }, [search]);
  return found;
}
