/**
 * Where to go after signing in: a path of this app, or its beginning. Anything that a browser could take for another
 * site ("//host", "/\host", "https:…") is not one.
 */
export function returnPath(wanted: string | readonly string[] | undefined): string {
  if (typeof wanted !== "string" || !/^\/(?![/\\])/.test(wanted)) return "/";
  try {
    const here = "http://leeway.invalid";
    const url = new URL(wanted, here);
    return url.origin === here && !url.pathname.startsWith("/sign-in") ? url.pathname + url.search : "/";
  } catch {
    return "/";
  }
}
