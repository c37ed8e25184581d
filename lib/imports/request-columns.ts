import type { Remedy, Role } from "@/lib/discretion/schema";
import type { SimulationRow } from "@/lib/discretion/simulate";
import { type CompactColumn, createNumbers, createTexts, createWords } from "./compact-columns";

/** A past request as a file has it. Its note is left out: what is replayed does not depend on it. */
export interface FileRequest {
  id: string;
  /** Epoch milliseconds; what is finer stands behind the point, so that it counts for the order of requests. */
  at: number;
  employee: string;
  customer: string;
  remedy: Remedy;
  /** Minor units of `currency`. */
  amount: number;
  /** The policy's, if there is none. */
  currency: string | null;
  role: Role | null;
  team: string | null;
  tier: string | null;
  order: string | null;
  orderPaid: number | null;
  /** Epoch milliseconds. */
  orderAt: number | null;
  case: string | null;
  cause: string | null;
  channel: string | null;
  tenureDays: number | null;
}

type Field = keyof FileRequest;
type Columns = { [Name in Field]: CompactColumn<FileRequest[Name]> };

/** Past requests, kept compactly: to replay them by time, all of them are needed, and files hold millions. */
export interface RequestColumns {
  add(request: FileRequest): void;
  /** How many there are. */
  count(): number;
  idAt(place: number): string;
  /** The request at a place, as the engine takes it. Places count from 0, in the order in which they were added. */
  rowAt(place: number): SimulationRow;
  /** All places in order of time, and of the same time in the order in which they were added. */
  placesInReplayOrder(): Uint32Array;
}

/** Room for past requests. */
export function createRequestColumns(): RequestColumns {
  const columns = createColumns();
  const fields = Object.keys(columns) as Field[];
  let count = 0;
  let latest = Number.NEGATIVE_INFINITY;
  let isInOrder = true;

  return {
    add(request) {
      for (const field of fields) push(columns, field, request);
      isInOrder &&= request.at >= latest;
      latest = request.at;
      count += 1;
    },
    count: () => count,
    idAt: columns.id.at,
    rowAt: (place) => rowAt(columns, place),
    placesInReplayOrder() {
      const places = Uint32Array.from({ length: count }, (_, place) => place);
      if (isInOrder) return places;
      const { at } = columns;
      return places.sort((a, b) => at.at(a) - at.at(b) || a - b);
    },
  };
}

/** Ids mostly differ from request to request; the words of a company are few. */
function createColumns(): Columns {
  return {
    id: createTexts(),
    at: createNumbers(),
    employee: createWords(),
    customer: createTexts(),
    remedy: createWords(),
    amount: createNumbers(),
    currency: createWords(),
    role: createWords(),
    team: createWords(),
    tier: createWords(),
    order: createTexts(),
    orderPaid: createNumbers(),
    orderAt: createNumbers(),
    case: createTexts(),
    cause: createWords(),
    channel: createWords(),
    tenureDays: createNumbers(),
  };
}

function push<Name extends Field>(columns: Columns, field: Name, request: FileRequest): void {
  columns[field].push(request[field]);
}

function rowAt(columns: Columns, place: number): SimulationRow {
  return {
    id: columns.id.at(place),
    at: Math.floor(columns.at.at(place)),
    employee: columns.employee.at(place),
    customer: columns.customer.at(place),
    remedy: columns.remedy.at(place),
    amount: columns.amount.at(place),
    currency: columns.currency.at(place),
    role: columns.role.at(place),
    team: columns.team.at(place),
    tier: columns.tier.at(place),
    order: columns.order.at(place),
    orderPaid: columns.orderPaid.at(place),
    orderAt: columns.orderAt.at(place),
    case: columns.case.at(place),
    cause: columns.cause.at(place),
    channel: columns.channel.at(place),
    tenureDays: columns.tenureDays.at(place),
  };
}
