import { addressPart, personName } from "./names";
import { randomOf } from "./random";

export interface DemoCustomer {
  ref: string;
  name: string;
  email: string | null;
  phone: string | null;
  tier: string | null;
  kind: "external" | "internal";
}

const PEOPLE = 1_988;

/** The company's own departments are customers too, of those who help them. */
const DEPARTMENTS = [
  "Warehouse Newark",
  "Warehouse Reno",
  "Store Brooklyn",
  "Store Portland",
  "Store Austin",
  "Store Chicago",
  "Studio and showroom",
  "Photography",
  "Purchasing",
  "Finance",
  "Product design",
  "Corporate gifts",
] as const;

/** Reserved for examples by RFC 2606. */
const DOMAINS = ["example.com", "example.net", "example.org"] as const;

/** 555-0100 to 555-0199 of every area are set aside for stories. */
const AREAS =
  "201 202 206 207 212 213 214 215 216 303 305 312 313 314 404 412 415 503 504 505 512 602 612 614 615 617 619 646 702 713 718 801 802 816 857 901 907 917 919 971".split(
    " ",
  );

/** 2,000 customers: invented people from all over, and a few departments of the company itself. */
export function demoCustomers(): DemoCustomer[] {
  const random = randomOf("customers");
  const addresses = new Map<string, number>();
  const customers: DemoCustomer[] = [];
  for (let i = 0; i < PEOPLE; i++) {
    const { given, family } = personName(random);
    const local = `${addressPart(given)}.${addressPart(family)}`;
    const namesakes = addresses.get(local) ?? 0;
    addresses.set(local, namesakes + 1);
    const email = `${local}${namesakes === 0 ? "" : namesakes + 1}@${random.pick(DOMAINS)}`;
    const phone = `+1 ${AREAS[i % AREAS.length]} 555 01${String(Math.floor(i / AREAS.length)).padStart(2, "0")}`;
    customers.push({
      ref: `C-${10_001 + i}`,
      name: `${given} ${family}`,
      email: random.chance(0.05) ? null : email,
      phone: random.chance(0.08) ? null : phone,
      tier: random.weighted([
        [null, 70],
        ["silver", 17],
        ["gold", 10],
        ["platinum", 3],
      ]),
      kind: "external",
    });
  }
  for (const [i, name] of DEPARTMENTS.entries()) {
    const email = `${addressPart(name)}@example.com`;
    customers.push({ ref: `D-${101 + i}`, name, email, phone: null, tier: null, kind: "internal" });
  }
  return customers;
}
