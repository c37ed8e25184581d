import type { ReactNode } from "react";
import { Mark } from "@/components/shell/mark";

interface AuthPageProps {
  title: string;
  intro?: ReactNode;
  children: ReactNode;
}

/** A page with one thing to do and no way past it. */
export function AuthPage({ title, intro, children }: AuthPageProps) {
  return (
    <main id="content" className="flex min-h-dvh flex-col items-center px-4 pt-[14vh] pb-16">
      <div className="flex w-full max-w-88 flex-col gap-6">
        <Mark className="size-10" />
        <div className="flex flex-col gap-1">
          <h1 className="font-semibold text-lg">{title}</h1>
          {intro ? <p className="text-base text-ink-2">{intro}</p> : null}
        </div>
        {children}
      </div>
    </main>
  );
}
