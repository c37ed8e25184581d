import type { ReactNode } from "react";
import { Mark } from "./mark";

interface MessagePageProps {
  title: string;
  text: string;
  children?: ReactNode;
}

/** Says why there is no page here, and where to go instead. */
export function MessagePage({ title, text, children }: MessagePageProps) {
  return (
    <main
      id="content"
      className="mx-auto flex min-h-dvh max-w-md flex-col items-start gap-3 px-6 pt-[18vh] pb-16"
    >
      <Mark className="mb-2 size-10" />
      <h1 className="font-semibold text-lg">{title}</h1>
      <p className="text-base text-ink-2">{text}</p>
      {children ? <div className="mt-2 flex flex-wrap items-center gap-2">{children}</div> : null}
    </main>
  );
}
