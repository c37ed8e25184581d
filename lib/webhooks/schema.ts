import { z } from "zod";
import { type ChosenKind, GROUPS, KINDS } from "@/lib/webhooks/kinds";

/** How many endpoints one organization may have. */
export const ENDPOINTS_MAX = 20;
export const URL_MAX = 2_000;

const WORDS = {
  missing: "Type the address that is to be told, such as https://example.com/leeway.",
  malformed: "This is no address. Write it such as https://example.com/leeway.",
  scheme: "Begin with https://. Only a developer's own machine does without.",
  password: "Leave name and password out of the address: what is sent is signed.",
};

/** An address to tell. Which of them may be reached at all, the server says; here it only has to be one. */
export const endpointUrlSchema = z
  .string()
  .trim()
  .min(1, WORDS.missing)
  .max(URL_MAX, WORDS.malformed)
  .transform((typed, context) => {
    const refuse = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    if (!/^https?:\/\//i.test(typed)) return refuse(WORDS.scheme);
    if (/[\s\\]/.test(typed) || !URL.canParse(typed)) return refuse(WORDS.malformed);
    const url = new URL(typed);
    if (url.username !== "" || url.password !== "") return refuse(WORDS.password);
    url.hash = "";
    return url.href;
  });

const CHOICES = [...GROUPS.map((group) => `${group}.*` as const), ...GROUPS.flatMap((group) => KINDS[group])];

export const kindsSchema = z
  .array(z.enum(CHOICES as [ChosenKind, ...ChosenKind[]]))
  .min(1, "Choose at least one kind of event.")
  .max(60);

export const newEndpointSchema = z.strictObject({ url: endpointUrlSchema, kinds: kindsSchema });

export const endpointChangeSchema = z.strictObject({
  id: z.uuid(),
  url: endpointUrlSchema,
  kinds: kindsSchema,
});

export const endpointSchema = z.strictObject({ id: z.uuid() });

export const switchSchema = z.strictObject({ id: z.uuid(), on: z.boolean() });

/** One message, or all that were put aside. */
export const replaySchema = z.strictObject({ id: z.uuid(), message: z.uuid().nullable() });

/** What the log of an endpoint shows, by its address. What it can't read, it leaves out. */
export const logQuerySchema = z.object({
  status: z.enum(["waiting", "delivered", "dead"]).nullable().catch(null),
  before: z.string().max(100).nullable().catch(null),
});
