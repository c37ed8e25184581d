import type { IncomingMessage } from "node:http";

/** What the API needs of a request, by whatever way it came in. */
export interface Incoming {
  /** A header's value by its name in small letters; null where it was not sent. */
  header(name: string): string | null;
  /** The body, read once however often it is asked for, and no further than it may be long: null where it is longer. */
  read(maxBytes: number): Promise<Uint8Array | null>;
}

/** A request as route handlers get it. */
export function incomingOf(request: Request): Incoming {
  const read = once(async (maxBytes) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > maxBytes) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  });
  return { header: (name) => request.headers.get(name), read };
}

/** A request as Node's server gets it. */
export function incomingMessage(message: IncomingMessage): Incoming {
  const read = once(
    (maxBytes) =>
      new Promise<Uint8Array | null>((resolve, reject) => {
        const chunks: Uint8Array[] = [];
        let size = 0;
        message.on("data", (chunk: Uint8Array) => {
          size += chunk.byteLength;
          if (size > maxBytes) {
            // What else is sent goes nowhere, so that the answer can be heard.
            message.removeAllListeners("data").resume();
            resolve(null);
          } else chunks.push(chunk);
        });
        message.on("end", () => resolve(chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks)));
        message.on("error", reject);
      }),
  );
  return {
    header(name) {
      const value = message.headers[name];
      return typeof value === "string" ? value : (value?.join(", ") ?? null);
    },
    read,
  };
}

function once<T>(read: (maxBytes: number) => Promise<T>): (maxBytes: number) => Promise<T> {
  let result: Promise<T> | undefined;
  return (maxBytes) => {
    result ??= read(maxBytes);
    return result;
  };
}
