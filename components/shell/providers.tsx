"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { Toaster } from "@/components/ui/toaster";

// React warns of script elements in what a browser renders; there the theme's script has long run, so it is data.
const IN_BROWSER = typeof window === "undefined" ? {} : { scriptProps: { type: "application/json" } };

/** `nonce` lets the theme's inline script and the components' inline styles through the content security policy. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableColorScheme={false}
      disableTransitionOnChange
      {...(nonce ? { nonce } : {})}
      {...IN_BROWSER}
    >
      <CSPProvider nonce={nonce}>
        <NuqsAdapter>
          <Tooltip.Provider delay={400}>{children}</Tooltip.Provider>
          <Toaster />
        </NuqsAdapter>
      </CSPProvider>
    </ThemeProvider>
  );
}
