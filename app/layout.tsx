import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { CopyProvider } from "@/components/shell/copy-provider";
import { Providers } from "@/components/shell/providers";
import { LOCALE } from "@/lib/copy/messages";

export const metadata: Metadata = {
  title: { default: "Leeway", template: "%s · Leeway" },
  description: "Refund, credit or waive on the spot, inside a discretion limit.",
  robots: { index: false, follow: false },
  formatDetection: { telephone: false, email: false, address: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fafafa" },
    { media: "(prefers-color-scheme: dark)", color: "#101010" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Reading the request's headers also makes every page dynamic, which a nonce needs.
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang={LOCALE} className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <CopyProvider>
          <Providers nonce={nonce}>{children}</Providers>
        </CopyProvider>
      </body>
    </html>
  );
}
