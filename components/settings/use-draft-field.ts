"use client";

import { type FieldPath, useFormContext } from "react-hook-form";
import type { PolicyDraft } from "./policy-draft";

/** Ties a control to a place of the draft; what stands there is in the page from the server on, before any script ran. */
export function useDraftField<Path extends FieldPath<PolicyDraft>>(path: Path) {
  const { register, getValues } = useFormContext<PolicyDraft>();
  const value: unknown = getValues(path);
  return { ...register(path), defaultValue: typeof value === "string" ? value : "" };
}
