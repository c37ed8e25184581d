import { exportList } from "@/lib/floor/transfer";

/** The list of actions as the address has it, as a file. */
export async function GET(request: Request): Promise<Response> {
  return exportList(request);
}
