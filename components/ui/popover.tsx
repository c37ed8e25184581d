"use client";

import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn";

interface PopoverProps {
  trigger: ReactElement<Record<string, unknown>>;
  /** Names what opens. */
  title: ReactNode;
  className?: string;
  children: ReactNode;
}

/** Controls that belong to one word of a page, opened at it. Escape or a press outside closes. */
export function Popover({ trigger, title, className, children }: PopoverProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align="start" sideOffset={6} className="z-30 outline-none">
          <Base.Popup
            className={cn(
              "flex max-w-[calc(100vw-2rem)] flex-col gap-3 rounded-md bg-surface p-4 text-ink text-sm shadow-float outline-none transition-opacity",
              "data-ending-style:opacity-0 data-starting-style:opacity-0",
              className,
            )}
          >
            <Base.Title className="sr-only">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
