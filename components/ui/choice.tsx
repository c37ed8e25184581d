"use client";

import type { ReactNode } from "react";
import { cn } from "./cn";

interface Option<Value extends string> {
  value: Value;
  label: ReactNode;
  icon?: ReactNode;
  /** A second line on the card. */
  detail?: ReactNode;
  disabled?: boolean;
}

interface ChoiceProps<Value extends string> {
  name: string;
  value: Value | null;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  className?: string;
}

/**
 * Radio buttons as cards to be picked up. Put them into a `FieldGroup`, which names them. The buttons are the browser's
 * own, so that arrows move between them and one tab leaves.
 */
export function RadioCards<Value extends string>({
  name,
  value,
  options,
  onChange,
  className,
}: ChoiceProps<Value>) {
  return (
    <div className={cn("grid grid-cols-2 gap-2 sm:grid-cols-4", className)}>
      {options.map((option) => (
        <label
          htmlFor={`${name}-${option.value}`}
          key={option.value}
          className={cn(
            "relative flex min-h-10 items-center gap-2 rounded-md border border-line-strong bg-surface px-3 py-2 text-ink-2 text-sm",
            "transition-colors hover:bg-sunken pointer-coarse:min-h-11",
            "has-checked:border-accent-text has-checked:bg-accent-soft has-checked:font-medium has-checked:text-ink",
            "has-checked:shadow-[inset_0_0_0_1px_var(--accent-text)]",
            "has-focus-visible:outline-2 has-focus-visible:outline-accent-text has-focus-visible:outline-offset-2",
            "has-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0",
          )}
        >
          <Radio name={name} option={option} checked={option.value === value} onChange={onChange} />
          {option.icon}
          <span className="flex min-w-0 flex-col">
            {option.label}
            {option.detail ? (
              <span className="figures font-normal text-ink-3 text-xs">{option.detail}</span>
            ) : null}
          </span>
        </label>
      ))}
    </div>
  );
}

/** Two to four ways of looking at the same thing, one of them at a time. `label` names the group. */
export function Segmented<Value extends string>({
  name,
  label,
  value,
  options,
  onChange,
  className,
}: ChoiceProps<Value> & { label: string }) {
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cn("inline-flex rounded-md bg-sunken p-1", className)}
    >
      {options.map((option) => (
        <label
          htmlFor={`${name}-${option.value}`}
          key={option.value}
          className={cn(
            "relative flex h-7 items-center gap-1.5 rounded-inner px-2.5 text-ink-2 text-sm transition-colors hover:text-ink",
            "has-checked:bg-surface has-checked:font-medium has-checked:text-ink",
            "has-focus-visible:outline-2 has-focus-visible:outline-accent-text",
            "pointer-coarse:h-11 pointer-coarse:min-w-11 [&_svg]:size-4",
          )}
        >
          <Radio name={name} option={option} checked={option.value === value} onChange={onChange} />
          {option.icon}
          {option.label}
        </label>
      ))}
    </div>
  );
}

interface RadioProps<Value extends string> {
  name: string;
  option: Option<Value>;
  checked: boolean;
  onChange: (value: Value) => void;
}

function Radio<Value extends string>({ name, option, checked, onChange }: RadioProps<Value>) {
  return (
    <input
      id={`${name}-${option.value}`}
      type="radio"
      name={name}
      value={option.value}
      checked={checked}
      disabled={option.disabled}
      onChange={() => onChange(option.value)}
      // Over the whole card, unseen: a touch lands on it, and a screen reader's cursor frames the card.
      className="absolute inset-0 m-0 cursor-pointer appearance-none rounded-md outline-none"
    />
  );
}
