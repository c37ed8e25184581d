import { TZDate } from "@date-fns/tz";
import { writeOrders } from "./order-batches";
import { collectOrders, type FileOrder, type OrdersRequest } from "./orders";

/** Sums are minor units by currency. */
export interface OrdersReport {
  created: number;
  updated: number;
  unchanged: number;
  /** Whose the orders are. */
  customers: number;
  sum: Record<string, number>;
  leftOut: {
    /** Lines. */
    noCustomer: number;
    /** Lines. */
    broken: number;
    /** Orders. */
    refunds: number;
    refundsSum: Record<string, number>;
  };
}

/** A refund of the past, as `simulate` reads one. */
export interface PastRefund {
  /** ISO 8601 with an offset. */
  at: string;
  employee: string;
  customer: string;
  remedy: "refund";
  /** Minor units. */
  amount: number;
  id: string;
  currency: string;
}

/** The file doesn't say who granted a refund. */
const SOMEBODY = "unknown";

/**
 * Imports a file of orders: whole, or not at all for what can be known before the first order is written. The same file
 * again changes nothing.
 *
 * @throws UnusableFile when the file cannot be used.
 */
export async function importOrders(
  request: OrdersRequest,
): Promise<{ report: OrdersReport; refunds: PastRefund[]; dated: boolean }> {
  const collected = await collectOrders(request);
  const count = { created: 0, updated: 0, unchanged: 0 };
  let broken = collected.broken;
  const standing: FileOrder[] = [];
  await writeOrders({
    organizationId: request.organizationId,
    collected,
    dryRun: request.dryRun,
    at: request.at,
    onProgress: request.onProgress,
    onOutcome: (order, outcome) => {
      if (outcome !== "has_decisions") {
        count[outcome] += 1;
        standing.push(order);
        return;
      }
      broken += order.lines;
      request.onFault({
        line: order.line,
        column: request.map.get("customer") ?? "customer",
        problem: "Decisions were taken on this order, so it keeps its customer and its currency.",
        value: order.ref,
      });
    },
  });
  const report: OrdersReport = {
    ...count,
    customers: new Set(standing.map(({ customer }) => customer)).size,
    sum: sumOf(standing, request.currency),
    leftOut: {
      noCustomer: collected.noCustomer,
      broken,
      refunds: collected.refunds.length,
      refundsSum: sumOf(collected.refunds, request.currency),
    },
  };
  return { report, refunds: toRefunds(collected.refunds, request.timeZone), dated: collected.dated };
}

/** A file without orders sums up to nothing in its own currency. */
function sumOf(orders: readonly FileOrder[], currency: string): Record<string, number> {
  const sums = new Map<string, bigint>(orders.length === 0 ? [[currency, 0n]] : []);
  for (const order of orders) {
    sums.set(order.currency, (sums.get(order.currency) ?? 0n) + BigInt(order.amount));
  }
  return Object.fromEntries([...sums].map(([code, sum]) => [code, exactNumber(sum)]));
}

function exactNumber(sum: bigint): number {
  const number = Number(sum);
  if (!Number.isSafeInteger(number)) throw new RangeError("The sum of all orders is above 2^53.");
  return number;
}

function toRefunds(refunds: readonly FileOrder[], timeZone: string): PastRefund[] {
  return [...refunds]
    .sort((a, b) => (a.placedAt ?? 0) - (b.placedAt ?? 0))
    .map((order) => ({
      at: order.placedAt === null ? "" : new TZDate(order.placedAt, timeZone).toISOString(),
      employee: SOMEBODY,
      customer: order.customer,
      remedy: "refund",
      amount: -order.amount,
      id: order.ref,
      currency: order.currency,
    }));
}
