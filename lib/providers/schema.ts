import { z } from "zod";
import { requiredText } from "@/lib/decisions/schema";
import { type Reach, urlFault } from "@/lib/http/reach";
import { OUTSIDE_KINDS } from "@/lib/providers/types";

const WORDS = {
  key: "Paste a secret key of Stripe's: it begins with sk_ or rk_.",
  publishable: "This is a publishable key. Paste the secret one, which begins with sk_ or rk_.",
  webhookSecret: "Paste the endpoint's signing secret: it begins with whsec_.",
  malformed: "This is no address. Write it such as https://billing.example.com/leeway.",
  scheme: "Begin with https://.",
  credentials: "Leave out the name and the password: each message is signed.",
  private_address: "This address is not on the public internet, so nothing is sent there.",
};

/** A secret that is left empty stays what it is: null. */
function secretOrKept(faultOf: (typed: string) => string | null) {
  return z
    .string()
    .trim()
    .superRefine((typed, context) => {
      const fault = typed === "" ? null : faultOf(typed);
      if (fault) context.addIssue({ code: "custom", message: fault });
    })
    .transform((typed) => typed || null);
}

const secretKeySchema = secretOrKept((key) => {
  if (key.startsWith("pk_")) return WORDS.publishable;
  return /^(sk|rk)_(test|live)_[A-Za-z0-9_]{8,280}$/.test(key) ? null : WORDS.key;
});

const webhookSecretSchema = secretOrKept((secret) =>
  /^whsec_[\x21-\x7e]{8,280}$/.test(secret) ? null : WORDS.webhookSecret,
);

/** What an admin says of the account at Stripe. */
export const stripeFormSchema = z.strictObject({
  label: requiredText(100, "Give the account a name that people here know it by."),
  secretKey: secretKeySchema,
  webhookSecret: webhookSecretSchema,
});

/** The address of the organization's own system, as far as it can be judged without asking anybody. */
export function webhookFormSchema(reach: Reach) {
  return z.strictObject({
    url: z
      .string()
      .trim()
      .min(1, WORDS.malformed)
      .max(2000, WORDS.malformed)
      .superRefine((url, context) => {
        const fault = urlFault(url, reach);
        if (fault) context.addIssue({ code: "custom", message: WORDS[fault] });
      }),
    /** Makes a new signing secret; what is signed with the old one is no longer. */
    renew: z.boolean().default(false),
  });
}

export const kindSchema = z.strictObject({ kind: z.enum(OUTSIDE_KINDS) });
export const enabledSchema = z.strictObject({ kind: z.enum(OUTSIDE_KINDS), enabled: z.boolean() });

/** What is stored of each, and encrypted of each. */
export const storedStripeSchema = z.object({ label: z.string(), mode: z.enum(["test", "live"]) });
export const stripeSecretsSchema = z.object({ secretKey: z.string(), webhookSecret: z.string().nullable() });
export const stripeHintsSchema = z.object({ secretKey: z.string(), webhookSecret: z.string().nullable() });
export const storedWebhookSchema = z.object({ url: z.string() });
export const webhookSecretsSchema = z.object({ secret: z.string() });
export const webhookHintsSchema = z.object({ secret: z.string() });

export type StripeForm = z.output<typeof stripeFormSchema>;
export type StripeSecrets = z.output<typeof stripeSecretsSchema>;
