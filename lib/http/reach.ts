import { lookup as resolve } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { env } from "@/lib/env";

/** How far webhooks may reach. */
export type Reach = typeof env.LEEWAY_WEBHOOK_REACH;

/** This machine itself. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** The networks that organizations number by themselves. */
const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
] as const) {
  PRIVATE.addSubnet(network, bits, "ipv4");
}
PRIVATE.addSubnet("fc00::", 7, "ipv6");

/**
 * Nobody's receiver: link-local addresses, where clouds keep their machines' credentials, and what the registries of IANA
 * (RFC 6890) set aside. Addresses that carry one of the older kind in them are looked at by that one, or refused.
 */
const NEVER = new BlockList();
/** Of IPv6 this alone is public, but for what is set aside in it. */
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet("2000::", 3, "ipv6");
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  NEVER.addSubnet(network, bits, "ipv4");
}
for (const [network, bits] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  NEVER.addSubnet(network, bits, "ipv6");
}

/** Says no because of the address, whatever would have answered there. */
export class OutOfReach extends Error {
  constructor(address: string) {
    super(`The address ${address} is not one that webhooks may reach.`);
  }
}

/** Whether a webhook may be sent to a network address. */
export function mayReach(address: string, reach: Reach = env.LEEWAY_WEBHOOK_REACH): boolean {
  // ::ffff:127.0.0.1 is 127.0.0.1.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mayReach(mapped, reach);
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  if (family === "ipv6" && /^(0*:)*:?ffff:/i.test(address)) return false;
  if (LOOPBACK.check(address, family)) return reach !== "public";
  if (NEVER.check(address, family)) return false;
  if (PRIVATE.check(address, family)) return reach === "private";
  return family === "ipv4" || GLOBAL_V6.check(address, "ipv6");
}

export type UrlFault = "malformed" | "scheme" | "credentials" | "private_address";

/** Why nothing may be sent to a URL, as far as it says by itself; null where it may. Names are looked at when they are resolved. */
export function urlFault(text: string, reach: Reach = env.LEEWAY_WEBHOOK_REACH): UrlFault | null {
  if (!/^https?:\/\//i.test(text)) return "scheme";
  if (!URL.canParse(text)) return "malformed";
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return "credentials";
  const isHere = isThisMachine(url);
  if (url.protocol === "http:" && !(isHere && reach !== "public")) return "scheme";
  const address = addressOf(url);
  const isInside = address === null ? isHere && reach === "public" : !mayReach(address, reach);
  return isInside ? "private_address" : null;
}

/** Whether a URL says by itself that it is on this very machine. */
export function isThisMachine(url: URL): boolean {
  const address = addressOf(url);
  if (address === null) return /(^|\.)localhost$/.test(url.hostname);
  return LOOPBACK.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}

/** The host of a URL as an address, without the brackets of IPv6; null where it is a name. */
export function addressOf({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return isIP(bare) === 0 ? null : bare;
}

/**
 * Resolves a name for a connection that is about to be made, and gives only what may be reached: the very addresses that
 * are connected to, so that a name that means something else a moment later changes nothing. A name with one address
 * that may not be reached is refused as a whole.
 */
export function guardedLookup(reach: Reach = env.LEEWAY_WEBHOOK_REACH): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, "", 0);
      const barred = found.find(({ address }) => !mayReach(address, reach));
      if (barred || !found[0]) return done(new OutOfReach(barred?.address ?? hostname), "", 0);
      if (options.all) return done(null, found);
      done(null, found[0].address, found[0].family);
    });
  };
}
