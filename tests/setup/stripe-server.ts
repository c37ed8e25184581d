import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";

type Json = Record<string, unknown>;

/** What goes wrong with one request. */
export type StripeFault =
  /** Answers 500, having done nothing; keeps that answer under the key. */
  | "500_before"
  /** Answers 500, having done it; keeps that answer under the key. */
  | "500_after"
  /** The connection breaks before the request is looked at. */
  | "reset_before"
  /** It is done, and the connection breaks before the answer. */
  | "reset_after"
  /** It is done, and the answer never comes. */
  | "timeout_after"
  /** The answer breaks off after its first bytes, before anything is done; or after it is done. */
  | "cut_before"
  | "cut_after"
  /** The answer breaks off, and the request is done a while later. */
  | "late"
  | "429";

export interface StripeRefund {
  id: string;
  object: "refund";
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string | null;
  status: "pending" | "requires_action" | "succeeded" | "failed" | "canceled";
  failure_reason?: string;
  reason: string | null;
  metadata: Record<string, string>;
  created: number;
}

interface Charge {
  id: string;
  object: "charge";
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  captured: boolean;
  currency: string;
  disputed: boolean;
  payment_intent: string | null;
  status: "succeeded" | "pending" | "failed";
}

interface Dispute {
  id: string;
  object: "dispute";
  charge: string;
  payment_intent: string | null;
  amount: number;
  status: string;
}

interface BalanceEntry {
  id: string;
  object: "customer_balance_transaction";
  amount: number;
  currency: string;
  customer: string;
  ending_balance: number;
  type: "adjustment";
  metadata: Record<string, string>;
  created: number;
}

interface Customer {
  id: string;
  object: "customer";
  balance: number;
  currency: string | null;
}

/** An answer as it is kept under an idempotency key. */
interface Answer {
  status: number;
  body: Json;
}

interface Kept {
  request: string;
  answer: Answer | null;
  at: number;
}

const DAY_SECONDS = 24 * 60 * 60;

export interface StripeServer {
  url: string;
  /** Everything that was asked, as "POST /v1/refunds". */
  requests: string[];
  refunds: StripeRefund[];
  entries: BalanceEntry[];
  events: Stripe.Event[];
  /** Asked before each request; none if it isn't set. */
  fault: ((method: string, path: string) => StripeFault | null) | null;
  /** What a new refund is at first; succeeded if it isn't set. */
  firstStatus: (() => StripeRefund["status"]) | null;
  addPayment(payment: { amount: number; currency?: string; captured?: boolean }): {
    intent: string;
    charge: string;
  };
  addCustomer(currency?: string | null): string;
  /** What an invoice takes of a customer's credit. */
  spend(customer: string, amount: number): void;
  charge(id: string): Charge;
  /** Refunds that move on by themselves: to the customer, or back. */
  settle(refundId: string, status: StripeRefund["status"], why?: string): void;
  dispute(charge: string): string;
  decideDispute(id: string, status: "won" | "lost"): void;
  /** Lets time pass on Stripe's clock: keys are forgotten after a day. */
  advance(seconds: number): void;
  now(): number;
  /** Does what came late. */
  catchUp(): void;
  close(): Promise<void>;
}

/** The body and the header of an event as Stripe would send them. */
export function signedEvent(
  event: object,
  secret: string,
  at = new Date(),
): { headers: Headers; body: string } {
  const body = JSON.stringify(event, null, 2);
  const timestamp = Math.floor(at.getTime() / 1000);
  const signature = new Stripe("unused").webhooks.generateTestHeaderString({
    payload: body,
    secret,
    timestamp,
  });
  return { headers: new Headers({ "stripe-signature": signature }), body };
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly error: Json,
  ) {
    super(String(error.message));
  }
}

/**
 * Speaks Stripe's API as far as Leeway asks it: payment intents, charges, refunds, disputes, customers and their balances;
 * idempotency keys with all that belongs to them; events. Each test's own, on a port of its own.
 */
export async function startStripeServer(
  secretKey = "sk_test_of_the_in_test_server",
  wantedPort = 0,
): Promise<StripeServer> {
  const state = new State();
  const server = createServer((request, response) => void serve(state, secretKey, request, response));
  await new Promise<void>((resolve) => server.listen(wantedPort, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

class State {
  readonly requests: string[] = [];
  readonly refunds: StripeRefund[] = [];
  readonly entries: BalanceEntry[] = [];
  readonly events: Stripe.Event[] = [];
  readonly charges = new Map<string, Charge>();
  readonly intents = new Map<string, string>();
  readonly customers = new Map<string, Customer>();
  readonly disputes: Dispute[] = [];
  readonly keys = new Map<string, Kept>();
  readonly waiting: (() => void)[] = [];
  fault: StripeServer["fault"] = null;
  firstStatus: StripeServer["firstStatus"] = null;
  #clock = Math.floor(Date.now() / 1000);
  #ids = 0;

  id(prefix: string): string {
    this.#ids += 1;
    return `${prefix}_${this.#ids.toString().padStart(16, "0")}`;
  }

  now(): number {
    return this.#clock;
  }

  advance(seconds: number): void {
    this.#clock += seconds;
    for (const [key, kept] of this.keys) {
      if (this.#clock - kept.at >= DAY_SECONDS) this.keys.delete(key);
    }
  }

  addPayment({ amount, currency = "USD", captured = true }: Parameters<StripeServer["addPayment"]>[0]) {
    const [intent, id] = [this.id("pi"), this.id("ch")];
    this.intents.set(intent, id);
    this.charges.set(id, {
      id,
      object: "charge",
      amount,
      amount_captured: captured ? amount : 0,
      amount_refunded: 0,
      captured,
      currency: currency.toLowerCase(),
      disputed: false,
      payment_intent: intent,
      status: "succeeded",
    });
    return { intent, charge: id };
  }

  addCustomer(currency: string | null = null): string {
    const id = this.id("cus");
    this.customers.set(id, { id, object: "customer", balance: 0, currency: currency?.toLowerCase() ?? null });
    return id;
  }

  spend(customer: string, amount: number): void {
    findCustomer(this, customer).balance += amount;
  }

  charge(id: string): Charge {
    const charge = this.charges.get(id);
    if (!charge) throw missing("charge", id);
    return charge;
  }

  settle(refundId: string, status: StripeRefund["status"], why?: string): void {
    const refund = this.refunds.find(({ id }) => id === refundId);
    if (!refund || refund.status === status) return;
    const wasTaken = isTaken(refund);
    refund.status = status;
    if (why) refund.failure_reason = why;
    // What comes back can be refunded again.
    if (wasTaken && !isTaken(refund)) this.charge(refund.charge).amount_refunded -= refund.amount;
    this.tell(status === "failed" ? "refund.failed" : "refund.updated", refund);
  }

  dispute(charge: string): string {
    const disputed = this.charge(charge);
    disputed.disputed = true;
    const dispute: Dispute = {
      id: this.id("dp"),
      object: "dispute",
      charge,
      payment_intent: disputed.payment_intent,
      amount: disputed.amount,
      status: "needs_response",
    };
    this.disputes.push(dispute);
    this.tell("charge.dispute.created", dispute);
    return dispute.id;
  }

  decideDispute(id: string, status: "won" | "lost"): void {
    const dispute = this.disputes.find((each) => each.id === id);
    if (!dispute) throw new Error(`There is no dispute ${id}.`);
    dispute.status = status;
    this.tell("charge.dispute.closed", dispute);
  }

  tell(type: string, object: object): void {
    const event = {
      id: this.id("evt"),
      object: "event",
      api_version: "2026-10-28.endive",
      created: this.#clock,
      livemode: false,
      pending_webhooks: 1,
      request: null,
      type,
      data: { object: structuredClone(object) },
    };
    this.events.push(event as unknown as Stripe.Event);
  }

  catchUp(): void {
    for (const work of this.waiting.splice(0)) work();
  }
}

function isTaken({ status }: StripeRefund): boolean {
  return status !== "failed" && status !== "canceled";
}

async function serve(
  state: State,
  secretKey: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://stripe");
  const method = request.method ?? "GET";
  let text = "";
  for await (const chunk of request) text += chunk;
  state.requests.push(`${method} ${url.pathname}`);
  const fault = state.fault?.(method, url.pathname) ?? null;
  if (fault === "reset_before") return void request.socket.destroy();
  if (request.headers.authorization !== `Bearer ${secretKey}`) {
    const message = "Invalid API Key provided: sk_test_****";
    return write(state, response, {
      status: 401,
      body: errorBody({ type: "invalid_request_error", message }),
    });
  }
  if (fault === "429") {
    const error = { type: "invalid_request_error", code: "rate_limit", message: "Too many requests." };
    return write(state, response, { status: 429, body: errorBody(error) });
  }
  const parameters = read(method === "POST" ? new URLSearchParams(text) : url.searchParams);
  const ask: Ask = { method, path: url.pathname, parameters };
  if (fault === "cut_before") return cut(response);
  if (fault === "late") {
    late(state, ask, request.headers["idempotency-key"]);
    return cut(response);
  }
  const answered = answerOnce(state, ask, request.headers["idempotency-key"], fault);
  if (fault === "reset_after") return void request.socket.destroy();
  if (fault === "cut_after") return cut(response);
  // The client gives up; the connection is closed with the server.
  if (fault === "timeout_after") return;
  write(state, response, answered);
}

function cut(response: ServerResponse): void {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": 1000 });
  response.write("{", () => response.destroy());
}

interface Ask {
  method: string;
  path: string;
  parameters: Json;
}

/** The key is taken at once, and others who use it are told so until the work is done. */
function late(state: State, ask: Ask, key: string | string[] | undefined): void {
  if (ask.method !== "POST") return;
  if (typeof key !== "string") return void state.waiting.push(() => void answer(state, ask));
  if (state.keys.has(key)) return;
  const kept: Kept = { request: fingerprint(ask), answer: null, at: state.now() };
  state.keys.set(key, kept);
  state.waiting.push(() => {
    kept.answer = answer(state, ask);
  });
}

function answerOnce(
  state: State,
  ask: Ask,
  key: string | string[] | undefined,
  fault: StripeFault | null,
): Answer & { replayed?: true } {
  const broken = { status: 500, body: errorBody({ type: "api_error", message: "An error of ours." }) };
  const work = (): Answer => {
    if (fault === "500_before") return broken;
    const done = answer(state, ask);
    return fault === "500_after" ? broken : done;
  };
  if (ask.method !== "POST" || typeof key !== "string") return work();
  const kept = state.keys.get(key);
  if (!kept) {
    const done = work();
    state.keys.set(key, { request: fingerprint(ask), answer: done, at: state.now() });
    return done;
  }
  if (kept.request !== fingerprint(ask)) {
    const message = "Keys for idempotent requests can only be used with the same parameters.";
    return { status: 400, body: errorBody({ type: "idempotency_error", message }) };
  }
  if (!kept.answer) {
    const message = "There is currently another in-progress request using this Idempotent Key.";
    const error = { type: "idempotency_error", code: "idempotency_key_in_use", message };
    return { status: 409, body: errorBody(error) };
  }
  return { ...kept.answer, replayed: true };
}

function fingerprint({ path, parameters }: Ask): string {
  return createHash("sha256").update(path).update(JSON.stringify(parameters)).digest("hex");
}

function write(
  state: State,
  response: ServerResponse,
  { status, body, replayed }: Answer & { replayed?: true },
) {
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Request-Id": state.id("req"),
    ...(replayed ? { "Idempotent-Replayed": "true" } : {}),
  });
  response.end(JSON.stringify(body));
}

function errorBody(error: Json): Json {
  return { error };
}

/** Parameters as Stripe's client writes them: `metadata[a]=b`, `expand[0]=c`. */
function read(query: URLSearchParams): Json {
  const parameters: Json = {};
  for (const [name, value] of [...query].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const nested = /^(\w+)\[(\w+)\]$/.exec(name);
    if (!nested) parameters[name] = value;
    else {
      const [, outer = "", inner = ""] = nested;
      const held = (parameters[outer] ?? {}) as Json;
      held[inner] = value;
      parameters[outer] = held;
    }
  }
  return parameters;
}

function answer(state: State, ask: Ask): Answer {
  try {
    return { status: 200, body: route(state, ask) };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: errorBody(error.error) };
    throw error;
  }
}

function route(state: State, { method, path, parameters }: Ask): Json {
  const [, version, resource, id, part] = path.split("/");
  switch ([method, version, resource, id ? ":id" : "", part ?? ""].join(" ").trim()) {
    case "GET v1 payment_intents :id":
      return paymentIntent(state, id ?? "", parameters);
    case "GET v1 charges :id":
      return { ...state.charge(id ?? "") };
    case "POST v1 refunds":
      return createRefund(state, parameters);
    case "GET v1 refunds":
      return page(state.refunds.filter(isOf(state, parameters)), parameters, "/v1/refunds");
    case "GET v1 refunds :id":
      return { ...findRefund(state, id ?? "") };
    case "POST v1 refunds :id cancel":
      return cancelRefund(state, id ?? "");
    case "GET v1 disputes":
      return page(
        state.disputes.filter(({ charge }) => charge === parameters.charge),
        parameters,
        "/v1/disputes",
      );
    case "GET v1 customers :id":
      return { ...findCustomer(state, id ?? "") };
    case "POST v1 customers :id balance_transactions":
      return createEntry(state, id ?? "", parameters);
    case "GET v1 customers :id balance_transactions":
      findCustomer(state, id ?? "");
      return page(
        state.entries.filter(({ customer }) => customer === id),
        parameters,
        path,
      );
    default:
      throw invalid(404, { message: `Unrecognized request URL (${method}: ${path}).` });
  }
}

function paymentIntent(state: State, id: string, parameters: Json): Json {
  const chargeId = state.intents.get(id);
  if (!chargeId) throw missing("payment_intent", id);
  const charge = state.charge(chargeId);
  const isExpanded = Object.values((parameters.expand ?? {}) as Json).includes("latest_charge");
  return {
    id,
    object: "payment_intent",
    amount: charge.amount,
    amount_received: charge.amount_captured,
    currency: charge.currency,
    status: charge.captured ? "succeeded" : "requires_capture",
    latest_charge: isExpanded ? { ...charge } : chargeId,
  };
}

function chargeOf(state: State, { charge, payment_intent: intent }: Json): Charge {
  if (typeof charge === "string") return state.charge(charge);
  const found = state.intents.get(String(intent));
  if (!found) throw missing("payment_intent", String(intent));
  return state.charge(found);
}

/** Those of a payment, which has to be there, or all. */
function isOf(state: State, parameters: Json): (refund: StripeRefund) => boolean {
  if (parameters.charge === undefined && parameters.payment_intent === undefined) return () => true;
  const { id } = chargeOf(state, parameters);
  return (refund) => refund.charge === id;
}

const REASONS = ["duplicate", "fraudulent", "requested_by_customer"];

function createRefund(state: State, parameters: Json): Json {
  const charge = chargeOf(state, parameters);
  const { amount: text, reason = null, metadata = {} } = parameters;
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = text === undefined ? left : Number(text);
  if (!Number.isInteger(amount) || amount < 1) {
    throw invalid(400, {
      code: "parameter_invalid_integer",
      param: "amount",
      message: "Invalid positive integer",
    });
  }
  if (reason !== null && !REASONS.includes(String(reason))) {
    throw invalid(400, { param: "reason", message: `Invalid reason: must be one of ${REASONS.join(", ")}` });
  }
  if (charge.disputed && isHeld(state, charge.id)) {
    throw invalid(400, { code: "charge_disputed", message: `Charge ${charge.id} has been charged back.` });
  }
  if (left === 0) {
    const message = `Charge ${charge.id} has already been refunded.`;
    throw invalid(400, { code: "charge_already_refunded", message });
  }
  if (amount > left) {
    const message = `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`;
    throw invalid(400, { code: "amount_too_large", param: "amount", message });
  }
  const refund: StripeRefund = {
    id: state.id("re"),
    object: "refund",
    amount,
    currency: charge.currency,
    charge: charge.id,
    payment_intent: charge.payment_intent,
    status: state.firstStatus?.() ?? "succeeded",
    reason: reason as string | null,
    metadata: metadata as Record<string, string>,
    created: state.now(),
  };
  charge.amount_refunded += amount;
  state.refunds.push(refund);
  state.tell("refund.created", refund);
  state.tell("charge.refunded", charge);
  return { ...refund };
}

function isHeld(state: State, charge: string): boolean {
  return state.disputes.some((each) => each.charge === charge && each.status !== "won");
}

function findRefund(state: State, id: string): StripeRefund {
  const refund = state.refunds.find((each) => each.id === id);
  if (!refund) throw missing("refund", id);
  return refund;
}

function cancelRefund(state: State, id: string): Json {
  const refund = findRefund(state, id);
  if (refund.status !== "requires_action") {
    throw invalid(400, { message: `Refund ${id} has status ${refund.status} and can't be canceled.` });
  }
  state.settle(id, "canceled");
  return { ...refund };
}

function findCustomer(state: State, id: string): Customer {
  const customer = state.customers.get(id);
  if (!customer) throw missing("customer", id);
  return customer;
}

function createEntry(state: State, id: string, { amount, currency, metadata = {} }: Json): Json {
  const customer = findCustomer(state, id);
  if (customer.currency !== null && customer.currency !== currency) {
    throw invalid(400, { message: `You cannot combine currencies on a single customer.` });
  }
  customer.currency = String(currency);
  customer.balance += Number(amount);
  const entry: BalanceEntry = {
    id: state.id("cbtxn"),
    object: "customer_balance_transaction",
    amount: Number(amount),
    currency: customer.currency,
    customer: id,
    ending_balance: customer.balance,
    type: "adjustment",
    metadata: metadata as Record<string, string>,
    created: state.now(),
  };
  state.entries.push(entry);
  return { ...entry };
}

/** The newest first, as all of Stripe's lists. */
function page(rows: readonly { id: string }[], parameters: Json, url: string): Json {
  const newest = [...rows].reverse();
  const limit = Number(parameters.limit ?? 10);
  const after = newest.findIndex(({ id }) => id === parameters.starting_after);
  const data = newest.slice(after + 1, after + 1 + limit);
  return { object: "list", url, has_more: after + 1 + limit < newest.length, data: structuredClone(data) };
}

function invalid(status: number, error: Json): Refusal {
  return new Refusal(status, { type: "invalid_request_error", ...error });
}

function missing(what: string, id: string): Refusal {
  return invalid(404, { code: "resource_missing", param: what, message: `No such ${what}: '${id}'` });
}
