import { z } from "zod";
import { openApiDocument } from "@/lib/http/openapi";

interface Documented {
  post?: { requestBody?: { content: Record<string, { schema: z.core.JSONSchema.JSONSchema }> } };
}

const webhooks = openApiDocument().webhooks as Record<string, Documented> | undefined;

/** What the OpenAPI document says of the messages of one type; throws where it says nothing. */
function documented(type: string): z.ZodType {
  const schema = webhooks?.[type]?.post?.requestBody?.content["application/json"]?.schema;
  if (!schema) throw new Error(`No webhook ${type} is documented.`);
  return z.fromJSONSchema(schema);
}

/** A message as it was sent, read by nothing but the document that receivers read. Throws where it isn't as that says. */
export function documentedBody(raw: string): {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
} {
  const message = JSON.parse(raw);
  return documented(message.type).parse(message) as ReturnType<typeof documentedBody>;
}
