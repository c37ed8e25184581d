"use client";

import { Combobox } from "@base-ui/react/combobox";
import { X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { cn } from "./cn";
import { CONTROL_LOOK, useListControl } from "./field";
import { SUGGESTION_LOOK } from "./suggest";

export interface Pick {
  value: string;
  label: string;
  /** Tells it apart from others of the same name. */
  detail?: string;
}

interface PickerProps {
  value: Pick | null;
  onChange: (value: Pick | null) => void;
  /** What matches the text, asked while typing and once for "" when it opens; null when it could not be found out. */
  find: (text: string, signal: AbortSignal) => Promise<Pick[] | null>;
  words: { searching: string; none: string; failed: string; typeFirst: string; clear: string };
}

const TYPING_MS = 120;

/** Chooses one of many that are looked up while typing. Arrows choose, Enter takes, Escape closes. */
export function Picker({ value, onChange, find, words }: PickerProps) {
  const control = useListControl();
  const place = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const search = useSearch(find, text, open);
  const items = useMemo(() => search.items ?? [], [search.items]);

  return (
    <Combobox.Root
      items={items}
      filter={null}
      value={value}
      itemToStringLabel={(item: Pick) => item.label}
      isItemEqualToValue={(item: Pick, chosen: Pick) => item.value === chosen.value}
      onValueChange={(next) => {
        setText("");
        onChange(next);
      }}
      onInputValueChange={(next, { reason }) => {
        if (reason === "input-change" || reason === "input-clear") setText(next);
      }}
      open={open}
      onOpenChange={(next, { reason }) => {
        setOpen(next);
        // What is typed or pasted into it opens it as well, and is what is looked for.
        if (next && reason !== "input-change") setText("");
      }}
    >
      <div ref={place} className="relative">
        <Combobox.Input
          {...control}
          autoComplete="off"
          className={cn(CONTROL_LOOK, "h-10 pr-9 pointer-coarse:h-11")}
        />
        {value ? (
          <Combobox.Clear
            aria-label={words.clear}
            className="absolute top-1/2 right-1 flex size-8 -translate-y-1/2 items-center justify-center rounded-inner text-ink-3 hover:text-ink"
          >
            <X aria-hidden className="size-4" />
          </Combobox.Clear>
        ) : null}
      </div>
      {/* Beside its field, and so within the dialog or the panel that the field is in. */}
      <Combobox.Portal container={place}>
        <Combobox.Positioner sideOffset={4} className="z-60 outline-none">
          <Combobox.Popup className="w-(--anchor-width) rounded-md bg-surface text-ink shadow-float">
            <Combobox.Status className="px-3 py-2 text-ink-3 text-sm empty:hidden">
              {statusWords(search, text, words)}
            </Combobox.Status>
            <Combobox.List className="max-h-[min(18rem,var(--available-height))] overflow-y-auto overscroll-contain p-1 data-empty:p-0">
              {(item: Pick) => (
                <Combobox.Item key={item.value} value={item} className={SUGGESTION_LOOK}>
                  <span className="min-w-0 grow truncate">{item.label}</span>
                  {item.detail ? (
                    <span className="max-w-1/2 truncate text-ink-3 text-xs">{item.detail}</span>
                  ) : null}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

interface Search {
  busy: boolean;
  /** Null when it failed. */
  items: Pick[] | null;
}

function statusWords(search: Search, text: string, words: PickerProps["words"]): string | null {
  if (search.busy) return words.searching;
  if (search.items === null) return words.failed;
  if (search.items.length > 0) return null;
  return text.trim() === "" ? words.typeFirst : words.none;
}

/** Asks once the typing rests; the answer of an older text never overtakes that of a newer one. */
function useSearch(find: PickerProps["find"], text: string, open: boolean): Search {
  const [search, setSearch] = useState<Search>({ busy: false, items: [] });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `find` may be made anew at every render and does the same.
  useEffect(() => {
    if (!open) return;
    const aborter = new AbortController();
    setSearch((before) => ({ ...before, busy: true }));
    const timer = setTimeout(
      async () => {
        const items = await find(text.trim(), aborter.signal).catch(() => null);
        if (!aborter.signal.aborted) setSearch({ busy: false, items });
      },
      text === "" ? 0 : TYPING_MS,
    );
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [text, open]);
  return search;
}
