import { openApiDocument } from "@/lib/http/openapi";

/** The API's description; it holds nothing of any organization, so everybody may read it. */
export function GET(): Response {
  return Response.json(openApiDocument());
}
