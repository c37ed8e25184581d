"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import {
  ArrowRight,
  CornerDownLeft,
  MessageSquareText,
  Package,
  Search,
  UserRound,
  X,
  Zap,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { Place } from "@/components/shell/nav";
import type { Refused } from "@/components/shell/rest";
import { useStartCase } from "@/components/shell/start-case";
import { useShortcut } from "@/components/shell/use-shortcut";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CONTROL_LOOK } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { SUGGESTION_LOOK } from "@/components/ui/suggest";
import { useHydrated } from "@/components/ui/use-hydrated";
import { formatAmount } from "@/lib/format/money";
import type { PaletteHit } from "@/lib/palette/types";
import { type Command, commandsFor, isMeant } from "./commands";
import { findAnything } from "./requests";
import { ShortcutList } from "./shortcut-list";

const TYPING_MS = 120;

interface Item {
  id: string;
  kind: Command["kind"] | PaletteHit["kind"];
  label: string;
  detail: string | null;
  aside: string | null;
  run: () => void;
}

/** What is open over the page: the palette, or the list of keys. */
type Open = "palette" | "shortcuts" | null;

/**
 * Finds a customer, an order, a case or a place from anywhere, and does what can be done from anywhere. ⌘K or Ctrl K
 * opens it, on a phone its button; `C` starts a case, `?` lists the keys.
 */
export function Palette({ places }: { places: readonly Place[] }) {
  const t = useTranslations("palette");
  const [open, setOpen] = useState<Open>(null);
  const startCase = useStartCase();
  const hasDesk = places.includes("desk");
  const isListening = useHydrated();
  usePaletteKey(() => setOpen((before) => (before === "palette" ? null : "palette")));
  useShortcut("?", () => setOpen("shortcuts"));
  useShortcut("c", hasDesk ? startCase : null);

  return (
    <>
      <Button
        variant="quiet"
        className="h-8 px-2 pointer-coarse:h-11 pointer-coarse:min-w-11"
        aria-label={t("open")}
        // Said once somebody listens for them.
        aria-keyshortcuts={isListening ? "Meta+K Control+K" : undefined}
        onClick={() => setOpen("palette")}
      >
        <Search aria-hidden />
        <Kbd>⌘K</Kbd>
      </Button>
      <PaletteDialog
        open={open === "palette"}
        onOpenChange={(next) => setOpen(next ? "palette" : null)}
        places={places}
        onShortcuts={() => setOpen("shortcuts")}
        onStartCase={startCase}
      />
      <ShortcutList
        open={open === "shortcuts"}
        onOpenChange={(next) => setOpen(next ? "shortcuts" : null)}
        places={places}
      />
    </>
  );
}

interface PaletteDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  places: readonly Place[];
  onShortcuts: () => void;
  onStartCase: () => void;
}

function PaletteDialog({ open, onOpenChange, ...rest }: PaletteDialogProps) {
  const t = useTranslations("palette");
  const field = useRef<HTMLInputElement>(null);
  // Whoever goes somewhere begins where the page there begins, and not at the button that opened this.
  const leaving = useRef(false);
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        leaving.current = false;
        onOpenChange(next);
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-veil transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Viewport className="fixed inset-0 z-50 flex items-start justify-center overflow-hidden p-2 sm:pt-18">
          <Dialog.Popup
            initialFocus={field}
            finalFocus={() => !leaving.current}
            className="flex max-h-[min(36rem,calc(100dvh-1rem))] w-full max-w-xl flex-col rounded-md bg-surface text-ink shadow-float transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            <Dialog.Title className="sr-only">{t("title")}</Dialog.Title>
            <PaletteSearch
              fieldRef={field}
              onLeave={() => {
                leaving.current = true;
                onOpenChange(false);
              }}
              {...rest}
            />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface PaletteSearchProps extends Omit<PaletteDialogProps, "open" | "onOpenChange"> {
  fieldRef: React.RefObject<HTMLInputElement | null>;
  /** Closes it because something else takes the focus. */
  onLeave: () => void;
}

function PaletteSearch({ fieldRef, onLeave, places, onShortcuts, onStartCase }: PaletteSearchProps) {
  const t = useTranslations("palette");
  const router = useRouter();
  const [text, setText] = useState("");
  const typed = text.trim();
  const found = useFoundAnything(typed);
  const settled = typed === "" || found?.search === typed;
  // What was found by fewer letters is not what Enter should open.
  const hits = settled ? (found?.hits ?? []) : [];
  // Enter pressed before the answer came: the one thing that it brings is opened then.
  const [hasty, setHasty] = useState(false);

  const go = (href: string) => {
    onLeave();
    router.push(href);
  };
  const commands = useCommandItems(places, {
    go,
    startCase: () => {
      onLeave();
      // Once the dialog has let the page have the focus again.
      setTimeout(onStartCase, 0);
    },
    shortcuts: onShortcuts,
  });
  const toItem = useHitWords();
  const local = typed === "" ? commands : commands.filter(({ label }) => isMeant(typed, label));
  const remote = hits.map((hit): Item => ({ ...toItem(hit), run: () => go(hit.href) }));
  const groups = useGroups([...local, ...remote]);

  const only = settled && local.length === 0 && remote.length === 1 ? remote[0] : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it runs is made anew at every render and does the same.
  useEffect(() => {
    if (hasty && only) only.run();
  }, [hasty, only?.id]);

  return (
    <Autocomplete.Root
      inline
      open
      items={groups}
      filter={null}
      value={text}
      autoHighlight="always"
      keepHighlight
      itemToStringValue={(item: Item) => item.label}
      onValueChange={(next, details) => {
        // Choosing one opens it; its name need not be typed into the field for that.
        if (details.reason === "item-press") return;
        setText(next);
        setHasty(false);
      }}
    >
      <div className="flex items-center gap-2 border-line border-b p-2">
        <div className="relative grow">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-3"
          />
          <Autocomplete.Input
            ref={fieldRef}
            aria-label={t("title")}
            placeholder={t("placeholder")}
            autoComplete="off"
            spellCheck={false}
            enterKeyHint="go"
            maxLength={200}
            onKeyDown={(event) => {
              if (event.key === "Enter" && !settled && local.length === 0) setHasty(true);
            }}
            className={cn(CONTROL_LOOK, "h-11 pl-9")}
          />
        </div>
        <Dialog.Close aria-label={t("close")} render={<Button variant="quiet" size="icon" />}>
          <X aria-hidden />
        </Dialog.Close>
      </div>
      <p role="status" className="px-4 pt-2 text-ink-3 text-xs">
        <PaletteStatus
          typed={typed}
          settled={settled}
          refused={found?.refused ?? null}
          count={local.length + remote.length}
        />
      </p>
      <Autocomplete.List
        aria-label={t("title")}
        className="min-h-0 overflow-y-auto overscroll-contain p-2 data-empty:hidden"
      >
        {(group: Group) => (
          <Autocomplete.Group key={group.value} items={group.items} className="not-last:mb-2">
            <Autocomplete.GroupLabel className="px-2 pt-1 pb-0.5 text-ink-3 text-xs">
              {t(`group.${group.value}`)}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(item: Item) => (
                <Autocomplete.Item
                  key={item.id}
                  value={item}
                  onClick={item.run}
                  className={cn(SUGGESTION_LOOK, "group min-h-10 [&_svg]:size-4 [&_svg]:shrink-0")}
                >
                  <ItemLine item={item} />
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      <p className="border-line border-t px-4 py-2 text-ink-3 text-xs max-md:hidden pointer-coarse:hidden">
        {t("keys")}
      </p>
    </Autocomplete.Root>
  );
}

interface PaletteStatusProps {
  typed: string;
  settled: boolean;
  refused: Refused | null;
  count: number;
}

function PaletteStatus({ typed, settled, refused, count }: PaletteStatusProps) {
  const t = useTranslations("palette");
  if (typed === "") return null;
  if (!settled) return t("searching");
  if (refused) return refused.reason === "signed_out" ? t("signedOut") : t("failed");
  return count === 0 ? t("none", { query: typed }) : t("found", { count });
}

const ICONS: Record<Item["kind"], ReactNode> = {
  action: <Zap aria-hidden />,
  place: <ArrowRight aria-hidden />,
  customer: <UserRound aria-hidden />,
  order: <Package aria-hidden />,
  case: <MessageSquareText aria-hidden />,
};

function ItemLine({ item }: { item: Item }) {
  return (
    <>
      <span className="text-ink-3">{ICONS[item.kind]}</span>
      <span className="flex min-w-0 grow flex-col">
        <span className="flex items-baseline gap-2">
          <bdi className="truncate font-medium">{item.label}</bdi>
          {item.aside ? <span className="shrink-0 text-ink-3 text-xs">{item.aside}</span> : null}
        </span>
        {item.detail ? (
          <span dir="auto" className="truncate text-ink-3 text-xs">
            {item.detail}
          </span>
        ) : null}
      </span>
      <CornerDownLeft aria-hidden className="text-ink-3 opacity-0 group-data-highlighted:opacity-100" />
    </>
  );
}

interface Runs {
  go: (href: string) => void;
  startCase: () => void;
  shortcuts: () => void;
}

function useCommandItems(places: readonly Place[], runs: Runs): Item[] {
  const t = useTranslations("palette");
  return commandsFor(places).map((command): Item => {
    const bare = { detail: null, aside: null, kind: command.kind, id: `${command.kind}-${command.name}` };
    if (command.kind === "place") {
      return { ...bare, label: t(`place.${command.name}`), run: () => runs.go(command.href) };
    }
    const aside = command.name === "startCase" ? "C" : "?";
    return { ...bare, aside, label: t(`action.${command.name}`), run: runs[command.name] };
  });
}

/** What was found, in words. */
function useHitWords(): (hit: PaletteHit) => Omit<Item, "run"> {
  const t = useTranslations("palette");
  const common = useTranslations("common");
  return (hit) => {
    const bare = { id: `${hit.kind}-${hit.id}`, kind: hit.kind };
    switch (hit.kind) {
      case "customer": {
        const merged = hit.mergedFrom === null ? [] : [t("mergedFrom", { name: hit.mergedFrom })];
        const detail = [...merged, ...hit.details].join(" · ");
        return { ...bare, label: hit.name, detail: detail || null, aside: hit.tier };
      }
      case "order":
        return {
          ...bare,
          label: t("order", { ref: hit.ref }),
          detail: t("orderOf", { customer: hit.customer }),
          aside: null,
        };
      case "case": {
        const { customer, currency } = hit;
        const amount = formatAmount(hit.amount, currency);
        const label = t("case", { remedy: common(`remedy.${hit.remedy}`), amount, currency, customer });
        return { ...bare, label, detail: hit.happened || null, aside: common(`status.${hit.status}`) };
      }
      default:
        throw new Error(`Found ${JSON.stringify(hit satisfies never)}.`);
    }
  };
}

interface Group {
  value: Item["kind"];
  items: Item[];
}

/** What can be done and gone to stands first, so that an answer that comes later moves nothing that is about to be chosen. */
const ORDER: readonly Item["kind"][] = ["action", "place", "customer", "order", "case"];

function useGroups(items: readonly Item[]): Group[] {
  const ids = items.map(({ id }) => id).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same ids are the same items, and a list that is made anew would lose what is highlighted.
  return useMemo(
    () =>
      ORDER.map((value) => ({ value, items: items.filter(({ kind }) => kind === value) })).filter(
        (group) => group.items.length > 0,
      ),
    [ids],
  );
}

interface Found {
  search: string;
  hits: PaletteHit[];
  refused: Refused | null;
}

function useFoundAnything(typed: string): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (typed === "") {
      setFound(null);
      return;
    }
    const aborter = new AbortController();
    const timer = setTimeout(() => {
      findAnything(typed, aborter.signal).then(
        (answer) =>
          setFound(
            answer.ok
              ? { search: typed, hits: answer.value, refused: null }
              : { search: typed, hits: [], refused: answer },
          ),
        // Nothing but the abort is thrown, and then a newer search has taken over.
        () => undefined,
      );
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [typed]);
  return found;
}

/** ⌘K or Ctrl K, wherever the focus is. */
function usePaletteKey(toggle: () => void): void {
  const latest = useRef(toggle);
  useEffect(() => {
    latest.current = toggle;
  });
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (
        !(event.metaKey || event.ctrlKey) ||
        event.altKey ||
        event.shiftKey ||
        event.key.toLowerCase() !== "k"
      ) {
        return;
      }
      event.preventDefault();
      // What another dialog asks is answered first.
      if (!event.repeat && !document.querySelector("[data-modal]")) latest.current();
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
