import { loadByHandFile } from "@/lib/execution/loaders";

/** What people are to do, as a file that can be filled in and uploaded again. */
export async function GET(request: Request) {
  const file = await loadByHandFile(Object.fromEntries(new URL(request.url).searchParams));
  return new Response(file, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="by-hand.csv"',
      "Cache-Control": "no-store",
    },
  });
}
