"use client";

import { CircleAlert } from "lucide-react";
import { get, useFormState } from "react-hook-form";
import type { PolicyDraft } from "./policy-draft";

/** What is wrong at a place of the draft; undefined where nothing is. */
export function useFault(path: string): string | undefined {
  const { errors } = useFormState<PolicyDraft>();
  const fault = (path === "" ? undefined : get(errors, path)) as { message?: unknown } | undefined;
  return typeof fault?.message === "string" ? fault.message : undefined;
}

/** What to do about a control that has no room for it beside itself. */
export function Fault({ id, children }: { id: string; children: string | undefined }) {
  if (!children) return null;
  return (
    <p id={id} className="flex items-start gap-1.5 text-deny text-xs">
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

/** What is wrong at each of a few places that stand in one line. */
export function PathFaults({ paths }: { paths: readonly string[] }) {
  return paths.map((path) => <PathFault key={path} path={path} />);
}

function PathFault({ path }: { path: string }) {
  return <Fault id={faultId(path)}>{useFault(path)}</Fault>;
}

/** The id of the fault of a place, for the control that it describes. */
export function faultId(path: string): string {
  return `fault-${path.replaceAll(".", "-")}`;
}
