import {
  BadgePercent,
  CircleArrowUp,
  Gauge,
  Gift,
  type LucideIcon,
  Package,
  Undo2,
  Wallet,
} from "lucide-react";
import type { Remedy } from "@/lib/discretion/schema";

const ICONS: Record<Remedy, LucideIcon> = {
  refund: Undo2,
  credit: Wallet,
  fee_waiver: BadgePercent,
  upgrade: CircleArrowUp,
  limit_extension: Gauge,
  replacement: Package,
  gift: Gift,
};

export function RemedyIcon({ remedy, className }: { remedy: Remedy; className?: string }) {
  const Icon = ICONS[remedy];
  return <Icon aria-hidden className={className} />;
}

/** In the order in which they are offered. */
export const REMEDY_ORDER: readonly Remedy[] = [
  "refund",
  "credit",
  "fee_waiver",
  "upgrade",
  "replacement",
  "gift",
  "limit_extension",
];
