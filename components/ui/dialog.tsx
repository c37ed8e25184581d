"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";

interface DialogProps {
  title: ReactNode;
  description?: ReactNode;
  closeLabel: string;
  /** What opens it; leave it out where `open` alone decides. */
  trigger?: ReactElement<Record<string, unknown>>;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
}

/** One question that has to be answered before going on. Never opened from another one. */
export function Dialog(props: DialogProps) {
  return (
    <Base.Root
      {...(props.open === undefined ? {} : { open: props.open })}
      onOpenChange={(open) => props.onOpenChange?.(open)}
    >
      {props.trigger ? <Base.Trigger render={props.trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-veil transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-50 grid items-end overflow-y-auto sm:place-items-center sm:p-6">
          <Base.Popup
            data-modal
            className={cn(
              "relative flex w-full max-w-lg flex-col gap-4 rounded-t-md bg-surface p-6 text-ink shadow-float sm:rounded-md",
              "transition-[opacity,transform] data-ending-style:translate-y-2 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0",
              props.className,
            )}
          >
            <div className="flex flex-col gap-1 pr-10">
              <Base.Title className="font-semibold text-lg">{props.title}</Base.Title>
              {props.description ? (
                <Base.Description className="text-ink-2 text-sm">{props.description}</Base.Description>
              ) : null}
            </div>
            {props.children}
            <Base.Close
              aria-label={props.closeLabel}
              render={<Button variant="quiet" size="icon" className="absolute top-4 right-4" />}
            >
              <X aria-hidden />
            </Base.Close>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** A button inside a `Dialog` that closes it. */
export function DialogClose({ children }: { children: ReactNode }) {
  return <Base.Close render={<Button variant="secondary" />}>{children}</Base.Close>;
}
