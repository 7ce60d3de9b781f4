import { CreateModelCommand, CreateStudioLifecycleConfigCommand, UpdateUserProfileCommand } from "@aws-sdk/client-sagemaker";
import { ListRolesCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test, type Page } from "@playwright/test";
import { Server } from "../tests/server";
import { look } from "./look";
import { dot, fresh, open, output, put, runFirst, settings, size, Studio } from "./studio";

const BUCKET = "churn-data";
const SPEC = "python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:081325390199:image/sagemaker-base-python-310-v1";
const SET_UP = {
  instance_type: "ml.t3.medium",
  kernelspec: { name: SPEC, display_name: "Python 3 (Base Python 3.0)", language: "python" },
};
const SOURCE = `months = [24, 3, 61, 12, 36, 8]
churned = [0, 1, 0, 0, 0, 1]
for state in (0, 1):
    chosen = [m for m, c in zip(months, churned) if c == state]
    print("churned" if state else "stayed ", sum(chosen) / len(chosen), "months on average")`;

let server: Server;
let studio: Studio;

async function fill(): Promise<void> {
  const { iam, s3 } = server.clients(server.administrator());
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  for (const [Key, Body] of [["raw/customers.csv", "id,months,churned\n1,24,0\n2,3,1\n"], ["notes.txt", "as told"]] as const) {
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ContentType: "text/plain" }));
  }
  const { Roles } = await iam.send(new ListRolesCommand({}));
  await studio.sagemaker.send(new CreateModelCommand({
    ModelName: "churn-model",
    ExecutionRoleArn: Roles?.find((role) => role.RoleName === "AtelierExecutionRole")?.Arn,
    PrimaryContainer: { Image: "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3" },
  }));
  const { StudioLifecycleConfigArn } = await studio.sagemaker.send(new CreateStudioLifecycleConfigCommand({
    StudioLifecycleConfigName: "install-packages",
    StudioLifecycleConfigContent: Buffer.from("sleep 1\necho 'No matching distribution found for pandsa' >&2\nexit 1\n").toString("base64"),
    StudioLifecycleConfigAppType: "KernelGateway",
  }));
  await studio.sagemaker.send(new UpdateUserProfileCommand({
    ...(await studio.user()),
    UserSettings: {
      KernelGatewayAppSettings: {
        DefaultResourceSpec: { InstanceType: "ml.t3.medium" },
        LifecycleConfigArns: [StudioLifecycleConfigArn ?? ""],
      },
    },
  }));
}

test.beforeAll(async () => {
  test.setTimeout(300_000);
  server = await Server.start();
  studio = new Studio(server);
  await fill();
});

test.afterAll(async () => {
  await server?.stop();
});

const panel = (page: Page, id: string) => page.locator(`.lm-TabBar-tab[data-id="${id}"]`);
const dialog = (page: Page) => page.locator(".jp-Dialog");
const cancel = (page: Page) => page.keyboard.press("Escape");

for (const [language, short] of [["en", "en"], ["zh-CN", "zh"]] as const) {
  for (const theme of ["light", "dark"] as const) {
    test(`every part can be used and looks right: ${theme}, ${language}`, async ({ page }) => {
      test.setTimeout(600_000);
      const name = (part: string) => `${part}-${theme}-${short}`;
      await studio.enter(page);
      await settings(page, language, theme);
      await fresh(page);
      await expect(page.getByText(short === "en" ? "Notebooks and compute resources" : "笔记本和计算资源")).toBeVisible();
      await expect(page.locator(".atelier-cardTall").first()).toBeVisible();
      await look(page, name("launcher"), ".jp-Launcher");

      await put(page, "churn.ipynb", [{ id: "a", source: SOURCE }], SET_UP);
      // a document keeps the session that its kernel failed in
      const anew = `${name("new")}.ipynb`;
      await put(page, anew, [{ id: "a", source: "print('hello world!')" }]);
      await open(page, anew);
      await dialog(page).locator("select").first().selectOption("Base Python 3.0");
      await look(page, name("environment"), ".jp-Dialog");
      await dialog(page).locator("select").nth(3).selectOption("install-packages");
      await dialog(page).locator("select").nth(2).selectOption("ml.c5.large");
      await dialog(page).locator(".jp-mod-accept").click();
      await expect(page.locator(".atelier-bad")).toContainText("No matching distribution", { timeout: 300_000 });
      await look(page, name("failed"), ".atelier-kernelNote");

      await open(page, "churn.ipynb");
      await expect(dot(page)).toHaveAttribute("title", short === "en" ? "Idle" : "空闲", { timeout: 300_000 });
      await runFirst(page);
      await expect(output(page)).toContainText("months on average");
      await look(page, name("notebook"), ".atelier-compute");
      await expect(page.locator(".atelier-meter").first()).toContainText("ml.t3.medium");
      await look(page, name("meter"), ".atelier-meters");
      await size(page).click();
      await dialog(page).locator("input[role=switch]").uncheck();
      await expect(dialog(page).locator("tbody tr").nth(8)).toBeVisible();
      await look(page, name("sizes"), ".jp-Dialog");
      await cancel(page);

      await panel(page, "atelier-running").click();
      await expect(page.locator("#atelier-running .atelier-row").first()).toBeVisible();
      await look(page, name("running"), "#atelier-running");
      await page.locator("#atelier-running .atelier-iconButton[aria-label$='ml.t3.medium']").click();
      await expect(dialog(page)).toContainText("churn.ipynb");
      await look(page, name("stop"), ".jp-Dialog");
      await cancel(page);

      await panel(page, "atelier-s3").click();
      await page.locator("#atelier-s3").getByText(BUCKET).click();
      await page.locator("#atelier-s3").getByRole("button", { name: "raw", exact: true }).click();
      await page.locator("#atelier-s3").getByRole("button", { name: "customers.csv", exact: true }).click();
      await expect(page.locator(".atelier-text")).toContainText("id,months,churned");
      await look(page, name("s3"), "#atelier-s3");
      await look(page, name("object"), ".atelier-sheet");

      await panel(page, "atelier-registry").click();
      await page.locator("#atelier-registry").getByRole("button", { name: "churn-model" }).click();
      await expect(page.locator(".atelier-sheet:visible h1")).toHaveText("churn-model");
      await expect(page.locator(".atelier-sheet:visible .atelier-pairs")).toContainText("CreationTime");
      await look(page, name("registry"), "#atelier-registry");

      await page.locator(".atelier-homeButton button").click();
      await expect(page.locator(".atelier-sheet:visible")).toContainText("churn.ipynb");
      await look(page, name("home"), ".atelier-sheet");
      await studio.stopAll();
    });
  }
}
