import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BUCKET, fill } from "./content";
import { ENDPOINT, forget, JOB, learn, MODEL } from "./learning";
import { Server } from "./server";

const IMAGES = process.env.ATELIER_IMAGES;

/** Every page, and what is there once it is complete, in both languages. */
const PAGES: [name: string, path: string, en: string | RegExp, zh: string | RegExp][] = [
  ["home", "/", "Welcome, admin", "欢迎，admin"],
  ["buckets", "/data", BUCKET, BUCKET],
  ["objects", `/data?bucket=${BUCKET}&prefix=raw%2F`, "customers.csv", "customers.csv"],
  ["object", `/data/object?bucket=${BUCKET}&key=raw%2Fcustomers.csv`, "1003", "1003"],
  ["versions", `/data/object?bucket=${BUCKET}&key=raw%2Fcustomers.csv&tab=versions`, "Former version", "旧版本"],
  ["groups", "/monitoring/logs", "TrainingJobs", "TrainingJobs"],
  ["streams", "/monitoring/logs?group=%2Faws%2Fsagemaker%2FTrainingJobs", "algo-1-1", "algo-1-1"],
  [
    "events",
    "/monitoring/logs?group=%2Faws%2Fsagemaker%2FTrainingJobs&stream=churn-xgboost%2Falgo-1-1",
    "without a label",
    "without a label",
  ],
  [
    "metrics",
    `/monitoring/metrics?namespace=Churn&metric=${encodeURIComponent(
      JSON.stringify(["Churn", "validation:auc", [["TrainingJob", "churn-xgboost"]]]),
    )}`,
    "TrainingJob",
    "TrainingJob",
  ],
  ["alarms", "/monitoring/alarms", "In alarm", "告警中"],
  ["alarm", "/monitoring/alarms?alarm=auc-too-low", "INSUFFICIENT_DATA to ALARM", "INSUFFICIENT_DATA to ALARM"],
  ["users", "/access/users", "user/dana", "user/dana"],
  ["user", "/access/users?name=dana", "own-password", "own-password"],
  ["roles", "/access/roles", "AtelierExecutionRole", "AtelierExecutionRole"],
  ["role", "/access/roles?name=AtelierExecutionRole", "sagemaker.amazonaws.com", "sagemaker.amazonaws.com"],
  ["policies", "/access/policies", "DataScience", "DataScience"],
  ["policy", "/access/policies?arn=arn%3Aaws%3Aiam%3A%3A123456789012%3Apolicy%2FDataScience", "KeepTheContracts", "KeepTheContracts"],
  ["absent", "/nowhere", "There is no such page", "没有这个页面"],
  ["running", "/running", ENDPOINT, ENDPOINT],
  ["domains", "/studio/domains", "default", "default"],
  ["domain-quick", "/studio/domains?create=quick", "Execution role", "执行角色"],
  ["domain-wizard", "/studio/domains?create=standard", "Name and sign-in", "名称与登录"],
  ["domain", "/studio/domains?domain=DOMAIN", "dana", "dana"],
  ["environment", "/studio/domains?domain=DOMAIN&tab=environment", "git-identity", "git-identity"],
  ["domain-settings", "/studio/domains?domain=DOMAIN&tab=settings", "AuthMode", "AuthMode"],
  ["domain-tags", "/studio/domains?domain=DOMAIN&tab=tags", "Save tags", "保存标签"],
  ["profiles", "/studio/users", "dana", "dana"],
  ["profile", "/studio/users?domain=DOMAIN&user=dana", "No app runs", "没有应用在运行"],
  ["spaces", "/studio/spaces", "notebooks", "notebooks"],
  ["space", "/studio/spaces?domain=DOMAIN&space=notebooks", "Private", "Private"],
  ["shared", "/studio/snapshots?domain=DOMAIN&id=0", "Shared notebook", "分享的笔记本"],
  ["images", "/studio/images", "Team tools", "Team tools"],
  ["image", "/studio/images?image=team-tools", "sagemaker-xgboost", "sagemaker-xgboost"],
  ["notebooks", "/studio/notebooks", "No notebook instance yet", "还没有笔记本实例"],
  ["jobs", "/jobs", JOB, JOB],
  ["job", `/jobs?name=${JOB}`, "validation:auc", "validation:auc"],
  ["job-failed", "/jobs?name=churn-xgboost-wrong", "is not in", "is not in"],
  ["job-metrics", `/jobs?name=${JOB}&tab=metrics`, "validation:auc", "validation:auc"],
  ["job-logs", `/jobs?name=${JOB}&tab=logs`, "train-auc", "train-auc"],
  ["job-data", `/jobs?name=${JOB}&tab=data`, "model.tar.gz", "model.tar.gz"],
  ["job-code", `/jobs?name=${JOB}&tab=configuration`, "create_training_job", "create_training_job"],
  ["cost", "/cost", "ml.m5.large", "ml.m5.large"],
  ["security", "/security", "No MFA device", "没有 MFA 设备"],
  ["models", "/models", MODEL, MODEL],
  ["model", `/models?name=${MODEL}`, "model.tar.gz", "model.tar.gz"],
  ["endpoints", "/endpoints", "In service", "运行中"],
  ["endpoint", `/endpoints?name=${ENDPOINT}`, "churn-on-m5", "churn-on-m5"],
  ["endpoint-metrics", `/endpoints?name=${ENDPOINT}&tab=metrics&span=15m`, "ModelLatency", "ModelLatency"],
  ["configurations", "/endpoints/configurations", "churn-on-m5", "churn-on-m5"],
  ["configuration", "/endpoints/configurations?name=churn-on-m5", MODEL, MODEL],
];
/** What the docs show. */
const KEPT = ["objects-light-en", "metrics-dark-en", "sign-in-light-en", "job-light-en", "home-dark-en", "domain-light-zh"];

let server: Server;
let domain: string;

test.beforeAll(async () => {
  test.setTimeout(360_000);
  server = await Server.start();
  await fill(server);
  domain = await learn(server);
});

test.afterAll(async () => {
  await forget(server).finally(() => server?.stop());
});

async function choose(page: Page, language: string, theme: string): Promise<void> {
  await page.addInitScript(
    ([language, theme]) => localStorage.setItem("atelier.settings", JSON.stringify({ language, theme })),
    [language, theme],
  );
}

async function enter(page: Page): Promise<void> {
  await page.goto(server.link());
  await expect(page.getByRole("heading", { level: 1 })).toContainText("admin");
}

/** No finding that keeps somebody from using the page, and nothing wider than the window. */
async function look(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 700);
  const findings = (await new AxeBuilder({ page }).analyze()).violations.filter(
    (each) => each.impact === "serious" || each.impact === "critical",
  );
  expect.soft(
    findings.map((each) => `${name}: ${each.id}: ${each.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`),
  ).toEqual([]);
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), name).toBeLessThanOrEqual(0);
  await page.screenshot({ path: join("../../target/console-looks", `${name}.png`), animations: "disabled" });
  if (IMAGES && KEPT.includes(name)) {
    mkdirSync(IMAGES, { recursive: true });
    await page.screenshot({ path: join(IMAGES, `console-${name}.jpg`), type: "jpeg", quality: 72, animations: "disabled" });
  }
}

for (const [language, short] of [["en", "en"], ["zh-CN", "zh"]] as const) {
  for (const theme of ["light", "dark"]) {
    test(`every page can be used and looks right: ${theme}, ${language}`, async ({ page }) => {
      test.setTimeout(600_000);
      await choose(page, language, theme);
      await page.goto(`${server.console}/sign-in`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(short === "en" ? "Sign in to Atelier" : "登录 Atelier");
      await look(page, `sign-in-${theme}-${short}`);
      await enter(page);
      for (const [name, path, en, zh] of PAGES) {
        await page.goto(server.console + path.replace("DOMAIN", domain));
        await expect(page.locator("main").getByText(short === "en" ? en : zh).first()).toBeVisible();
        await expect(page.locator("html")).toHaveAttribute("lang", language);
        await look(page, `${name}-${theme}-${short}`);
      }
    });
  }
}

test("the first paint comes soon and a tablet has room", async ({ page }) => {
  await page.goto(`${server.console}/sign-in`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const paint = () =>
    page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN);
  await expect.poll(paint).toBeGreaterThan(0);
  console.log(`first contentful paint after ${Math.round(await paint())} ms`);
  expect(await paint()).toBeLessThan(1500);
  await page.setViewportSize({ width: 820, height: 1180 });
  await enter(page);
  await page.goto(`${server.console}/data?bucket=${BUCKET}`);
  await expect(page.getByText("notes.txt")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
});
