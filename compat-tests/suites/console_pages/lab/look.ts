import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const IMAGES = process.env.ATELIER_IMAGES;
/** What the docs show. */
const KEPT = ["notebook-light-en", "sizes-dark-en", "snapshot-light-en", "jobs-light-en"];

/** No finding that keeps somebody from using what is ours, and nothing wider than the window. */
export async function look(page: Page, name: string, ours: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(640, 715);
  const findings = (await new AxeBuilder({ page }).include(ours).analyze()).violations.filter(
    (each) => each.impact === "serious" || each.impact === "critical",
  );
  expect.soft(
    findings.map((each) => `${name}: ${each.id}: ${each.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`),
  ).toEqual([]);
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), name).toBeLessThanOrEqual(0);
  await page.screenshot({ path: join("../../target/lab-looks", `${name}.png`), animations: "disabled" });
  if (IMAGES && KEPT.includes(name)) {
    mkdirSync(IMAGES, { recursive: true });
    await page.screenshot({ path: join(IMAGES, `studio-${name}.jpg`), type: "jpeg", quality: 72, animations: "disabled" });
  }
}
