/** What a request is answered with, before it is anybody's response. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** An answer that ends a request: thrown where it is proven, read and checked, and nothing unexpected. */
export class Answered extends Error {
  constructor(readonly response: Response) {
    super("answered");
  }
}

/** Ends the request with a response of its own. */
export function answer(response: Response): never {
  throw new Answered(response);
}

/** An answer as route handlers give it. */
export function toResponse({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers });
}
