"use client";

import { type FieldPath, useFormContext, useFormState, useWatch } from "react-hook-form";
import type { PolicyDraft } from "./policy-draft";

/** Ties a control to a place of the draft; what stands there is in the page from the server on, before any script ran. */
export function useDraftField<Path extends FieldPath<PolicyDraft>>(path: Path) {
  const { register, getValues } = useFormContext<PolicyDraft>();
  const value: unknown = getValues(path);
  return { ...register(path), defaultValue: typeof value === "string" ? value : "" };
}

/**
 * The same for a choice among what the page itself makes, such as the draft's values: what is chosen may be there to be
 * chosen only a moment later, so the page holds the choice and not the control.
 */
export function useDraftChoice(path: FieldPath<PolicyDraft>) {
  const { setValue } = useFormContext<PolicyDraft>();
  const { isSubmitted } = useFormState<PolicyDraft>();
  const value: unknown = useWatch<PolicyDraft>({ name: path });
  return {
    name: path,
    value: typeof value === "string" ? value : "",
    onChange: (event: { target: { value: string } }) =>
      setValue(path as "note", event.target.value, { shouldDirty: true, shouldValidate: isSubmitted }),
  };
}
