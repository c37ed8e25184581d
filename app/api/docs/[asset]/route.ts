import { readFile } from "node:fs/promises";
import path from "node:path";
import { problem } from "@/lib/http/problem";

const ASSETS: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

/** The two files of Swagger UI that the page needs, as the package ships them. */
export async function GET(
  _request: Request,
  context: { params: Promise<{ asset: string }> },
): Promise<Response> {
  const { asset } = await context.params;
  const type = Object.hasOwn(ASSETS, asset) ? ASSETS[asset] : undefined;
  if (!type) return problem("not_found");
  const file = await readFile(path.join(process.cwd(), "node_modules", "swagger-ui-dist", asset));
  return new Response(file, { headers: { "Content-Type": type, "Cache-Control": "public, max-age=86400" } });
}
