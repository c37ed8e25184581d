import { answerPage, isStillOn } from "@/lib/events/loaders";
import { eventStream } from "@/lib/events/stream";

export const dynamic = "force-dynamic";

/** What changes in the organization of whoever is signed in, while they have a page open. */
export function GET(request: Request): Promise<Response> {
  const { signal } = request;
  return answerPage(request, (who) => {
    const { organizationId } = who;
    const stream = eventStream({ organizationId, signal, mayStay: () => isStillOn(who) });
    return new Response(stream, {
      headers: {
        "Content-Type": "text/event-stream; charset=utf-8",
        // What is transformed (compressed) or buffered on its way arrives too late.
        "Cache-Control": "no-store, no-transform",
        "X-Accel-Buffering": "no",
      },
    });
  });
}

/** Next would open a stream for it that nobody reads. */
export function HEAD(): Response {
  return new Response(null, { status: 405, headers: { Allow: "GET" } });
}
