"use client";

import type { ComponentProps } from "react";
import { PartSelect } from "./sentence-parts";

interface NameSelectProps extends Omit<ComponentProps<typeof PartSelect>, "value"> {
  /** Stands for none; left out where there has to be one. */
  none?: string;
  names: readonly { value: string; label: string }[];
  /** What is chosen, which may be none of the names. */
  value: string;
}

/** One of the names that there are, or none; one that there is no more stays until another is chosen. */
export function NameSelect({ none, names, value, ...props }: NameSelectProps) {
  const lost = value !== "" && !names.some((name) => name.value === value);
  return (
    <PartSelect {...props} value={value}>
      {none === undefined ? null : <option value="">{none}</option>}
      {names.map((name) => (
        <option key={name.value} value={name.value}>
          {name.label}
        </option>
      ))}
      {lost ? <option value={value}>{value}</option> : null}
    </PartSelect>
  );
}
