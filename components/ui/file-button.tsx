"use client";

import type { ReactNode } from "react";
import { look } from "./button";
import { cn } from "./cn";

interface FileButtonProps {
  /** Such as ".csv,text/csv". */
  accept: string;
  disabled?: boolean;
  onChoose: (file: File) => void;
  children: ReactNode;
}

/** Asks for a file. The same one can be chosen again, once it was corrected. */
export function FileButton({ accept, disabled = false, onChoose, children }: FileButtonProps) {
  return (
    <label
      className={cn(
        look(),
        "relative w-fit cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2",
        disabled && "cursor-default opacity-55",
      )}
    >
      <input
        type="file"
        accept={accept}
        disabled={disabled}
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // A field that still names the file would not hear of it a second time.
          event.target.value = "";
          if (file) onChoose(file);
        }}
      />
      {children}
    </label>
  );
}
