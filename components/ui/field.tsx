"use client";

import { CircleAlert } from "lucide-react";
import { type ComponentProps, createContext, type ReactNode, use, useId } from "react";
import { cn } from "./cn";

interface FieldIds {
  control: string;
  hint: string | undefined;
  error: string | undefined;
  label: string;
}

const FieldContext = createContext<FieldIds | null>(null);

interface FieldProps {
  label: ReactNode;
  /** One sentence under the label that helps to fill it in. */
  hint?: ReactNode;
  /** What to do about it; shown beside the field and read out with it. */
  error?: ReactNode;
  /** A word behind the label, such as "optional". */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A label, its control, a hint and an error, tied together for people who can't see that they stand together. */
export function Field({ label, hint, error, aside, className, children }: FieldProps) {
  const id = useId();
  const ids: FieldIds = {
    control: id,
    label: `${id}-label`,
    hint: hint ? `${id}-hint` : undefined,
    error: error ? `${id}-error` : undefined,
  };
  return (
    <FieldContext value={ids}>
      <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
        <div className="flex items-baseline justify-between gap-2">
          <label id={ids.label} htmlFor={ids.control} className="font-medium text-ink text-sm">
            {label}
          </label>
          {aside ? <span className="text-ink-3 text-xs">{aside}</span> : null}
        </div>
        {children}
        {hint ? (
          <p id={ids.hint} className="text-ink-3 text-xs">
            {hint}
          </p>
        ) : null}
        <FieldError id={ids.error}>{error}</FieldError>
      </div>
    </FieldContext>
  );
}

/** Several controls under one name, such as radio cards. */
export function FieldGroup({ label, hint, error, aside, className, children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(" ");
  return (
    <fieldset aria-describedby={described || undefined} className={cn("flex min-w-0 flex-col", className)}>
      <legend className="mb-1.5 flex w-full items-baseline justify-between gap-2 font-medium text-ink text-sm">
        {label}
        {aside ? <span className="font-normal text-ink-3 text-xs">{aside}</span> : null}
      </legend>
      {children}
      {hint ? (
        <p id={`${id}-hint`} className="mt-1.5 text-ink-3 text-xs">
          {hint}
        </p>
      ) : null}
      {error ? (
        <div className="mt-1.5">
          <FieldError id={`${id}-error`}>{error}</FieldError>
        </div>
      ) : null}
    </fieldset>
  );
}

function FieldError({ id, children }: { id: string | undefined; children: ReactNode }) {
  if (!children) return null;
  return (
    <p id={id} className="flex items-start gap-1.5 text-deny text-xs">
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

/** The attributes that tie a control to the `Field` around it; empty outside of one. */
export function useFieldControl(
  given: { id?: string | undefined; "aria-describedby"?: string | undefined } = {},
) {
  const ids = use(FieldContext);
  if (!ids) return given;
  const described = [given["aria-describedby"], ids.error, ids.hint].filter(Boolean).join(" ");
  return {
    id: given.id ?? ids.control,
    "aria-describedby": described || undefined,
    "aria-invalid": ids.error ? true : undefined,
  };
}

/**
 * The same for a control that hides all around it while its list is open, its own label too: named by the label's id,
 * it keeps its name.
 */
export function useListControl() {
  const ids = use(FieldContext);
  const control = useFieldControl();
  return ids ? { ...control, "aria-labelledby": ids.label } : control;
}

/** What every control that takes typing looks like. */
export const CONTROL_LOOK = cn(
  "w-full min-w-0 rounded-md border border-line-strong bg-surface px-3 text-ink",
  "transition-colors placeholder:text-ink-3 hover:border-ink-2 disabled:bg-sunken disabled:text-ink-3",
  "aria-invalid:border-deny focus-visible:outline-offset-0",
  // Under 16 pixels a phone zooms in on focus.
  "text-sm pointer-coarse:text-base",
);

export function Input({ className, type = "text", ...props }: ComponentProps<"input">) {
  return (
    <input
      type={type}
      {...props}
      {...useFieldControl(props)}
      className={cn(CONTROL_LOOK, "h-10 pointer-coarse:h-11", className)}
    />
  );
}

/** Grows with what is typed where the browser can; one that begins with a line is as high as any other control. */
export function Textarea({ className, rows = 2, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={rows}
      {...props}
      {...useFieldControl(props)}
      className={cn(
        CONTROL_LOOK,
        "field-sizing-content resize-y py-2 leading-5.5",
        rows === 1 ? "min-h-10 pointer-coarse:min-h-11" : "min-h-16",
        className,
      )}
    />
  );
}
