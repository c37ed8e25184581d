/** How soon it is worth to ask again, in seconds. */
export const RETRY_AFTER_SECONDS = 5;

/**
 * sonner puts one style element into the page by script, empty at first and then filled, and knows no nonce. These are
 * the digests of nothing and of its styles; a test recomputes them from the package.
 */
export const TOAST_STYLE_DIGESTS = [
  "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  "sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY=",
];

/**
 * Scripts run by nonce only, and what they load themselves. Style attributes are let through, because React renders
 * widths and positions that way; style elements need the nonce. `framers` are the origins whose pages may show this one in
 * a frame.
 */
export function contentSecurityPolicy(
  nonce: string,
  development = false,
  framers: readonly string[] = [],
): string {
  const directives = [
    "default-src 'self'",
    // React rebuilds server stacks with eval while developing; a production build never does.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    development
      ? "style-src 'self' 'unsafe-inline'"
      : `style-src 'self' 'nonce-${nonce}' ${TOAST_STYLE_DIGESTS.map((digest) => `'${digest}'`).join(" ")}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${framers.length > 0 ? framers.join(" ") : "'none'"}`,
  ];
  return directives.join("; ");
}

/** Stands alone: while the database is away nothing else of the app is sure to render. */
export function awayPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="${RETRY_AFTER_SECONDS}">
<link rel="icon" href="data:,">
<title>Back in a moment · Leeway</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #fafafa; color: #171717;
  font: 400 16px/24px ui-sans-serif, system-ui, sans-serif; }
main { max-width: 28rem; padding: 24px; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; margin: 0 0 8px; }
p { margin: 0 0 8px; color: #525252; }
a { color: #0b5f5c; }
@media (prefers-color-scheme: dark) {
  body { background: #101010; color: #f3f3f3; } p { color: #bababa; } a { color: #5cc4bc; }
}
</style>
</head>
<body>
<main>
<h1>Leeway can't reach its database</h1>
<p>Nothing that was confirmed is lost. This page tries again every ${RETRY_AFTER_SECONDS} seconds; you needn't do anything.</p>
<p><a href="">Try again now</a></p>
</main>
</body>
</html>
`;
}
