import {
  CreatePresignedDomainUrlCommand,
  CreateSpaceCommand,
  DescribeSpaceCommand,
  DescribeUserProfileCommand,
  UpdateUserProfileCommand,
} from "@aws-sdk/client-sagemaker";
import { expect, test, type Page } from "@playwright/test";
import { Server } from "../tests/server";
import { dot, fresh, open, put, settings, Studio } from "./studio";

const SPEC = "python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:081325390199:image/sagemaker-base-python-310-v1";
const SET_UP = { instance_type: "ml.t3.medium", kernelspec: { name: SPEC, display_name: "Python 3", language: "python" } };
const SPACE = "mine";
const FIRST_START = 600_000;

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

/** Types into the terminal in front. */
async function type(page: Page, text: string): Promise<void> {
  await page.locator(".jp-Terminal:visible .xterm-helper-textarea").pressSequentially(`${text}\n`);
}

/** What a terminal shows, as screen readers get it: the rest is drawn. */
const rows = (page: Page) => page.locator(".jp-Terminal:visible .xterm-accessibility");
const tab = (page: Page) => page.locator(".lm-DockPanel-tabBar .lm-mod-current");

test("an image terminal opens from the launcher, and ends from the panel", async ({ page }) => {
  test.setTimeout(FIRST_START);
  await studio.enter(page);
  await settings(page, "en", "light");
  await fresh(page);
  await page.getByRole("button", { name: "Image terminal", exact: true }).click();
  await expect(tab(page)).toHaveText(/^Terminal 1 \(.+\)$/);
  await expect(rows(page)).toContainText("$", { timeout: FIRST_START });
  await type(page, "echo $SAGEMAKER_APP_TYPE $((6 * 7))");
  await expect(rows(page)).toContainText("KernelGateway 42");
  await page.reload();
  // what was printed is there again
  await expect(rows(page)).toContainText("KernelGateway 42");
  await page.keyboard.press("Control+Shift+B");
  const panel = page.getByRole("region", { name: "Running terminals and kernels" });
  await expect(panel.getByText("Terminal sessions (1)")).toBeVisible();
  await panel.getByRole("button", { name: "Shut down terminal 1" }).click();
  await expect(panel.getByText("Terminal sessions (0)")).toBeVisible();
});

test("a notebook's button opens a terminal beside its kernel; what its instance uses stands in the status bar", async ({ page }) => {
  test.setTimeout(FIRST_START);
  await studio.enter(page);
  await expect(page.locator(".atelier-person")).toHaveText("default / Personal Studio");
  await put(page, "beside.ipynb", [{ id: "a", source: "1" }], SET_UP);
  await open(page, "beside.ipynb");
  await expect(dot(page)).toHaveAttribute("aria-label", "Idle", { timeout: FIRST_START });
  const meter = (name: string) => page.locator(".atelier-meter", { hasText: name });
  await expect(meter("ml.t3.medium")).toHaveText(/MiB · CPU \d+%$/);
  await expect(meter("ml.t3.medium")).toHaveAttribute("title", /of 4 GiB\n2 processors/);
  await expect(meter("JupyterLab")).toHaveText(/iB · CPU \d+%$/);
  await page.getByRole("button", { name: "Image terminal", exact: true }).click();
  await expect(tab(page)).toHaveText("Terminal 1 (Base Python 3.0)");
  await type(page, "echo kernels: $(cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -o [i]pykernel_launcher | wc -l)");
  await expect(rows(page)).toContainText("kernels: 1");
  await type(page, "exit");
  await expect(page.locator(".jp-Terminal")).toHaveCount(0);
  await studio.stopAll();
});

test("an app of a space tells who is there, and when it will be ended", async ({ page }) => {
  test.setTimeout(FIRST_START);
  const { DomainId } = await studio.user();
  const IdleSettings = { LifecycleManagement: "ENABLED", IdleTimeoutInMinutes: 60 } as const;
  await studio.sagemaker.send(new UpdateUserProfileCommand({
    ...(await studio.user()), UserSettings: { JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings } } },
  }));
  await expect.poll(async () => (await studio.sagemaker.send(new DescribeUserProfileCommand(await studio.user()))).Status)
    .toBe("InService");
  await studio.sagemaker.send(new CreateSpaceCommand({
    DomainId, SpaceName: SPACE, SpaceSharingSettings: { SharingType: "Private" },
    OwnershipSettings: { OwnerUserProfileName: "default" }, SpaceSettings: { AppType: "JupyterLab" },
  }));
  await expect.poll(async () => (await studio.sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName: SPACE }))).Status)
    .toBe("InService");
  // an hour is the least that AWS's settings allow: the browser's clock is nearer to its end than the server's
  await page.clock.setFixedTime(Date.now() + 54 * 60_000);
  const { AuthorizedUrl } = await studio.sagemaker.send(
    new CreatePresignedDomainUrlCommand({ ...(await studio.user()), SpaceName: SPACE }));
  await page.goto(AuthorizedUrl ?? "");
  await expect(page.locator(".atelier-person")).toHaveText(`default / ${SPACE}`, { timeout: FIRST_START });
  await expect(page.locator(".atelier-meter")).toHaveText(/^JupyterLab/);
  await expect(page.getByText(/^Nobody uses this app: it ends in \d minutes./)).toBeVisible();
  await page.getByRole("button", { name: /^Ends in \d minutes$/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("This app is ended when nobody has used it for 60 minutes.")).toBeVisible();
  await page.clock.setFixedTime(Date.now());
  await dialog.getByRole("button", { name: "Keep it for an hour" }).click();
  await expect(page.getByRole("button", { name: "Idle stop" })).toBeVisible();
  await expect(page.getByText("Nobody uses this app")).toHaveCount(0);
  await page.getByRole("button", { name: "Idle stop" }).click();
  await expect(dialog.getByText(/Somebody asked to keep it until/)).toBeVisible();
});
