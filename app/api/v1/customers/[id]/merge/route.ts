import { readCustomer } from "@/lib/customers/data";
import { problem } from "@/lib/http/problem";
import { readBody, route, writerOf } from "@/lib/http/route";
import { findStandingMerge } from "@/lib/merges/data";
import { mergeCustomers, unmergeCustomers } from "@/lib/merges/mutations";
import { mergeSchema } from "@/lib/merges/schema";

type Params = { id: string };

/** Merges the record of the path, a duplicate, into another one: what was spent on the one counts on the other. */
export const POST = route<Params>("customers:write", async ({ request, actor, params }) => {
  const { organizationId } = actor;
  const writer = writerOf(actor);
  const input = await readBody(request, mergeSchema);
  const [duplicate, into] = await Promise.all([
    readCustomer(organizationId, params.id),
    readCustomer(organizationId, input.into),
  ]);
  if (!duplicate) return problem("not_found");
  if (!into) return problem("customer_not_found", { errors: [{ path: "into", message: NO_CUSTOMER }] });
  const answer = await mergeCustomers({
    organizationId,
    duplicateId: duplicate.id,
    customerId: into.id,
    reason: input.reason,
    writer,
    now: new Date(),
  });
  const merge = await findStandingMerge(organizationId, duplicate.id);
  if (answer.ok) return Response.json(merge, { status: 201 });
  switch (answer.code) {
    case "same_customer":
      return problem("same_customer", { errors: [{ path: "into", message: SAME }] });
    case "customer_not_found":
      return problem("not_found");
    case "merged_already":
      // Whoever asks again because no answer came is told that it is done.
      if (merge?.customer === into.id) return Response.json(merge);
      return problem("merged_already", {
        detail: merge
          ? "The record stands for another one already. Undo that merge first, or merge the one that stays."
          : "The record that is to stay stands for another one itself. Name that one.",
      });
    default:
      return answer.code satisfies never;
  }
});

const NO_CUSTOMER = "There is no such customer here. Name the record that stays by id or external reference.";
const SAME = "This is the same record. Name the one that stays.";

/** Undoes the merge of the record of the path: what was decided for it before counts on it again. */
export const DELETE = route<Params>("customers:write", async ({ actor, params }) => {
  const { organizationId } = actor;
  const writer = writerOf(actor);
  const duplicate = await readCustomer(organizationId, params.id);
  if (!duplicate) return problem("not_found");
  const merge = await findStandingMerge(organizationId, duplicate.id);
  if (merge) await unmergeCustomers({ organizationId, mergeId: merge.id, writer, now: new Date() });
  return new Response(null, { status: 204 });
});
