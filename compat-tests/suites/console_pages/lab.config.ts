import { defineConfig } from "@playwright/test";
import shared from "./playwright.config";

export default defineConfig(shared, { testDir: "lab", outputDir: "../../target/lab", timeout: 180_000, expect: { timeout: 30_000 } });
