"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type MouseEvent, useState } from "react";
import { VERDICT_INK, VerdictIcon } from "@/components/decision/verdict";
import { formatShare } from "@/components/floor/share";
import { cn } from "@/components/ui/cn";
import type { Verdict } from "@/lib/discretion/schema";
import { formatCount } from "@/lib/format/money";
import type { Against, SimulationResult } from "@/lib/simulations/types";
import { DIFFERENCES_ID, simulationHref } from "./address";
import { type FlowNode, type FlowStream, layoutFlow, streamPath } from "./flow-layout";
import { FlowTable } from "./flow-table";
import { useStreamWords } from "./use-stream-words";

export interface FlowProps {
  result: SimulationResult;
  against: Against;
  run: string;
  version: number;
  currency: string;
}

/** Colour says what it comes to under the draft; what comes to the same stays grey. */
const FILL: Record<Verdict, string> = {
  allow: "fill-allow",
  bend: "fill-bend",
  handover: "fill-handover",
  deny: "fill-deny",
};

/** The verdicts before and after, and what goes from one to the other. A press on a stream lists its decisions. */
export function FlowPicture(props: FlowProps) {
  const { result, against, version } = props;
  const t = useTranslations("settings.simulation.flow");
  const layout = layoutFlow(result.flow[against]);
  const [named, setNamed] = useState<FlowStream | null>(null);
  const words = useStreamWords(props.currency);
  const total = result.decisions.count;
  const differing = result.differing[against];
  return (
    <figure className="flex flex-col gap-3">
      <div className="grid grid-cols-[6.5rem_minmax(0,1fr)_6.5rem] gap-x-1.5 sm:grid-cols-[8.5rem_minmax(0,1fr)_8.5rem] sm:gap-x-3">
        <p className="text-right text-ink-3 text-xs">{t("before")}</p>
        <span />
        <p className="text-ink-3 text-xs">{t("after", { version })}</p>
        <Labels nodes={layout.before} height={layout.height} total={total} side="before" />
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset. */}
        <svg
          viewBox={`0 0 100 ${layout.height}`}
          preserveAspectRatio="none"
          className="w-full overflow-visible"
          style={{ height: layout.height }}
          role="group"
          aria-label={t("title")}
        >
          {layout.streams.map((stream) => (
            <Stream
              key={`${stream.from} ${stream.to}`}
              {...props}
              stream={stream}
              faded={named !== null && named !== stream && !isAlike(named, stream)}
              label={words(stream)}
              onName={setNamed}
            />
          ))}
        </svg>
        <Labels nodes={layout.after} height={layout.height} total={total} side="after" />
      </div>
      <figcaption className="flex flex-col gap-0.5">
        <span>
          {differing === 0
            ? t("differNone")
            : t("differ", {
                count: formatCount(differing),
                total: formatCount(total),
                share: formatShare(differing / total),
              })}
        </span>
        <span aria-hidden className="min-h-5 text-ink-3 print:hidden">
          {named ? words(named) : differing > 0 ? t("hint") : null}
        </span>
      </figcaption>
      <FlowTable {...props} streams={layout.streams} />
    </figure>
  );
}

function isAlike(a: FlowStream, b: FlowStream): boolean {
  return a.from === b.from && a.to === b.to;
}

interface StreamProps extends FlowProps {
  stream: FlowStream;
  /** Another one is being looked at. */
  faded: boolean;
  label: string;
  onName: (stream: FlowStream | null) => void;
}

function Stream({ stream, faded, label, onName, run, version, against }: StreamProps) {
  const router = useRouter();
  const { from, to } = stream;
  const shape = (look: string) => (
    <path d={streamPath(stream)} className={cn(look, "transition-opacity")}>
      <title>{label}</title>
    </path>
  );
  const looked = { onMouseEnter: () => onName(stream), onMouseLeave: () => onName(null) };
  if (from === to) return <g {...looked}>{shape(cn("fill-line", faded && "opacity-60"))}</g>;
  const href = `${simulationHref(version, { run, filter: { against, from, to } })}#${DIFFERENCES_ID}`;
  return (
    <a
      href={href}
      aria-label={label}
      {...looked}
      onFocus={() => onName(stream)}
      onBlur={() => onName(null)}
      onClick={(event) => {
        if (isElsewhere(event)) return;
        event.preventDefault();
        router.push(href);
      }}
      className="group outline-none"
    >
      {shape(
        cn(
          FILL[to],
          "stroke-transparent [stroke-width:8px] [vector-effect:non-scaling-stroke] [pointer-events:all]",
          faded ? "opacity-25" : "opacity-70 group-hover:opacity-100 group-focus-visible:opacity-100",
          "group-focus-visible:stroke-accent-text group-focus-visible:[stroke-width:2px]",
        ),
      )}
    </a>
  );
}

/** The browser was told to open it elsewhere. */
function isElsewhere({ metaKey, ctrlKey, shiftKey, altKey, button }: MouseEvent): boolean {
  return metaKey || ctrlKey || shiftKey || altKey || button !== 0;
}

interface LabelsProps {
  nodes: readonly FlowNode[];
  height: number;
  total: number;
  side: "before" | "after";
}

/** The words stand outside the drawing, so that they are as large as any other. */
function Labels({ nodes, height, total, side }: LabelsProps) {
  const t = useTranslations("settings.simulation.flow");
  const verdicts = useTranslations("common.verdict");
  return (
    <ul className="relative" style={{ height }} aria-label={t(side, { version: "" })}>
      {nodes.map(({ verdict, tally, y, height: thickness }) => (
        <li
          key={verdict}
          className={cn(
            "absolute inset-x-0 flex items-center gap-2",
            side === "before" && "flex-row-reverse",
          )}
          style={{ top: y + thickness / 2, transform: "translateY(-50%)" }}
        >
          <span
            aria-hidden
            className={cn("w-1 shrink-0 self-center rounded-[2px]", BAR[verdict])}
            style={{ height: Math.max(thickness, 2), opacity: tally.count === 0 ? 0.3 : 1 }}
          />
          <span className={cn("flex min-w-0 flex-col", side === "before" ? "items-end text-right" : "")}>
            <span
              className={cn(
                "flex items-center gap-1 whitespace-nowrap font-medium text-xs sm:text-sm",
                tally.count === 0 ? "text-ink-3" : VERDICT_INK[verdict],
                side === "before" && "flex-row-reverse",
              )}
            >
              <VerdictIcon verdict={verdict} className="size-3.5 shrink-0" />
              {verdicts(verdict)}
            </span>
            <span className="figures whitespace-nowrap text-ink-2 text-xs">
              {tally.count === 0
                ? t("empty")
                : t("share", { count: formatCount(tally.count), share: formatShare(tally.count / total) })}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

const BAR: Record<Verdict, string> = {
  allow: "bg-allow",
  bend: "bg-bend",
  handover: "bg-handover",
  deny: "bg-deny",
};
