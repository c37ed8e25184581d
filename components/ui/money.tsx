import { formatAmount, formatMoney } from "@/lib/format/money";
import { cn } from "./cn";

interface MoneyProps {
  /** Minor units. */
  amount: number;
  currency: string;
  /** Without the currency's sign, where that stands beside it. */
  bare?: boolean;
  className?: string;
}

export function Money({ amount, currency, bare = false, className }: MoneyProps) {
  return (
    <span className={cn("figures whitespace-nowrap", className)}>
      {bare ? formatAmount(amount, currency) : formatMoney(amount, currency)}
    </span>
  );
}
