import { answerStripe } from "@/lib/providers/rest";

/** What Stripe says by itself, to the organization that the address names. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ organizationId: string }> },
): Promise<Response> {
  return answerStripe(request, (await params).organizationId);
}
