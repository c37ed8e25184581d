import type { z } from "zod";
import { answer } from "@/lib/http/answer";
import type { Incoming } from "@/lib/http/incoming";
import { fieldErrors, problem } from "@/lib/http/problem";

/** The largest body that is read, where a call doesn't say otherwise. */
export const BODY_MAX_BYTES = 64 * 1024;

interface BodyOptions {
  maxBytes?: number;
  /** No body at all is as good as `{}`. */
  optional?: boolean;
}

/** The body as the schema's output. Throws the problem for anything else, all faults at once. */
export async function readBody<T extends z.ZodType>(
  request: Incoming,
  schema: T,
  options?: BodyOptions,
): Promise<z.output<T>> {
  return check(schema, await readJson(request, options));
}

/** The body as it is, where its own form says how it is read. Throws the problem where it is no JSON. */
export async function readJson(request: Incoming, options: BodyOptions = {}): Promise<unknown> {
  const { maxBytes = BODY_MAX_BYTES, optional = false } = options;
  const isJson = mediaType(request) === "application/json";
  if (!isJson && !optional) return answer(problem("unsupported_media_type"));
  const text = await readText(request, maxBytes);
  if (optional && text.trim() === "") return {};
  if (!isJson) return answer(problem("unsupported_media_type"));
  try {
    return JSON.parse(text);
  } catch {
    return answer(problem("malformed"));
  }
}

function mediaType(request: Incoming): string | undefined {
  return request.header("content-type")?.split(";")[0]?.trim().toLowerCase();
}

/** Reads the body as UTF-8, no further than it may be long, whatever Content-Length says. */
async function readText(request: Incoming, maxBytes: number): Promise<string> {
  const tooLarge = () =>
    answer(problem("too_large", { detail: `This body may have ${maxBytes / 1024} KB at most.` }));
  if (Number(request.header("content-length") ?? 0) > maxBytes) return tooLarge();
  const bytes = await request.read(maxBytes);
  if (bytes === null) return tooLarge();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return answer(problem("malformed"));
  }
}

/** The query string as the schema's output; a name that stands twice is at fault. */
export function readQuery<T extends z.ZodType>(url: URL, schema: T): z.output<T> {
  const values: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (name in values) {
      return answer(problem("invalid", { errors: [{ path: name, message: "Say this once." }] }));
    }
    values[name] = value;
  }
  return check(schema, values);
}

/** What was sent as the schema's output. Throws the problem where it has faults. */
export function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  return answer(problem("invalid", { errors: fieldErrors(parsed.error.issues) }));
}
