"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import { Button } from "./button";

interface CopyButtonProps {
  text: string;
  label: string;
  doneLabel: string;
  failedLabel: string;
  className?: string;
}

/** Puts words on the clipboard, and says so where it was pressed. */
export function CopyButton({ text, label, doneLabel, failedLabel, className }: CopyButtonProps) {
  const [done, setDone] = useState(false);

  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
    } catch {
      // Without https, or where the person said no, a browser keeps the clipboard to itself.
      toast(failedLabel);
    }
  }

  return (
    <Button variant="quiet" size="sm" className={className} onClick={copy}>
      {done ? <Check aria-hidden /> : <Copy aria-hidden />}
      <span aria-live="polite">{done ? doneLabel : label}</span>
    </Button>
  );
}
