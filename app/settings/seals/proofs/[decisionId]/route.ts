import { loadProof } from "@/lib/seals/loaders";

/** What proves that a decision was sealed, as a file. */
export async function GET(
  _request: Request,
  { params }: RouteContext<"/settings/seals/proofs/[decisionId]">,
): Promise<Response> {
  return loadProof((await params).decisionId);
}
