import { describe, expect, it } from "vitest";
import { decisionInputSchema } from "@/lib/decisions/schema";
import { policySchema } from "@/lib/discretion/schema";
import { calendarOf } from "./calendar";
import { demoCustomers } from "./customers";
import { demoOrders } from "./orders";
import { demoPeople, TEAMS } from "./people";
import { DEMO_POLICY, FORMER_POLICY } from "./policy";
import { demoRequests, HISTORY_DAYS } from "./requests";
import { demoSurvey } from "./surveys";
import { demoUnsent } from "./unsent";

const DAY_MS = 86_400_000;

function demoAt(moment: string) {
  const calendar = calendarOf(Date.parse(moment), "America/New_York");
  const people = demoPeople(calendar.day(0));
  const customers = demoCustomers();
  const orders = demoOrders(customers, calendar);
  const requests = demoRequests(people, orders, calendar);
  const unsent = demoUnsent(requests, people, calendar);
  return { calendar, people, customers, orders, requests, unsent };
}

const demo = demoAt("2026-06-10T15:20:00Z");

describe("the demo", () => {
  it("is the same each time it is made", () => {
    const again = demoAt("2026-06-10T15:20:00Z");
    expect(again.people).toEqual(demo.people);
    expect(again.customers).toEqual(demo.customers);
    expect(again.orders).toEqual(demo.orders);
    expect(again.requests).toEqual(demo.requests);
    expect(again.unsent).toEqual(demo.unsent);
  });

  it("has some 40 employees in five teams, each with a manager above its agents", () => {
    expect(demo.people).toHaveLength(40);
    expect(TEAMS).toHaveLength(5);
    for (const { email, role, team, manager } of demo.people) {
      if (role !== "agent") continue;
      const above = demo.people.find((person) => person.email === manager);
      expect(above, email).toMatchObject({ role: "manager", team });
    }
    expect(demo.people.filter(({ signsIn }) => signsIn).map(({ email }) => email)).toEqual([
      "admin@demo.leeway.test",
      "auditor@demo.leeway.test",
      "manager@demo.leeway.test",
      "agent@demo.leeway.test",
    ]);
  });

  // Risk: a demo that mails or calls somebody.
  it("has 2,000 customers whom nobody can reach, each found by something of their own", () => {
    expect(demo.customers).toHaveLength(2_000);
    for (const { email, phone } of demo.customers) {
      if (email) expect(email).toMatch(/^[a-z0-9.]+@example\.(com|net|org)$/);
      if (phone) expect(phone).toMatch(/^\+1 \d{3} 555 01\d\d$/);
    }
    for (const field of ["ref", "email", "phone"] as const) {
      const values = demo.customers.map((customer) => customer[field]).filter((value) => value !== null);
      expect(new Set(values).size, field).toBe(values.length);
    }
  });

  it("tells of 90 days in order, and of nothing that has not happened yet", () => {
    const { requests, calendar, orders } = demo;
    expect(requests.length).toBeGreaterThan(5_000);
    const oldest = calendar.now - HISTORY_DAYS * DAY_MS;
    for (const [i, { at }] of requests.entries()) {
      expect(at).toBeGreaterThan(oldest);
      expect(at).toBeLessThan(calendar.now);
      expect(at).toBeGreaterThanOrEqual(requests[i - 1]?.at ?? 0);
    }
    for (const { placedAt } of orders) expect(placedAt).toBeLessThan(calendar.now);
  });

  it("asks only for what can be asked, about orders that were placed before", () => {
    const placed = new Map(demo.orders.map((order) => [order.ref, order]));
    for (const request of demo.requests) {
      const { customerRef: customer, orderRef: order, remedy, amount, note } = request;
      const input = { customer, order, remedy, amount, currency: "USD", note, case: request.case };
      expect(decisionInputSchema.safeParse(input).error?.issues).toBeUndefined();
      if (order === null) continue;
      expect(placed.get(order)?.customer.ref).toBe(customer);
      expect(placed.get(order)?.placedAt).toBeLessThan(request.at);
    }
  });

  it("can be made at any moment of any day, the day of a change of the clock too", () => {
    for (const moment of ["2026-03-08T07:30:00Z", "2026-11-01T05:10:00Z", "2026-01-01T05:00:01Z"]) {
      const { requests, orders, calendar } = demoAt(moment);
      expect(requests.length, moment).toBeGreaterThan(5_000);
      expect(requests.at(-1)?.at).toBeLessThan(calendar.now);
      expect(orders.at(-1)?.placedAt).toBeLessThan(calendar.now);
    }
  });

  it("works under policies that are ones", () => {
    for (const policy of [FORMER_POLICY, DEMO_POLICY]) {
      expect(policySchema.safeParse(policy).error?.issues).toBeUndefined();
    }
    const guestDay = DEMO_POLICY.limits.find(({ id }) => id === "guest-day");
    expect(guestDay).toMatchObject({
      max: 200_000,
      window: "day",
      over: "handover",
      when: { roles: ["agent"] },
    });
    const managerDay = DEMO_POLICY.limits.find(({ id }) => id === "manager-guest-day");
    expect(managerDay).toMatchObject({
      max: 1_000_000,
      window: "day",
      when: { roles: ["manager", "admin"] },
    });
    for (const { id, measure, max } of DEMO_POLICY.limits) {
      if (measure === "count") expect(max, id).toBeGreaterThanOrEqual(200);
    }
  });
});

describe("what the demo's customers say", () => {
  const said = demo.requests.map((request) => ({
    ...{ atOnce: demoSurvey(request, "allow"), nothing: demoSurvey(request, "deny") },
    waited: request.answer?.amount ? demoSurvey(request, "handover") : null,
  }));
  const mean = (scores: number[]) => scores.reduce((a, b) => a + b, 0) / scores.length;
  const scores = (name: "atOnce" | "waited" | "nothing") =>
    said.flatMap((each) => (each[name] ? [each[name].score] : []));

  it("is the same each time, of about a third of the cases, and after them", () => {
    for (const [i, request] of demo.requests.entries()) {
      expect(demoSurvey(request, "allow")).toEqual(said[i]?.atOnce);
      expect(said[i]?.atOnce?.at ?? Number.POSITIVE_INFINITY).toBeGreaterThan(request.at);
    }
    expect(scores("atOnce").length / said.length).toBeCloseTo(1 / 3, 1);
  });

  it("is the better the less they waited", () => {
    expect(mean(scores("atOnce"))).toBeGreaterThan(mean(scores("waited")) + 0.3);
    expect(mean(scores("waited"))).toBeGreaterThan(mean(scores("nothing")) + 0.3);
    expect(new Set(scores("atOnce"))).toEqual(new Set([1, 2, 3, 4, 5]));
  });
});

describe("the demo's calendar", () => {
  it("keeps the clock on the wall on days that are an hour longer or shorter", () => {
    const calendar = calendarOf(Date.parse("2026-03-10T16:00:00Z"), "America/New_York");
    const at = (daysAgo: number, hour: number) => new Date(calendar.at(daysAgo, hour, 30, 0)).toISOString();
    expect(at(3, 10)).toBe("2026-03-07T15:30:00.000Z");
    expect(at(2, 0)).toBe("2026-03-08T05:30:00.000Z");
    expect(at(2, 10)).toBe("2026-03-08T14:30:00.000Z");
    expect(at(1, 10)).toBe("2026-03-09T14:30:00.000Z");
    const fall = calendarOf(Date.parse("2026-11-02T16:00:00Z"), "America/New_York");
    expect(new Date(fall.at(1, 10, 30, 0)).toISOString()).toBe("2026-11-01T15:30:00.000Z");
  });

  it("holds some amounts that were not sent: each before what was sent instead, by an agent, each told once", () => {
    const { left, looks } = demo.unsent;
    expect(left.length).toBeGreaterThan(30);
    expect(looks.size).toBeGreaterThan(30);
    const agents = new Set(demo.people.filter(({ role }) => role === "agent").map(({ email }) => email));
    for (const [i, { at, employee }] of left.entries()) {
      expect(at).toBeLessThan(demo.calendar.now);
      expect(at).toBeGreaterThanOrEqual(left[i - 1]?.at ?? 0);
      expect(agents.has(employee), employee).toBe(true);
    }
    const requests = new Map(demo.requests.map((request) => [request.key, request]));
    for (const [key, { at, amount }] of looks) {
      expect(amount).toBeGreaterThan(requests.get(key)?.amount ?? Number.POSITIVE_INFINITY);
      expect(at).toBeLessThan(requests.get(key)?.at ?? 0);
    }
    const intents = [...left, ...looks.values()].map(({ intent }) => intent);
    expect(new Set(intents).size).toBe(intents.length);
  });
});
