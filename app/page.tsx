import { redirect } from "next/navigation";
import { homeOf } from "@/lib/auth/ability";
import { requireActor } from "@/lib/auth/actor";

/** Everyone begins at their own place. */
export default async function Page() {
  redirect(homeOf(await requireActor()));
}
