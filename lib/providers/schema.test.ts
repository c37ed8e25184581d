import { describe, expect, it } from "vitest";
import { stripeFormSchema } from "@/lib/providers/schema";

const form = (parts: object) =>
  stripeFormSchema.safeParse({ label: "Acme", secretKey: "", webhookSecret: "", ...parts });

describe("what is typed for Stripe", () => {
  it("is taken with its secrets, or without those that stay what they are", () => {
    expect(form({ secretKey: " sk_live_51Habcdefgh ", webhookSecret: "whsec_abcdefghij" }).data).toEqual({
      label: "Acme",
      secretKey: "sk_live_51Habcdefgh",
      webhookSecret: "whsec_abcdefghij",
    });
    expect(form({}).data).toMatchObject({ secretKey: null, webhookSecret: null });
  });

  it.each([
    [{ secretKey: "pk_live_51Habcdefgh" }, /publishable/],
    [{ secretKey: "whsec_abcdefghij" }, /begins with sk_ or rk_/],
    [{ secretKey: "sk_live_" }, /begins with sk_ or rk_/],
    [{ secretKey: "sk_live_51H abcdefgh" }, /begins with sk_ or rk_/],
    [{ webhookSecret: "sk_live_51Habcdefgh" }, /begins with whsec_/],
    [{ label: " " }, /a name that people here know/],
  ])("is refused in words that say what belongs there: %o", (parts, words) => {
    expect(form(parts).error?.issues[0]?.message).toMatch(words);
  });
});
