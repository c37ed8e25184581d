import type { ReactNode } from "react";

/** What is known, line by line; lines that nothing is known for are left out. */
export function FactList({ lines }: { lines: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
      {lines.map(([label, value]) =>
        value ? (
          <div key={label} className="col-span-2 grid grid-cols-subgrid">
            <dt className="max-w-40 text-ink-3">{label}</dt>
            <dd className="whitespace-pre-line break-words">{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
