import { CreateModelCommand, CreateStudioLifecycleConfigCommand, UpdateUserProfileCommand } from "@aws-sdk/client-sagemaker";
import { ListRolesCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { expect, test, type Page } from "@playwright/test";
import { Server } from "../tests/server";
import { dot, fresh, kernel, open, output, put, runFirst, size, stored, Studio } from "./studio";

const IMAGE = "Base Python 3.0";
const LABEL = `Python 3 (${IMAGE})`;
const SMALL = "2 vCPU + 4 GiB";
const LARGER = "2 vCPU + 8 GiB";
const SPEC = "python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:081325390199:image/sagemaker-base-python-310-v1";
/** A notebook that was set up before. */
const SET_UP = { instance_type: "ml.t3.medium", kernelspec: { name: SPEC, display_name: LABEL, language: "python" } };
/** A first start of an image makes its environment, which takes minutes. */
const FIRST_START = 600_000;

// one story: what one test starts the next one finds
test.describe.configure({ mode: "serial" });

let server: Server;
let studio: Studio;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  server = await Server.start();
  studio = new Studio(server);
});

test.afterAll(async () => {
  await server?.stop();
});

test.beforeEach(async ({ page }) => {
  await studio.enter(page);
});

async function ready(page: Page): Promise<void> {
  await expect(dot(page)).toHaveAttribute("aria-label", "Idle", { timeout: FIRST_START });
}

test("a notebook that names nothing asks what it runs on, and notes the answer", async ({ page }) => {
  test.setTimeout(FIRST_START);
  await put(page, "first.ipynb", [{ id: "hello", source: "print('hello world!')" }]);
  await open(page, "first.ipynb");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Set up notebook environment")).toBeVisible();
  await expect(size(page)).toHaveText("Unknown");
  await expect(kernel(page)).toHaveText("No Kernel");
  await dialog.getByLabel("Image").selectOption(IMAGE);
  await expect(dialog.getByLabel("Instance type")).toHaveValue("ml.t3.medium");
  await dialog.getByRole("button", { name: "Select" }).click();
  await expect(kernel(page)).toHaveText(LABEL);
  await expect(size(page)).toHaveText(SMALL);
  await ready(page);
  await runFirst(page);
  await expect(output(page)).toHaveText("hello world!");
  const { metadata } = await stored(page, "first.ipynb");
  expect(metadata).toMatchObject({ instance_type: "ml.t3.medium", kernelspec: { name: SPEC, display_name: LABEL } });
  expect((await studio.apps()).map((app) => [app.Status, app.ResourceSpec?.InstanceType])).toEqual([["InService", "ml.t3.medium"]]);
});

test("no kernel is an answer, for reading and editing", async ({ page }) => {
  await put(page, "read.ipynb", [{ id: "a", source: "1" }]);
  await open(page, "read.ipynb");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Kernel").selectOption("No Kernel");
  await dialog.getByRole("button", { name: "Select" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(size(page)).toHaveText("Unknown");
  await expect(kernel(page)).toHaveText("No Kernel");
  await expect(dot(page)).toHaveAttribute("title", "No kernel");
});

test("the size is changed in a table; the document stays, and the old instance is stopped along", async ({ page }) => {
  test.setTimeout(FIRST_START);
  await put(page, "switch.ipynb", [{ id: "a", source: "before = 1; print('before' in dir())" }], SET_UP);
  await open(page, "switch.ipynb");
  await expect(size(page)).toHaveText(SMALL);
  await ready(page);
  await runFirst(page);
  await expect(output(page)).toHaveText("True");
  await size(page).click();
  const dialog = page.getByRole("dialog");
  const names = () => dialog.locator("tbody th").allInnerTexts();
  const fast = ["ml.c5.large", "ml.g4dn.xlarge", "ml.m5.large", "ml.t3.medium"];
  expect((await names()).sort()).toEqual(fast);
  await dialog.getByRole("switch", { name: "Fast launch only" }).uncheck();
  expect((await names()).length).toBeGreaterThan(20);
  await dialog.getByRole("button", { name: "Memory" }).click();
  await expect(dialog.getByRole("columnheader", { name: "Memory" })).toHaveAttribute("aria-sort", "ascending");
  const memory = (await dialog.locator("tbody tr td:nth-child(3)").allInnerTexts()).map((text) => Number.parseInt(text, 10));
  expect(memory).toEqual([...memory].sort((one, other) => one - other));
  await dialog.getByRole("radio", { name: "ml.m5.large", exact: true }).check();
  // the first test's kernel runs there as well: nothing may be stopped below it
  await expect(dialog.getByRole("checkbox")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Save and continue" }).click();
  await expect(size(page)).toHaveText(LARGER);
  await expect(kernel(page)).toHaveText(LABEL);
  await ready(page);
  await runFirst(page);
  expect(await page.locator(".jp-NotebookPanel:visible .jp-CodeCell .cm-content").innerText()).toContain("before = 1");
  await expect(output(page)).toHaveText("True");
  expect((await stored(page, "switch.ipynb")).metadata.instance_type).toBe("ml.m5.large");
  const types = async () => (await studio.apps()).map((app) => app.ResourceSpec?.InstanceType).sort();
  expect(await types()).toEqual(["ml.m5.large", "ml.t3.medium"]);

  await size(page).click();
  await dialog.getByRole("radio", { name: "ml.c5.large", exact: true }).check();
  await dialog.getByRole("checkbox", { name: "Also stop ml.m5.large" }).check();
  await dialog.getByRole("button", { name: "Save and continue" }).click();
  await expect(size(page)).toHaveText(SMALL);
  await ready(page);
  await expect.poll(types).toEqual(["ml.c5.large", "ml.t3.medium"]);
});

test("what runs is listed as the API tells it, and is stopped by its power button", async ({ page }) => {
  await page.keyboard.press("Control+Shift+B");
  const panel = page.getByRole("region", { name: "Running terminals and kernels" });
  await expect(panel.getByText("Running instances (3)")).toBeVisible();
  await expect(panel.getByText("Running apps (3)")).toBeVisible();
  await expect(panel.getByText("Kernel sessions (2)")).toBeVisible();
  // a kernel goes at once
  await panel.getByRole("button", { name: "Shut down kernel of first.ipynb" }).click();
  await expect(panel.getByText("Kernel sessions (1)")).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  // an instance asks, and tells what goes with it
  await panel.getByRole("button", { name: "Stop instance ml.c5.large" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("switch.ipynb")).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect((await studio.apps()).length).toBe(2);
  await panel.getByRole("button", { name: "Stop instance ml.c5.large" }).click();
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(panel.getByText("Kernel sessions (0)")).toBeVisible();
  await expect(panel.getByText("Running instances (2)")).toBeVisible();
  await expect.poll(async () => (await studio.apps()).map((app) => app.ResourceSpec?.InstanceType)).toEqual(["ml.t3.medium"]);
});

test("the launcher starts notebooks where one wants them", async ({ page }) => {
  test.setTimeout(FIRST_START);
  await fresh(page);
  await expect(page.getByRole("heading", { name: "Notebooks and compute resources" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Utilities and files" })).toBeVisible();
  await page.getByRole("button", { name: "Change environment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Image").selectOption(IMAGE);
  await dialog.getByLabel("Instance type").selectOption("ml.m5.large");
  await dialog.getByRole("button", { name: "Select" }).click();
  await page.getByRole("button", { name: "Notebook", exact: true }).click();
  await expect(size(page)).toHaveText(LARGER);
  await expect(kernel(page)).toHaveText(LABEL);
  await ready(page);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+L");
  await expect(page.locator(".jp-Launcher-body:visible")).toBeVisible();
  await studio.stopAll();
});

test("a start tells its phases, and a failed one its reason and the way out", async ({ page }) => {
  test.setTimeout(FIRST_START);
  const script = async (name: string, content: string) =>
    (await studio.sagemaker.send(new CreateStudioLifecycleConfigCommand({
      StudioLifecycleConfigName: name,
      StudioLifecycleConfigContent: Buffer.from(content).toString("base64"),
      StudioLifecycleConfigAppType: "KernelGateway",
    }))).StudioLifecycleConfigArn ?? "";
  const broken = await script("breaks", "sleep 6\necho no such package >&2\nexit 3\n");
  await studio.sagemaker.send(new UpdateUserProfileCommand({
    ...(await studio.user()),
    UserSettings: { KernelGatewayAppSettings: { DefaultResourceSpec: { InstanceType: "ml.t3.medium" }, LifecycleConfigArns: [broken] } },
  }));
  await page.reload();
  await put(page, "script.ipynb", [{ id: "a", source: "print('mended')" }]);
  await open(page, "script.ipynb");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Image").selectOption(IMAGE);
  await dialog.getByLabel("Instance type").selectOption("ml.c5.large");
  await dialog.getByLabel("Start-up script").selectOption("breaks");
  await dialog.getByRole("button", { name: "Select" }).click();
  const note = page.locator(".atelier-kernelNote");
  await expect(note).toContainText(`Starting ${IMAGE} on ml.c5.large`);
  await expect(note).toContainText(`${IMAGE} did not start on ml.c5.large`);
  await expect(note).toContainText("no such package");
  await expect(dot(page)).toHaveAttribute("title", "Failed to start");
  await note.getByRole("button", { name: "Start without the script" }).click();
  await ready(page);
  await expect(note).toBeHidden();
  await runFirst(page);
  await expect(output(page)).toHaveText("mended");
});

test("what a kernel does while the page is away is all there on return", async ({ page }) => {
  test.setTimeout(FIRST_START);
  const source = "import time\nfor n in range(20):\n    print(n, flush=True)\n    time.sleep(0.5)\n";
  await put(page, "away.ipynb", [{ id: "count", source }], SET_UP);
  await open(page, "away.ipynb");
  await ready(page);
  await runFirst(page);
  await expect(output(page)).toContainText("2");
  await page.keyboard.press("Control+s");
  const address = page.url();
  await page.goto("about:blank");
  await page.waitForTimeout(3000);
  await page.goto(address);
  await expect(page.locator(".jp-NotebookPanel:visible .jp-InputPrompt").first()).toHaveText("[*]:");
  const lines = Array.from({ length: 20 }, (_, at) => String(at)).join("\n");
  await expect(output(page)).toHaveText(lines);
  await expect(page.locator(".jp-NotebookPanel:visible .jp-InputPrompt").first()).toHaveText(/\[\d+\]:/);
});

test("objects are uploaded, seen and opened", async ({ page }) => {
  const s3 = server.clients(server.administrator()).s3;
  await s3.send(new CreateBucketCommand({ Bucket: "sagemaker-lab" }));
  await fresh(page);
  await page.locator('.lm-TabBar-tab[data-id="atelier-s3"]').click();
  const panel = page.getByRole("region", { name: "S3 browser" });
  await panel.getByRole("button", { name: "sagemaker-lab" }).click();
  await expect(panel.getByText("Nothing lies here.")).toBeVisible();
  await panel.getByLabel("Upload files here").last().setInputFiles({ name: "a..b & c.csv", mimeType: "text/csv", buffer: Buffer.from("x,y\n1,2\n") });
  await panel.getByRole("button", { name: "a..b & c.csv", exact: true }).click();
  await expect(page.locator(".atelier-text")).toHaveText("x,y\n1,2\n");
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "sagemaker-lab", Key: "a..b & c.csv" }));
  expect(await Body?.transformToString()).toBe("x,y\n1,2\n");
});

test("registered resources are found by a part of their name and open in a tab", async ({ page }) => {
  const { iam } = server.clients(server.administrator());
  const { Roles } = await iam.send(new ListRolesCommand({}));
  const ExecutionRoleArn = Roles?.find((role) => role.RoleName === "AtelierExecutionRole")?.Arn;
  for (const ModelName of ["churn-model", "other"]) {
    await studio.sagemaker.send(new CreateModelCommand({
      ModelName,
      ExecutionRoleArn,
      PrimaryContainer: { Image: "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3" },
    }));
  }
  await fresh(page);
  await page.locator('.lm-TabBar-tab[data-id="atelier-registry"]').click();
  const panel = page.getByRole("region", { name: "Components and registries" });
  await expect(panel.getByRole("button", { name: "other", exact: true })).toBeVisible();
  await panel.getByRole("searchbox").fill("churn");
  await expect(panel.getByRole("button", { name: "other", exact: true })).toHaveCount(0);
  await panel.getByText("churn-model").dblclick();
  await expect(page.locator(".atelier-sheet h1")).toHaveText("churn-model");
  await expect(page.locator(".atelier-arn")).toContainText(":model/churn-model");
});
