import { route } from "@/lib/http/route";
import { answerResult } from "@/lib/providers/rest";

/** What became of an execution, told by the organization's own system. */
export const POST = route<{ id: string }>("decisions:write", answerResult);
