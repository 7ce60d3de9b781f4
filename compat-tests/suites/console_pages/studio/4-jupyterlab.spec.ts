import type { Page } from "@playwright/test";
import { dot, fresh, open, put, putText } from "../lab/studio";
import { JOB } from "../tests/learning";
import { BASE, choose, FIRST_START, side, tabs } from "./notebooks";
import { register, registered } from "./registered";
import { button, dialog, expect, test, type Walk } from "./walk";

const idle = (page: Page, { l }: Walk) =>
  expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });

test.describe.configure({ timeout: FIRST_START });

test("C5 work area: launcher, notebook, editor, terminal and console are tabs that can be split", async ({ page, walk }) => {
  const { l } = walk;
  await walk.lab(page);
  await putText(page, "notes.txt", "as told");
  await put(page, "area.ipynb", [{ id: "a", source: "1" }], BASE);
  await fresh(page);
  await expect(tabs(page)).toHaveText([l("launcher.title")]);
  await choose(page, walk, "Base Python 3.0");
  await button(page, l("launcher.console")).click();
  await expect(page.locator(".jp-ConsolePanel")).toBeVisible();
  for (const file of ["notes.txt", "area.ipynb"]) {
    await page.locator(".jp-DirListing-item", { hasText: file }).dblclick();
  }
  await idle(page, walk);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+L");
  await button(page.locator(".jp-Launcher:visible"), l("launcher.systemTerminal")).click();
  await expect(page.locator(".jp-Terminal:visible")).toBeVisible();
  await page.keyboard.press("Control+Shift+L");
  const kinds = [".jp-ConsolePanel", ".jp-FileEditor", ".jp-NotebookPanel", ".jp-Terminal", ".jp-Launcher"];
  for (const kind of kinds) {
    await expect(page.locator(`#jp-main-dock-panel ${kind}`)).toHaveCount(1);
  }
  await expect(tabs(page)).toHaveCount(kinds.length);
  await expect(page.locator(".lm-DockPanel-tabBar")).toHaveCount(1);
  const area = (await page.locator("#jp-main-dock-panel").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await tabs(page).filter({ hasText: "notes.txt" }).hover();
  await page.mouse.down();
  await page.mouse.move(area.x + area.width / 2, area.y + 200, { steps: 8 });
  await page.mouse.move(area.x + area.width - 15, area.y + area.height / 2, { steps: 8 });
  await page.mouse.up();
  await expect(page.locator(".lm-DockPanel-tabBar")).toHaveCount(2);
  await expect(page.locator(".jp-FileEditor")).toBeVisible();
});

test("C6 side bars: every icon opens its panel; notebook tools come with a notebook", async ({ page, walk }) => {
  await walk.lab(page);
  await put(page, "tools.ipynb", [{ id: "a", source: "1" }], BASE);
  await fresh(page);
  const expected = {
    left: ["filebrowser", "atelier-running", "jp-git-sessions", "table-of-contents", "atelier-s3", "atelier-registry"],
    right: ["jp-property-inspector", "atelier-settings"],
  };
  for (const [where, known] of Object.entries(expected)) {
    const icons = page.locator(`.jp-SideBar.jp-mod-${where} .lm-TabBar-tab`);
    const ids = await icons.evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.id ?? ""));
    expect(ids).toEqual(expect.arrayContaining(known));
    for (const id of ids) {
      const icon = side(page, id);
      if (!(await page.locator(`[id="${id}"]`).isVisible())) {
        await icon.click();
      }
      await expect(page.locator(`[id="${id}"]`)).toBeVisible();
      await icon.click();
      await expect(page.locator(`[id="${id}"]`)).toBeHidden();
    }
  }
  await side(page, "jp-property-inspector").click();
  await expect(page.locator(".jp-NotebookTools:visible")).toHaveCount(0);
  await open(page, "tools.ipynb");
  await side(page, "jp-property-inspector").click();
  await expect(page.locator(".jp-NotebookTools:visible").first()).toBeVisible();
  await side(page, "jp-property-inspector").click();
});

test("C7 running panel: seen, opened, and off means gone from the API", async ({ page, walk }) => {
  const { l } = walk;
  const studio = await walk.lab(page);
  await put(page, "panel.ipynb", [{ id: "a", source: "1" }], BASE);
  await open(page, "panel.ipynb");
  await idle(page, walk);
  await fresh(page);
  await page.keyboard.press("Control+Shift+B");
  const panel = page.getByRole("region", { name: l("running.title") });
  await panel.getByText("panel.ipynb").dblclick();
  await expect(tabs(page).filter({ hasText: "panel.ipynb" })).toHaveCount(1);
  const off = (key: string, of: string) => button(panel, l(`running.${key}`, { name: of }));
  await off("stopKernel", "panel.ipynb").click();
  await expect(off("stopKernel", "panel.ipynb")).toHaveCount(0);
  const apps = async () => (await studio.apps()).map((app) => app.AppName ?? "");
  const before = await apps();
  expect(before.filter((app) => app.startsWith("base-python"))).toHaveLength(1);
  await off("stopApp", "Base Python 3.0").click();
  await button(dialog(page), l("words.cancel")).click();
  expect(await apps()).toEqual(before);
  await off("stopApp", "Base Python 3.0").click();
  await button(dialog(page), l("running.stop")).click();
  await expect(off("stopApp", "Base Python 3.0")).toHaveCount(0);
  await expect.poll(async () => (await apps()).filter((app) => app.startsWith("base-python"))).toEqual([]);
  await put(page, "panel-2.ipynb", [{ id: "a", source: "1" }], BASE);
  await open(page, "panel-2.ipynb");
  await idle(page, walk);
  await page.keyboard.press("Control+Shift+B");
  await off("stopInstance", "ml.t3.medium").click();
  await expect(dialog(page)).toContainText("panel-2.ipynb");
  await button(dialog(page), l("running.stop")).click();
  await expect(off("stopInstance", "ml.t3.medium")).toHaveCount(0);
  await expect.poll(async () => (await apps()).filter((app) => app.includes("ml-t3-medium"))).toEqual([]);
});

test("C8 components and registries: each of seven kinds is searched, listed and opened", async ({ page, walk }) => {
  const { l } = walk;
  await register(walk.clients);
  await walk.lab(page);
  await fresh(page);
  await side(page, "atelier-registry").click();
  const panel = page.getByRole("region", { name: l("registry.title") });
  const chosen = panel.getByLabel(l("registry.kind"));
  expect(await chosen.locator("option").evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value))).toEqual(
    Object.keys(registered),
  );
  for (const [kind, name] of Object.entries(registered)) {
    await chosen.selectOption(kind);
    await panel.getByRole("searchbox").fill("nothing-has-this");
    await expect(panel.getByText(l("registry.nothingFound"))).toBeVisible();
    await panel.getByRole("searchbox").fill(name.slice(1));
    await button(panel, name).click();
    await expect(page.locator(".atelier-sheet:visible h1")).toHaveText(name);
    await expect(page.locator(".atelier-sheet:visible .atelier-pairs")).toContainText("CreationTime");
  }
});

test("C9 settings pane: a change of axis draws the chart anew", async ({ page, walk }) => {
  const { l } = walk;
  await register(walk.clients);
  await walk.lab(page);
  await fresh(page);
  await side(page, "atelier-registry").click();
  const panel = page.getByRole("region", { name: l("registry.title") });
  await panel.getByLabel(l("registry.kind")).selectOption("trainingJobs");
  await button(panel, JOB).click();
  const chart = page.locator(".atelier-chart:visible");
  await expect(chart.locator("canvas, svg").first()).toBeVisible();
  await side(page, "atelier-settings").click();
  const pane = page.getByRole("region", { name: l("registry.settings") });
  const drawn = async () => (await chart.screenshot()).toString("base64");
  const byTime = await drawn();
  await pane.getByLabel(l("registry.setting.x")).selectOption("step");
  await expect.poll(drawn).not.toBe(byTime);
  const label = (await chart.getAttribute("aria-label")) ?? "";
  await pane.getByRole("checkbox").first().uncheck();
  await expect(chart).not.toHaveAttribute("aria-label", label);
  await expect(page.locator(".atelier-sheet:visible table tbody tr")).not.toHaveCount(0);
  await side(page, "atelier-settings").click();
});
