import { answerMetrics } from "@/lib/metrics/rest";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return answerMetrics(request.headers);
}
