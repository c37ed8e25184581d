"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useState } from "react";

/** So few are simply there, so that the browser's own search and its printer find all of them. */
const FEW = 120;
const OVERSCAN = 16;
/** So many rows before the end somebody is near it. */
const NEAR_END = 6;

interface RowWindow {
  /** The rows that are there: from the first one to before the last one. */
  from: number;
  to: number;
  /** The room that those take which are not, in pixels. */
  before: number;
  after: number;
  /** Takes a row whose height is its own; it says which by `data-index`. */
  measure: (row: Element | null) => void;
}

/** Which rows of a long list are there while the window scrolls over it; calls `onNearEnd` when its end comes near. */
export function useRowWindow(options: {
  list: RefObject<HTMLElement | null>;
  count: number;
  rowHeight: number;
  onNearEnd: (() => void) | null;
}): RowWindow {
  const { list, count, rowHeight, onNearEnd } = options;
  const top = useTop(list);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: top ?? 0,
  });
  const shown = virtualizer.getVirtualItems();
  const first = shown[0];
  const last = shown.at(-1);
  const seen = virtualizer.range?.endIndex ?? 0;
  const isNear = top !== null && seen >= count - NEAR_END;
  useEffect(() => {
    if (isNear) onNearEnd?.();
  }, [isNear, onNearEnd]);
  const measure = virtualizer.measureElement;
  if (top === null || count <= FEW || !first || !last)
    return { from: 0, to: count, before: 0, after: 0, measure };
  return {
    from: first.index,
    to: last.index + 1,
    before: first.start - top,
    after: Math.max(0, virtualizer.getTotalSize() - (last.end - top)),
    measure,
  };
}

/** How far down the page the list begins; null before it is there. */
function useTop(list: RefObject<HTMLElement | null>): number | null {
  const [top, setTop] = useState<number | null>(null);
  useLayoutEffect(() => {
    const look = () => {
      const box = list.current?.getBoundingClientRect();
      if (box) setTop(Math.round(box.top + window.scrollY));
    };
    look();
    // Whatever opens above it moves it.
    const observer = new ResizeObserver(look);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  return top;
}
