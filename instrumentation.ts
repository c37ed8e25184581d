/** Next calls this before it answers anybody: with wrong settings it ends, instead of answering every request with 500. */
export async function register(): Promise<void> {
  try {
    await import("@/lib/env");
  } catch (error) {
    process.stderr.write(`${error}\n`);
    process.exit(1);
  }
  // biome-ignore lint/style/noProcessEnv: Next puts it in where it builds, so that code for the edge, which has no database, is without the rest.
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { warm } = await import("@/lib/warm");
  void warm();
}
