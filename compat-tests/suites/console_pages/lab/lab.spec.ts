import { CreateStudioLifecycleConfigCommand, UpdateUserProfileCommand } from "@aws-sdk/client-sagemaker";
import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { expect, test, type Page } from "@playwright/test";
import { Server } from "../tests/server";
import { dot, fresh, kernel, open, output, put, runFirst, size, stored, Studio } from "./studio";

const IMAGE = "Base Python 3.0";
const LABEL = `Python 3 (${IMAGE})`;
const SMALL = "2 vCPU + 4 GiB";
const SPEC = "python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:081325390199:image/sagemaker-base-python-310-v1";
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

