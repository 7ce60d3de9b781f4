import { defineConfig } from "@playwright/test";
import shared from "./playwright.config";
import type { Options } from "./studio/walk";

export default defineConfig<object, Options>(shared, {
  testDir: "studio",
  outputDir: "../../target/studio",
  globalSetup: "./studio/begin.ts",
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: { ...shared.use, actionTimeout: 20_000 },
  // what needs no language is measured once
  projects: [
    { name: "en", use: { language: "en", locale: "en-GB" } },
    { name: "zh", use: { language: "zh-CN", locale: "zh-CN" }, grepInvert: /@once/ },
  ],
});
