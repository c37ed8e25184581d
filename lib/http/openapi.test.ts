import { describe, expect, it } from "vitest";
import { REQUEST_KINDS } from "@/lib/execution/webhook/request";
import { openApiDocument } from "@/lib/http/openapi";
import { TOLD_KINDS } from "@/lib/webhooks/told";

interface Webhook {
  post: {
    parameters: { name: string; in: string; required: boolean }[];
    requestBody: {
      content: { "application/json": { schema: { properties: { type: object; data: object } } } };
    };
  };
}

describe("the document of the API", () => {
  // Risk: a receiver is written for what is not sent, or hears of what nobody told it of.
  it("names every message that goes out, with its signature and its body", () => {
    const webhooks = openApiDocument().webhooks as unknown as Record<string, Webhook>;
    expect(Object.keys(webhooks).sort()).toEqual([...TOLD_KINDS, ...REQUEST_KINDS].sort());
    for (const [kind, { post }] of Object.entries(webhooks)) {
      const headers = post.parameters.filter((each) => each.in === "header" && each.required);
      expect(headers.map(({ name }) => name)).toEqual([
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
      ]);
      const { properties } = post.requestBody.content["application/json"].schema;
      expect(JSON.stringify(properties.type), kind).toContain(`"${kind}"`);
      expect(properties.data).toMatchObject({ type: "object", additionalProperties: false });
    }
  });
});
