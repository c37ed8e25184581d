import { CircleAlert } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

interface ErrorNoteProps extends Omit<ComponentProps<"div">, "title"> {
  /** What went wrong, in one sentence. */
  title: ReactNode;
  /** A button or link that does something about it. */
  action?: ReactNode;
}

/** Something that didn't work, where it didn't work; read out as soon as it appears. */
export function ErrorNote({ title, action, className, children, ...props }: ErrorNoteProps) {
  return (
    <div
      role="alert"
      className={cn("flex items-start gap-3 rounded-md bg-deny-soft p-3 text-sm", className)}
      {...props}
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-deny" />
      <div className="flex min-w-0 grow flex-col gap-2">
        <div>
          <p className="font-medium text-deny">{title}</p>
          {children ? <div className="text-ink-2">{children}</div> : null}
        </div>
        {action ? <div>{action}</div> : null}
      </div>
    </div>
  );
}
