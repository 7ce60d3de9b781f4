import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { DescribeNotebookInstanceCommand, ListNotebookInstancesCommand } from "@aws-sdk/client-sagemaker";
import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROLE, until } from "../tests/learning";
import { button, dialog, expect, field, row, test, type Walk } from "./walk";

const START_MS = 240_000;

test("D8 S3: found in the console, a bucket made, a file uploaded and listed", async ({ page, walk }) => {
  const { t, short, clients } = walk;
  const bucket = `team-data-${short}`;
  await walk.console(page);
  await page.keyboard.press("/");
  await page.keyboard.type("S3");
  await page.getByRole("option", { name: t("nav.data") }).click();
  await expect(page.getByRole("heading", { level: 1, name: t("data.buckets") })).toBeVisible();
  await button(page, t("data.createBucket")).first().click();
  await field(dialog(page), "Bucket").fill("No_Bucket");
  await button(dialog(page), t("action.create")).click();
  await expect(dialog(page).getByText(/InvalidBucketName|not valid/).first()).toBeVisible();
  await field(dialog(page), "Bucket").fill(bucket);
  await button(dialog(page), t("action.create")).click();
  await page.getByRole("link", { name: bucket, exact: true }).click();
  const content = "id,months,churned\n1,24,0\n2,3,1\n";
  await page.locator("input[type=file]").setInputFiles({ name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(content) });
  await expect(page.getByText(t("upload.done", { count: 1 }), { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "customers.csv" })).toBeVisible();
  const { Contents } = await clients.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(Contents?.map((each) => [each.Key, each.Size])).toEqual([["customers.csv", content.length]]);
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: "customers.csv" }));
  expect(await Body?.transformToString()).toBe(content);
});

const name = ({ short }: Walk) => `lab-${short}`;
const describe = (walk: Walk) =>
  walk.clients.sagemaker.send(new DescribeNotebookInstanceCommand({ NotebookInstanceName: name(walk) }));

async function openJupyter(page: Page, walk: Walk): Promise<Page> {
  await walk.console(page, `/studio/notebooks?name=${name(walk)}`);
  const opened = walk.context.waitForEvent("page");
  await button(page, `${walk.t("notebooks.open")}: ${name(walk)}`).click();
  const tab = await opened;
  await expect(tab.locator("#jp-main-dock-panel")).toBeVisible({ timeout: START_MS });
  await expect(tab.locator("#jupyterlab-splash")).toHaveCount(0);
  return tab;
}

test("D4 notebook instance: made in the console, opens Jupyter when it is in service", async ({ page, walk }) => {
  test.setTimeout(START_MS);
  const { t, clients } = walk;
  await walk.console(page, "/studio/notebooks");
  await button(page, t("notebooks.create")).first().click();
  await field(dialog(page), "NotebookInstanceName").fill(name(walk));
  await field(dialog(page), "InstanceType").fill("ml.t3.medium");
  await field(dialog(page), "RoleArn").fill(ROLE);
  await button(dialog(page), t("action.create")).click();
  await expect(row(page, name(walk))).toContainText(t("state.Pending"));
  await expect(row(page, name(walk))).toContainText(t("state.InService"), { timeout: START_MS });
  expect(await describe(walk)).toMatchObject({ NotebookInstanceStatus: "InService", InstanceType: "ml.t3.medium", RoleArn: ROLE });
  const { NotebookInstances } = await clients.sagemaker.send(new ListNotebookInstancesCommand({ StatusEquals: "InService" }));
  expect(NotebookInstances?.map((each) => each.NotebookInstanceName)).toContain(name(walk));
  await (await openJupyter(page, walk)).close();
});

test("D5 Jupyter: a terminal whose output stays, and examples at the right", async ({ page, walk }) => {
  test.setTimeout(START_MS);
  const tab = await openJupyter(page, walk);
  // terminals are pictures unless somebody reads them by ear
  await tab.evaluate(() =>
    fetch(`/lab/api/settings/${encodeURIComponent("@jupyterlab/terminal-extension:plugin")}`, {
      method: "PUT",
      body: JSON.stringify({ raw: JSON.stringify({ screenReaderMode: true }) }),
    }),
  );
  await tab.reload();
  await tab.locator(".jp-LauncherCard", { hasText: /^(Terminal|终端)$/ }).click();
  await tab.locator(".jp-Terminal .xterm").click();
  await tab.keyboard.type("echo kept-$((6 * 7))\n");
  await expect(tab.locator(".xterm-accessibility")).toContainText("kept-42");
  const address = tab.url();
  await tab.goto("about:blank");
  await tab.goto(address);
  await expect(tab.locator(".xterm-accessibility")).toContainText("kept-42");
  await tab.locator('.jp-SideBar.jp-mod-right .lm-TabBar-tab[data-id="atelier-examples"]').click();
  const file = join(process.env.ATELIER_HOME ?? "", "python/labextensions/atelier-examples/static/examples.json");
  for (const { title } of JSON.parse(readFileSync(file, "utf8")) as { title: string }[]) {
    await expect(tab.locator("#atelier-examples").getByRole("heading", { name: title })).toBeVisible();
  }
  await tab.close();
});

test("D2 stop: what runs is listed with its cost, and stopped by one button", async ({ page, walk }) => {
  test.setTimeout(START_MS);
  const { t } = walk;
  await walk.console(page, "/running");
  const mine = row(page, name(walk));
  await expect(mine).toContainText(t("state.InService"));
  await expect(mine).toContainText("ml.t3.medium");
  await page.getByRole("checkbox", { name: t("list.chooseOne", { name: name(walk) }) }).click({ force: true });
  await button(page, t("jobs.stopVerb")).click();
  await button(dialog(page), t("jobs.stopVerb")).click();
  await expect(mine).toHaveCount(0, { timeout: 60_000 });
  await until(() => describe(walk), (each) => each.NotebookInstanceStatus === "Stopped");
});
