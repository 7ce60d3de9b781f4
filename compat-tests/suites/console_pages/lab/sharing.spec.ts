import { CreateUserProfileCommand, DescribeUserProfileCommand } from "@aws-sdk/client-sagemaker";
import { expect, test, type Page } from "@playwright/test";
import { Server } from "../tests/server";
import { look } from "./look";
import { fresh, open, put, settings, stored, Studio } from "./studio";

const SPEC = "python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:081325390199:image/sagemaker-base-python-310-v1";
const SET_UP = {
  instance_type: "ml.t3.medium",
  kernelspec: { name: SPEC, display_name: "Python 3 (Base Python 3.0)", language: "python" },
};
const HOSTILE = "<img src=x onerror='window.harmed = true'><b class=harmless>bold</b>";
const VIEWER = "dana";
const SOURCE = `months = [24, 3, 61, 12, 36, 8]
churned = [0, 1, 0, 0, 0, 1]
for state in (0, 1):
    chosen = [m for m, c in zip(months, churned) if c == state]
    print("churned" if state else "stayed ", sum(chosen) / len(chosen), "months on average")`;

let server: Server;
let studio: Studio;
let link = "";

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  test.setTimeout(300_000);
  server = await Server.start();
  studio = new Studio(server);
  const user = { ...(await studio.user()), UserProfileName: VIEWER };
  await studio.sagemaker.send(new CreateUserProfileCommand(user));
  await expect.poll(async () => (await studio.sagemaker.send(new DescribeUserProfileCommand(user))).Status).toBe("InService");
});

test.afterAll(async () => {
  await server?.stop();
});

const dialog = (page: Page) => page.getByRole("dialog");

/** A notebook with an output, which opens without a kernel. */
async function withOutput(page: Page, path: string, source: string, data: Record<string, string>): Promise<void> {
  await put(page, path, [{ id: "a", source }], SET_UP);
  const content = await stored(page, path);
  content.cells[0].outputs = [{ output_type: "display_data", metadata: {}, data }];
  content.cells.unshift({
    cell_type: "markdown", id: "b", metadata: {}, source: "# Churn by month\nWhy customers leave, and when.",
  });
  await page.evaluate(
    ([at, body]) => fetch(at as string, { method: "PUT", body: JSON.stringify({ type: "notebook", format: "json", content: body }) }),
    [`/jupyter/default/api/contents/${path}`, content],
  );
}

/** Shares a notebook as its toolbar does. */
const snapshotOf = (page: Page, path: string) => page.evaluate(async (path) => {
  const body = JSON.stringify({ path, includeOutput: true });
  return ((await (await fetch("/studio-api/snapshots", { method: "POST", body })).json()) as { id: string }).id;
}, path);

test("a notebook is shared by a link", async ({ page }) => {
  await studio.enter(page);
  await withOutput(page, "churn.ipynb", "print('shared')", { "text/html": HOSTILE });
  await open(page, "churn.ipynb");
  await page.getByRole("button", { name: "Create shareable snapshot" }).click();
  await expect(dialog(page)).toContainText("Create shareable snapshot");
  await dialog(page).getByLabel("Include Git repo information").check();
  await dialog(page).getByLabel("Include output").check();
  await dialog(page).getByRole("button", { name: "Create" }).click();
  link = await dialog(page).getByRole("textbox", { name: "Link" }).inputValue();
  expect(link).toContain(`${server.console}/studio/snapshots?domain=`);
  await dialog(page).getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("The link is in the clipboard")).toBeVisible();
});

test("the link leads through the console to the viewer's own Studio, where it is read and copied", async ({ page, context }) => {
  await page.goto(link);
  await expect(page).toHaveURL(/sign-in/);
  await page.goto(server.link());
  await expect(page.getByRole("navigation").first()).toBeVisible();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Shared notebook" })).toBeVisible();
  await page.getByRole("button", { name: "Open as" }).click();
  await page.getByRole("option", { name: VIEWER }).click();
  const opened = context.waitForEvent("page");
  await page.getByRole("button", { name: /Open Studio/ }).click();
  const lab = await opened;
  const view = lab.locator(".atelier-snapshot");
  await expect(view).toContainText("Read-only · shared by default", { timeout: 150_000 });
  expect(lab.url()).not.toContain("atelier-snapshot");
  await expect(view.locator(".harmless")).toHaveText("bold");
  expect(await lab.evaluate(() => "harmed" in window)).toBe(false);
  await view.locator(".jp-CodeCell .cm-content").click();
  await lab.keyboard.type("changed");
  await expect(view.locator(".jp-CodeCell .cm-content")).toHaveText("print('shared')");
  await view.getByRole("button", { name: "Snapshot Details" }).click();
  await expect(dialog(lab)).toContainText("ml.t3.medium");
  await expect(dialog(lab)).toContainText("Python 3 (Base Python 3.0)");
  await lab.keyboard.press("Escape");
  await view.getByRole("button", { name: "Create a Copy" }).click();
  await expect(lab.locator(".jp-NotebookPanel")).toBeVisible();
  expect((await stored(lab, "churn.ipynb")).metadata).toMatchObject(SET_UP);
});

test("a notebook job runs from the form, and its results are loaded", async ({ page }) => {
  test.setTimeout(600_000);
  await studio.enter(page);
  await put(page, "report.ipynb", [{ id: "a", source: "month = 'none'" }, { id: "b", source: "print('report of', month)" }], SET_UP);
  const content = await stored(page, "report.ipynb");
  content.cells[0].metadata.tags = ["parameters"];
  await page.evaluate(
    (body) => fetch("/jupyter/default/api/contents/report.ipynb", { method: "PUT", body: JSON.stringify({ type: "notebook", format: "json", content: body }) }),
    content,
  );
  await fresh(page);
  await page.locator(".jp-DirListing-item", { hasText: "report.ipynb" }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Create notebook job" }).click();
  const form = page.locator(".atelier-jobForm");
  await expect(form).toContainText("month = 'none'");
  await expect(form.getByLabel("Name", { exact: true })).toHaveValue("report");
  await form.getByLabel("Compute type").selectOption("ml.m5.large");
  await form.getByRole("button", { name: "Add parameter" }).click();
  await form.getByLabel("Parameters: name 1").fill("month");
  await form.getByLabel("Parameters: value 1").fill("May");
  await form.getByLabel("Name", { exact: true }).fill("not a name");
  await form.getByRole("button", { name: "Create" }).click();
  await expect(form.getByRole("alert")).toContainText("name must be");
  await form.getByLabel("Name", { exact: true }).fill("report");
  await form.getByRole("button", { name: "Create" }).click();
  const row = page.locator(".atelier-jobs tbody tr").first();
  await expect(row).toContainText("Completed", { timeout: 400_000 });
  const load = async (name: string) => {
    const loading = page.waitForEvent("download");
    await row.getByRole("link", { name }).click();
    const path = await (await loading).path();
    return (await import("node:fs")).readFileSync(path, "utf8");
  };
  expect(await load("Output notebook: report")).toContain("report of May");
  expect(await load("Log: report")).toContain("report of May");
});

test("a definition is made, paused, edited and deleted", async ({ page }) => {
  await studio.enter(page);
  await open(page, "report.ipynb");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Create notebook job" }).click();
  const form = page.locator(".atelier-jobForm");
  await form.getByLabel("Run on a schedule").check();
  await form.getByLabel("Interval").selectOption("Every weekday");
  await form.getByRole("button", { name: "Create" }).click();
  const row = page.locator(".atelier-jobs tbody tr").first();
  await expect(row).toContainText("cron(0 8 ? * MON-FRI *)");
  await row.getByRole("button", { name: "Pause: report" }).click();
  await expect(row).toContainText("Paused");
  await row.getByRole("button", { name: "Edit: report" }).click();
  await form.getByLabel("Interval").selectOption("Every hour");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("cron(0 * * * ? *)");
  await row.getByRole("button", { name: "Resume: report" }).click();
  await expect(row).toContainText("Active");
  await row.getByRole("button", { name: "Delete: report" }).click();
  await dialog(page).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No notebook runs by a schedule yet.")).toBeVisible();
});

for (const [language, short] of [["en", "en"], ["zh-CN", "zh"]] as const) {
  for (const theme of ["light", "dark"] as const) {
    test(`sharing and jobs look right: ${theme}, ${language}`, async ({ page }) => {
      test.setTimeout(300_000);
      const name = (part: string) => `${part}-${theme}-${short}`;
      const say = (en: string, zh: string) => (short === "en" ? en : zh);
      await studio.enter(page);
      await settings(page, language, theme);
      await open(page, "churn.ipynb");
      await page.getByRole("button", { name: say("Create shareable snapshot", "创建可分享的快照") }).click();
      await expect(dialog(page)).toContainText(say("Include output", "包含输出"));
      await look(page, name("share"), ".jp-Dialog");
      await page.keyboard.press("Escape");
      await withOutput(page, "months.ipynb", SOURCE, { "text/plain": "stayed  33.25 months on average\nchurned 5.5 months on average" });
      await page.goto(`${new URL(page.url()).origin}/jupyter/default/lab?reset&atelier-snapshot=${await snapshotOf(page, "months.ipynb")}`);
      await expect(page.locator(".atelier-snapshot")).toContainText("Churn by month");
      await look(page, name("snapshot"), ".atelier-snapshotBar");
      await page.getByRole("button", { name: say("Snapshot Details", "快照详情") }).click();
      await look(page, name("snapshot-details"), ".jp-Dialog");
      await page.keyboard.press("Escape");
      await open(page, "report.ipynb");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: say("Create notebook job", "创建笔记本作业") }).click();
      await page.getByLabel(say("Run on a schedule", "按计划运行")).check();
      await page.locator(".atelier-jobForm summary").click();
      await look(page, name("job-form"), ".atelier-jobForm");
      await page.getByLabel(say("Interval", "间隔")).selectOption("week");
      await page.locator(".atelier-jobForm [type=submit]").click();
      await expect(page.locator(".atelier-jobs tbody tr").first()).toContainText("report");
      await look(page, name("definitions"), ".atelier-sheet");
      await page.locator(".atelier-tabs").getByRole("tab").first().click();
      await expect(page.locator(".atelier-jobs tbody tr").first()).toContainText("report");
      await look(page, name("jobs"), ".atelier-sheet");
    });
  }
}
