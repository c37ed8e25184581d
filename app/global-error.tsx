"use client";

import "./globals.css";
import { MessagePage } from "@/components/shell/message-page";
import { Button } from "@/components/ui/button";
import common from "@/lib/copy/en/common.json";

/** Stands in for the layout itself, so it relies on nothing that the layout provides. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>{common.product}</title>
        <MessagePage title={common.error.title} text={common.error.text}>
          <Button variant="primary" onClick={reset}>
            {common.error.again}
          </Button>
        </MessagePage>
      </body>
    </html>
  );
}
