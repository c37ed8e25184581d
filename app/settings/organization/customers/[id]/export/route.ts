import { exportCustomer } from "@/lib/personal-data/transfer";

/** All that is held about a customer as a file, for admins. */
export async function GET(
  _request: Request,
  { params }: RouteContext<"/settings/organization/customers/[id]/export">,
): Promise<Response> {
  return exportCustomer((await params).id);
}
