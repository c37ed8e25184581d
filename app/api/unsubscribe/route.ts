import { answerOneClick } from "@/lib/notifications/rest";

export function POST(request: Request): Promise<Response> {
  return answerOneClick(new URL(request.url), new Date());
}
