/** What every answer carries, beside a content security policy. */
export const SECURITY_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
} as const;

/** The one page that may stand in a frame of another site, and the pop-up that it asks who somebody is. */
export const FRAMED_PATH = "/embed/desk";
export const CONNECT_PATH = "/embed/connect";

/** The pop-up answers the frame that opened it, which is in a page of another site: without this the two are parted. */
export const POP_UP_HEADERS = {
  "Cross-Origin-Opener-Policy": "unsafe-none",
  "Referrer-Policy": "same-origin",
} as const;

/** A frame's address may say whom a ticket is about. */
export const FRAMED_HEADERS = { "Referrer-Policy": "same-origin" } as const;

// A browser that once heard it refuses plain http for the whole host, so a developer's own machine never says it.
export const TRANSPORT_HEADERS = {
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
} as const;

/** The hosts of a developer's own machine, as a pattern for the whole of a name. */
export const LOCAL_HOSTS = "(localhost|127\\.0\\.0\\.1|\\[::1\\])";
