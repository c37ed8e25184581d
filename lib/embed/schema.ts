import { z } from "zod";

/** How many sites one organization may name: all of them stand in a header of the page. */
export const ORIGINS_MAX = 20;

const HTTPS = /^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/;
const LOCAL = /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/;

const WORDS = {
  missing: "Type the address of your helpdesk, such as https://acme.zendesk.com.",
  wildcard: "Name each site exactly: a star would let in sites that you don't know.",
  scheme: "Begin with https://. Only a developer's own machine does without: http://localhost.",
  malformed: "This is no address of a site. Write it such as https://acme.zendesk.com.",
};

/**
 * The exact origin of a site, as browsers write it, from what somebody typed. Small and capital letters, the usual port and
 * a slash at the end make no difference; anything more than the origin is refused, so that nobody takes a page for one.
 */
export const originSchema = z
  .string()
  .trim()
  .min(1, WORDS.missing)
  .max(300, WORDS.malformed)
  .transform((typed, context) => {
    const refuse = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    if (typed.includes("*")) return refuse(WORDS.wildcard);
    if (!/^https?:\/\//i.test(typed)) return refuse(WORDS.scheme);
    if (/[\s\\@;,]/.test(typed) || !URL.canParse(typed)) return refuse(WORDS.malformed);
    const { origin, pathname, search, hash, protocol } = new URL(typed);
    const isKnown = HTTPS.test(origin) || LOCAL.test(origin);
    if (!isKnown) return refuse(protocol === "http:" ? WORDS.scheme : WORDS.malformed);
    if (pathname !== "/" || search !== "" || hash !== "") {
      return refuse(`Only the site, without a page of it: ${origin}`);
    }
    return origin;
  });

/** A site on the list, to add or to take off. */
export const originPlaceSchema = z.strictObject({ origin: originSchema });

/** What the pop-up asks for: a pass for a frame of a site. */
export const passRequestSchema = z.strictObject({
  organization: z.uuid(),
  origin: originSchema,
  /** The person pressed the button that says so; without it only what they allowed before is given anew. */
  confirmed: z.boolean(),
});
