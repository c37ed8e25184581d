import { searchCustomers } from "@/lib/customers/data";
import { customerSearchSchema } from "@/lib/customers/schema";
import { deskRoute, readQuery } from "@/lib/http/route";

export const GET = deskRoute("customers:read", async ({ actor, url }) => {
  const { search, limit } = readQuery(url, customerSearchSchema);
  return Response.json({
    data: await searchCustomers(actor.organizationId, search, limit),
    nextCursor: null,
  });
});
