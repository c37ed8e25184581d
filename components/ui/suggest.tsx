"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { type FocusEventHandler, type Ref, useRef, useState } from "react";
import { cn } from "./cn";
import { CONTROL_LOOK, useFieldControl } from "./field";
import { usePressing } from "./use-pressing";

interface SuggestProps {
  name?: string;
  value: string;
  onChange: (value: string) => void;
  /** Offered while typing; anything else may be typed as well. */
  items: readonly string[];
  ref?: Ref<HTMLInputElement>;
  maxLength?: number;
  onBlur?: FocusEventHandler<HTMLInputElement>;
  className?: string;
}

/** A text field with a list of what others wrote there. Arrows choose, Enter takes, Escape closes. */
export function Suggest({ name, value, onChange, items, ref, maxLength, onBlur, className }: SuggestProps) {
  const control = useFieldControl();
  const [open, setOpen] = useState(false);
  const [focused, setFocused] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const { pressing, press } = usePressing();
  const shown = open && focused;

  function choose(item: string) {
    onChange(item);
    setOpen(false);
  }
  return (
    <Autocomplete.Root
      items={items}
      value={value}
      onValueChange={onChange}
      open={shown}
      onOpenChange={setOpen}
      openOnInputClick
    >
      <Autocomplete.Input
        {...control}
        ref={ref}
        name={name}
        maxLength={maxLength}
        onFocus={() => setFocused(true)}
        onBlur={(event) => {
          if (pressing.current) return;
          setFocused(false);
          setOpen(false);
          onBlur?.(event);
        }}
        autoComplete="off"
        className={cn(CONTROL_LOOK, "h-10 pointer-coarse:h-11", className)}
      />
      {/* The list opens beside its field and not at the end of the page, so that it stays inside the landmark. */}
      <span ref={place} className="absolute" />
      {/* Taken away by hand: a list that is closed while it still opens would stay. */}
      {shown ? (
        <Autocomplete.Portal container={place}>
          <Autocomplete.Positioner sideOffset={4} className="z-30 outline-none">
            <div
              onPointerDownCapture={press}
              className="w-(--anchor-width) rounded-md bg-surface text-ink shadow-float"
            >
              <Autocomplete.List
                aria-labelledby={control.id ? `${control.id}-label` : undefined}
                className="max-h-[min(18rem,var(--available-height))] overflow-y-auto overscroll-contain p-1 data-empty:p-0"
              >
                {(item: string) => (
                  <Autocomplete.Item
                    key={item}
                    value={item}
                    onClick={() => choose(item)}
                    className={SUGGESTION_LOOK}
                  >
                    {item}
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </div>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      ) : null}
    </Autocomplete.Root>
  );
}

/** A line of a list that opens under a text field. */
export const SUGGESTION_LOOK = cn(
  "flex min-h-9 cursor-default select-none items-center gap-2 rounded-inner px-2 py-1.5 text-sm outline-none",
  "data-highlighted:bg-sunken pointer-coarse:min-h-11",
);
