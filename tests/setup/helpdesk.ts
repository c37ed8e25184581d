import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type FrameLocator, type Page, test } from "@playwright/test";
import { addOrigin } from "@/lib/embed/mutations";
import type { scenario } from "./scenario";

/** A ticket of a helpdesk, on another site than Leeway: `frame` is the address of what stands in its sidebar. */
function ticketPage(frame: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Ticket</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { document.documentElement.dataset.theme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", follow);
  follow();
</script>
<style>body { margin: 0; background: Canvas; color: CanvasText; } :root { color-scheme: light dark; }
iframe { border: 0; width: min(100vw, 400px); height: 1500px; display: block; }</style></head>
<body><main><h1>Ticket</h1><iframe src="${frame.replaceAll("&", "&amp;")}" title="Leeway" referrerpolicy="strict-origin" allow="clipboard-write"></iframe></main></body>
</html>`;
}

export interface Helpdesk {
  origin: string;
  /** Where a ticket is that frames an address. */
  ticket: (frame: string) => string;
  close: () => void;
}

/**
 * A helpdesk, at 127.0.0.1 unless said otherwise, where Leeway is at localhost: a site of its own. What stands in a frame of another
 * site has a process of its own, and there a browser that plays a phone is none: at localhost it is one.
 */
export async function openHelpdesk(host = "127.0.0.1"): Promise<Helpdesk> {
  const server: Server = createServer((request, response) => {
    const frame = new URL(request.url ?? "/", "http://helpdesk").searchParams.get("frame") ?? "";
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(ticketPage(frame));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    ticket: (frame) => `${origin}/?${new URLSearchParams({ frame })}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Lets a helpdesk show the desk of a house; answers its admin, and the frame's address for a hint. */
export async function letShow(s: Awaited<ReturnType<typeof scenario>>, { origin }: Helpdesk) {
  const admin = await s.employee("admin");
  await addOrigin({
    organizationId: s.organizationId,
    origin,
    writer: { kind: "employee", id: admin.employeeId },
    at: new Date(),
  });
  const leeway = new URL(test.info().project.use.baseURL ?? "").origin;
  const address = (hint: Record<string, string>) =>
    `${leeway}/embed/desk?${new URLSearchParams({ organization: s.organizationId })}#${new URLSearchParams(hint)}`;
  return { admin, address };
}

/** Gives the frame a pass by its button of this name, in the window that opens: whoever is asked is signed in already. */
export async function givePass(page: Page, frame: FrameLocator, button: string): Promise<void> {
  const opening = page.waitForEvent("popup");
  await frame.getByRole("button", { name: button, exact: true }).first().click();
  const popUp = await opening;
  const allow = popUp.getByRole("button", { name: "Let it show my desk" });
  await allow.and(popUp.locator(":not([aria-disabled])")).waitFor();
  await Promise.all([popUp.waitForEvent("close"), allow.click()]);
}
