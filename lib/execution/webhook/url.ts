import { addressOf, isThisMachine, mayReach, type Reach } from "@/lib/http/reach";

export type UrlFault = "malformed" | "scheme" | "credentials" | "private_address";

/** Why nothing may be sent to a URL, as far as it says by itself; null where it may. Names are looked at when they are resolved. */
export function urlFault(text: string, reach: Reach): UrlFault | null {
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
