import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { expect, test, type Page } from "@playwright/test";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { ACCOUNT, BUCKET, fill, PASSWORD, USER } from "./content";
import { Server, type Keys } from "./server";

let server: Server;
let keys: Keys;
let complaints: string[] = [];

test.beforeAll(async () => {
  test.setTimeout(240_000);
  server = await Server.start();
  keys = await fill(server);
});

test.afterAll(async () => {
  await server?.stop();
});

test.beforeEach(({ page }) => {
  complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // refused calls are what these tests are about; a broken policy or component is not
    if (/Content Security Policy|Warning:|violates/.test(message.text())) {
      complaints.push(message.text());
    }
  });
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

async function signIn(page: Page, password = PASSWORD): Promise<void> {
  await page.goto(server.console);
  await page.locator("input[name=account]").fill(ACCOUNT);
  await page.locator("input[name=username]").fill(USER);
  await page.locator("input[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
}

async function signedIn(page: Page): Promise<void> {
  await signIn(page);
  await expect(page.getByRole("heading", { level: 1, name: `Welcome, ${USER}` })).toBeVisible();
}

const objects = (prefix = "") => `${server.console}/data?bucket=${BUCKET}${prefix && `&prefix=${encodeURIComponent(prefix)}`}`;

async function deleteChosen(page: Page, name: string): Promise<void> {
  await page.getByRole("checkbox", { name: `Choose ${name}`, exact: true }).click({ force: true });
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
}

async function stored(key: string): Promise<Buffer> {
  const { s3 } = server.clients(server.administrator());
  const answer = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
}

test("a wrong password is refused, the right one shows who is signed in", async ({ page, context }) => {
  await signIn(page, "Wrong-horse-9");
  await expect(page.getByRole("alert")).toContainText("The account, the user name or the password is not right.");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByText(`arn:aws:iam::${ACCOUNT}:user/${USER}`, { exact: true })).toBeVisible();
  const [cookie] = await context.cookies(server.console);
  expect(cookie).toMatchObject({ name: "__Host-atelier-session", httpOnly: true, secure: true, sameSite: "Strict", path: "/" });
  expect(await page.evaluate(() => document.cookie)).toBe("");
});

test("a deny statement stops a console action exactly as it stops the API call", async ({ page }) => {
  await signedIn(page);
  await page.goto(objects("contracts/"));
  await expect(page.getByRole("link", { name: "2026-acme.txt" })).toBeVisible();
  const { s3 } = server.clients(keys);
  const key = "contracts/2026-acme.txt";
  const signed = await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key })).then(
    () => "deleted",
    (refused: Error) => refused.message,
  );
  expect(signed).toContain("is not authorized to perform: s3:DeleteObject");
  expect(signed).toContain("with an explicit deny in an identity-based policy");

  await deleteChosen(page, "2026-acme.txt");
  const alert = page.getByRole("alert").filter({ hasText: "Access denied" });
  await expect(alert).toContainText(signed);
  await expect(alert).toContainText("A policy statement denies s3:DeleteObject");
  expect((await stored(key)).toString()).toBe("the terms");
  await expect(page.getByRole("link", { name: "2026-acme.txt" })).toBeVisible();

  // the page goes on: reading is denied by the same statement, and the next folder opens
  await page.getByRole("checkbox", { name: "Choose 2026-acme.txt" }).click({ force: true });
  await page.getByRole("button", { name: "Download" }).click();
  const reading = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key })).catch((refused: Error) => refused.message);
  await expect(page.getByRole("alert").filter({ hasText: "s3:GetObject" })).toContainText(String(reading));
  await page.getByRole("link", { name: "2026-acme.txt" }).click();
  await expect(page.getByText("needs s3:GetObject")).toBeVisible();
  await page.getByRole("navigation").getByRole("link", { name: BUCKET }).click();
  await expect(page.getByRole("link", { name: "notes.txt" })).toBeVisible();
});

test("an allowed deletion works, and the bucket keeps the version", async ({ page }) => {
  await signedIn(page);
  await page.goto(objects("old/"));
  await deleteChosen(page, "obsolete.txt");
  await expect(page.getByText("1 object deleted", { exact: true })).toBeVisible();
  await expect(page.getByText("Nothing lies here yet")).toBeVisible();
  const { s3 } = server.clients(server.administrator());
  await expect(s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "old/obsolete.txt" }))).rejects.toThrow();
});

test("files arrive byte for byte, chosen and dropped, small and in parts", async ({ page }) => {
  await signedIn(page);
  await page.goto(objects("uploads/"));
  const large = randomBytes(21 * 1024 * 1024 + 7);
  const small = randomBytes(1234);
  await page.locator("input[type=file]").setInputFiles([
    { name: "large.bin", mimeType: "application/octet-stream", buffer: large },
    { name: "small ü.bin", mimeType: "application/octet-stream", buffer: small },
    { name: "empty", mimeType: "", buffer: Buffer.alloc(0) },
  ]);
  await expect(page.getByText("3 files uploaded", { exact: true })).toBeVisible();
  const hash = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(hash(await stored("uploads/large.bin"))).toBe(hash(large));
  expect(hash(await stored("uploads/small ü.bin"))).toBe(hash(small));
  expect(await stored("uploads/empty")).toHaveLength(0);

  const transfer = await page.evaluateHandle(() => {
    const files = new DataTransfer();
    files.items.add(new File(["dropped text"], "dropped.txt", { type: "text/plain" }));
    return files;
  });
  for (const type of ["dragenter", "dragover", "drop"]) {
    await page.getByText("or drop them here").dispatchEvent(type, { dataTransfer: transfer });
  }
  await expect(page.getByText("1 file uploaded", { exact: true })).toBeVisible();
  expect((await stored("uploads/dropped.txt")).toString()).toBe("dropped text");
  await expect(page.getByRole("link", { name: "dropped.txt" })).toBeVisible();

  const waiting = page.waitForEvent("download");
  await page.getByRole("checkbox", { name: "Choose large.bin" }).click({ force: true });
  await page.getByRole("button", { name: "Download" }).click();
  const saved = await waiting;
  expect(saved.suggestedFilename()).toBe("large.bin");
  expect(hash(readFileSync(await saved.path()))).toBe(hash(large));
});

test("objects are shown as what they are, with versions and tags", async ({ page }) => {
  await signedIn(page);
  const object = (key: string, tab = "overview") =>
    `${server.console}/data/object?bucket=${BUCKET}&key=${encodeURIComponent(key)}&tab=${tab}`;
  await page.goto(object("raw/customers.csv"));
  await expect(page.getByRole("columnheader", { name: "churned" })).toBeVisible();
  await expect(page.getByRole("cell", { name: "1003" })).toBeVisible();
  await page.getByRole("tab", { name: "Versions" }).click();
  await expect(page.getByText("Latest version")).toBeVisible();
  await expect(page.getByText("Former version")).toBeVisible();
  await page.getByRole("tab", { name: "Tags" }).click();
  await expect(page.getByRole("gridcell", { name: "churn", exact: true })).toBeVisible();
  await page.goto(object("raw/schema.json"));
  await expect(page.locator("pre")).toContainText('"label": "churned"');
  await page.goto(object("raw/distribution.png"));
  await expect.poll(() => page.locator("main img").evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64);
  await page.goto(objects("odd/"));
  await page.getByRole("link", { name: "a b+c%20&ü漢.txt" }).click();
  await expect(page.locator("pre")).toHaveText("odd name");
});

test("logs, metrics and alarms show what the services hold", async ({ page }) => {
  await signedIn(page);
  await page.goto(`${server.console}/monitoring/logs`);
  await page.getByRole("link", { name: "/aws/sagemaker/TrainingJobs" }).click();
  await page.getByRole("link", { name: "churn-xgboost/algo-1-1" }).click();
  await expect(page.getByText("[11] train-logloss")).toBeVisible();
  await page.getByRole("searchbox").fill("WARNING");
  await page.keyboard.press("Enter");
  await expect(page.getByText("3 rows without a label were dropped")).toBeVisible();
  await expect(page.getByText("[11] train-logloss")).toBeHidden();
  expect(page.url()).toContain("pattern=WARNING");

  await page.goto(`${server.console}/monitoring/metrics?namespace=Churn`);
  await page.getByRole("radio").first().click({ force: true });
  await expect(page.getByRole("heading", { name: "validation:auc" })).toBeVisible();
  await expect(page.locator('path[stroke="#0d9488"]').first()).toBeVisible();
  await page.goto(`${server.console}/monitoring/alarms`);
  await page.getByRole("link", { name: "auc-too-low" }).click();
  await expect(page.getByText("Average validation:auc < 0.99")).toBeVisible();
  await expect(page.getByText(/from .* to ALARM/i).first()).toBeVisible();
  await page.goto(`${server.console}/monitoring/alarms`);
  await page.getByRole("link", { name: "model-is-bad" }).click();
  await expect(page.getByText('ALARM("auc-too-low")')).toBeVisible();
  await expect(page.getByText(/model-is-bad.* created/i).first()).toBeVisible();

  await expect(page).toHaveURL(/region=us-east-1/);
  await page.goto(`${server.console}/monitoring/alarms?region=mx-central-1`);
  await expect(page.getByText("No alarm in this region")).toBeVisible();
  await expect(page.getByRole("button", { name: "Region: mx-central-1" })).toBeVisible();
  await page.goto(`${server.console}/monitoring/alarms?region=us-east-1`);
  await expect(page.getByRole("link", { name: "model-is-bad" })).toBeVisible();
});

test("users, roles and policies show their documents", async ({ page }) => {
  await signedIn(page);
  await page.goto(`${server.console}/access/users`);
  await page.getByRole("link", { name: USER, exact: true }).click();
  await page.getByRole("button", { name: "own-password" }).click();
  await expect(page.locator("pre")).toContainText("iam:ChangePassword");
  await page.getByRole("link", { name: "DataScience" }).click();
  await expect(page.locator("pre")).toContainText("KeepTheContracts");
  await expect(page.getByRole("link", { name: USER, exact: true })).toBeVisible();
  await page.goto(`${server.console}/access/roles?name=AtelierExecutionRole`);
  await expect(page.locator("pre").first()).toContainText("sagemaker.amazonaws.com");
});

test("the administrator's link signs in once, and a session outlives a restart", async ({ page, browser }) => {
  const link = server.link();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Welcome, admin" })).toBeVisible();
  expect(page.url()).not.toContain("link=");
  const other = await browser.newContext();
  const second = await other.newPage();
  await second.goto(link);
  await expect(second.getByRole("alert")).toContainText("The link was used already");
  await other.close();

  await server.restart();
  await page.goto(objects());
  await expect(page.getByRole("link", { name: "notes.txt" })).toBeVisible();
  await page.getByRole("button", { name: /Signed in as/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to Atelier" })).toBeVisible();
  await page.goto(objects());
  await expect(page.getByRole("heading", { name: "Sign in to Atelier" })).toBeVisible();
});

test("a session that ends leads to the sign-in and back", async ({ page, context }) => {
  await signedIn(page);
  await page.goto(objects());
  await expect(page.getByRole("link", { name: "notes.txt" })).toBeVisible();
  await context.clearCookies();
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText("Your session has ended")).toBeVisible();
  await page.locator("input[name=username]").fill(USER);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "notes.txt" })).toBeVisible();
});
