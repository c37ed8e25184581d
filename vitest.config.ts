import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Settings of the app that a test must be able to rely on; whoever tests a setting sets it.
const env = {
  TZ: "Asia/Kathmandu",
  NEXTAUTH_SECRET: "a-secret-that-only-the-tests-know",
  LEEWAY_ENCRYPTION_KEY: "6c656577617920746573747320656e63727970742077697468207468697320ff",
  NEXTAUTH_URL: "http://localhost:3000",
  LEEWAY_WEBHOOK_REACH: "loopback",
  LEEWAY_LOG_LEVEL: "silent",
};

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "{app,components,lib,prisma,scripts}/**/*.test.{ts,tsx}",
            "tests/properties/**/*.test.ts",
          ],
          // Nothing answers there: a unit test that reaches for a database fails.
          env: { ...env, DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" },
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: ["tests/database/**/*.test.ts"],
          env,
          globalSetup: ["tests/setup/database-server.ts"],
          setupFiles: ["tests/setup/database-file.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: ["tests/faults/**/*.test.ts"],
          env,
          globalSetup: ["tests/setup/fault-servers.ts"],
          setupFiles: ["tests/setup/fault-file.ts"],
          // Servers that are killed take their time to come back.
          testTimeout: process.env.LEEWAY_FAULTS === "long" ? 900_000 : 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
