"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { cn } from "./cn";

const ITEM_LOOK = cn(
  "flex min-h-8 w-full cursor-default select-none items-center gap-2 rounded-inner px-2 text-left text-ink text-sm outline-none",
  "data-highlighted:bg-sunken data-disabled:text-ink-3 pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0",
);

interface MenuProps {
  trigger: ReactElement<Record<string, unknown>>;
  align?: "start" | "center" | "end";
  className?: string;
  children: ReactNode;
}

export function Menu({ trigger, align = "end", className, children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={6} className="z-30 outline-none">
          <Base.Popup
            className={cn(
              "min-w-52 rounded-md bg-surface p-1 text-ink shadow-float outline-none transition-opacity",
              "data-ending-style:opacity-0 data-starting-style:opacity-0",
              className,
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({ className, ...props }: ComponentProps<typeof Base.Item>) {
  return <Base.Item className={cn(ITEM_LOOK, className as string | undefined)} {...props} />;
}

export function MenuLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Base.LinkItem closeOnClick className={ITEM_LOOK} render={<Link href={href} />}>
      {children}
    </Base.LinkItem>
  );
}

interface MenuChoiceProps<Value extends string> {
  label: ReactNode;
  value: Value;
  options: readonly { value: Value; label: ReactNode; icon?: ReactNode }[];
  onChange: (value: Value) => void;
}

/** One of a few, with a tick at the one that holds. */
export function MenuChoice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: MenuChoiceProps<Value>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-2 pb-1 text-ink-3 text-xs">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: Value) => onChange(next)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={ITEM_LOOK}>
            {option.icon}
            <span className="grow">{option.label}</span>
            <Base.RadioItemIndicator>
              <Check aria-hidden className="text-accent-text" />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

interface MenuSwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

/** Something that is on or off, with a tick while it is on. The menu stays open. */
export function MenuSwitch({ checked, onChange, children }: MenuSwitchProps) {
  return (
    <Base.CheckboxItem
      checked={checked}
      onCheckedChange={(next) => onChange(next)}
      closeOnClick={false}
      className={ITEM_LOOK}
    >
      {children}
      <Base.CheckboxItemIndicator className="ml-auto">
        <Check aria-hidden className="text-accent-text" />
      </Base.CheckboxItemIndicator>
    </Base.CheckboxItem>
  );
}

export function MenuLine() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}
