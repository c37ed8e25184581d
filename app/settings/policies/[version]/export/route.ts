import { exportPolicy } from "@/lib/policies/transfer";

/** The document of a version as a file, for whoever may read the settings. */
export async function GET(
  _request: Request,
  { params }: RouteContext<"/settings/policies/[version]/export">,
): Promise<Response> {
  return exportPolicy((await params).version);
}
