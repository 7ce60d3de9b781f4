import { DescribeDomainCommand, DescribeImageCommand, DescribeImageVersionCommand } from "@aws-sdk/client-sagemaker";
import type { Page } from "@playwright/test";
import { dot, fresh, kernel, open, output, put, runFirst, size, stored } from "../lab/studio";
import { ROLE, until } from "../tests/learning";
import { FIRST_START, SMALL } from "./notebooks";
import { button, dialog, expect, field, row, test, type Walk } from "./walk";

/** What an image of one's own is built on here: the catalogue's image for PyTorch, as its registry names it. */
const BASE = "081325390199.dkr.ecr.us-east-1.amazonaws.com/sagemaker-studio-pytorch-cpu:1.13-cpu-py39";
const NOWHERE = "081325390199.dkr.ecr.us-east-1.amazonaws.com/no-such-image:1";
const GPU_TYPE = "ml.g4dn.xlarge";

test.describe.configure({ timeout: FIRST_START });

const own = ({ short }: Walk) => `torch-${short}`;
const shown = ({ short }: Walk) => `Torch (${short})`;

async function createImage(page: Page, { t }: Walk, name: string, display: string, base: string): Promise<void> {
  await button(page, t("images.create")).first().click();
  await field(dialog(page), "ImageName").fill(name);
  await field(dialog(page), "DisplayName").fill(display);
  await field(dialog(page), "RoleArn").fill(ROLE);
  await field(dialog(page), "BaseImage").fill(base);
  await button(dialog(page), t("action.create")).click();
  await expect(dialog(page)).toHaveCount(0);
}

/** Opens an image from the list, which may move under the pointer when the new row comes. */
async function openImage(page: Page, name: string): Promise<void> {
  await expect(async () => {
    await page.getByRole("link", { name, exact: true }).click({ timeout: 2_000 });
    await expect(page).toHaveURL(/image=/, { timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
}

test("E1 built-in images: several versions of PyTorch and TensorFlow, for CPUs and GPUs", async ({ page, walk }) => {
  await walk.lab(page);
  await fresh(page);
  await button(page, walk.l("compute.change")).click();
  const options = dialog(page).getByLabel(walk.l("compute.image")).locator("option");
  await expect(options.first()).toBeAttached();
  const offered = await options.allInnerTexts();
  for (const framework of ["PyTorch", "TensorFlow"]) {
    for (const processor of ["CPU", "GPU"]) {
      const versions = offered.filter((each) => each.startsWith(framework) && each.includes(processor));
      expect(new Set(versions.map((each) => each.split(" ")[1])).size, `${framework} ${processor}`).toBeGreaterThanOrEqual(2);
    }
  }
  const images: { displayName: string; older?: boolean }[] = await page.evaluate(async () => (await fetch("/studio-api/images")).json());
  expect(offered.sort()).toEqual(images.filter((each) => !each.older).map((each) => each.displayName).sort());
});

test("E4 image: made from an address it is CREATED, from a bad one CREATE_FAILED with a reason", async ({ page, walk }) => {
  const { t, clients } = walk;
  await walk.console(page, "/studio/images");
  await createImage(page, walk, own(walk), shown(walk), BASE);
  await expect(row(page, own(walk))).toContainText(t("state.Created"));
  await openImage(page, own(walk));
  await expect(row(page, BASE)).toContainText(t("state.Created"));
  const ImageName = own(walk);
  expect(await clients.sagemaker.send(new DescribeImageCommand({ ImageName }))).toMatchObject({ ImageStatus: "CREATED", DisplayName: shown(walk), RoleArn: ROLE });
  expect(await clients.sagemaker.send(new DescribeImageVersionCommand({ ImageName }))).toMatchObject({ ImageVersionStatus: "CREATED", BaseImage: BASE, Version: 1 });

  await walk.console(page, "/studio/images");
  const bad = `no-image-${walk.short}`;
  await createImage(page, walk, bad, "Bad", NOWHERE);
  await openImage(page, bad);
  await expect(row(page, NOWHERE)).toContainText(t("state.CreateFailed"));
  const failed = await clients.sagemaker.send(new DescribeImageVersionCommand({ ImageName: bad }));
  expect(failed.ImageVersionStatus).toBe("CREATE_FAILED");
  expect(failed.FailureReason).toContain("no-such-image");
  await expect(row(page, NOWHERE)).toContainText(failed.FailureReason ?? "");
});

async function attach(page: Page, walk: Walk, image: string, kernelName: string): Promise<void> {
  const { DomainId } = await (await walk.studio()).user();
  await walk.console(page, `/studio/domains?domain=${DomainId}&tab=environment`);
  await button(page, walk.t("images.attach")).first().click();
  await dialog(page).getByRole("button", { name: /ImageName/ }).click();
  await page.getByRole("option", { name: image, exact: true }).click();
  await field(dialog(page), "KernelSpecs.Name").fill(kernelName);
  await button(dialog(page), walk.t("action.create")).click();
  await expect(dialog(page)).toHaveCount(0);
}

test("E5 attach: the image with kernel python3 is in the launcher; a wrong name says what is wrong", async ({ page, walk }) => {
  const { l, clients } = walk;
  const studio = await walk.studio();
  await attach(page, walk, own(walk), "python3");
  const { DomainId } = await studio.user();
  const domain = await until(() => clients.sagemaker.send(new DescribeDomainCommand({ DomainId })), (each) => each.Status === "InService");
  expect(domain.DefaultUserSettings?.KernelGatewayAppSettings?.CustomImages).toMatchObject([{ ImageName: own(walk), AppImageConfigName: own(walk) }]);
  await walk.lab(page);
  await fresh(page);
  await expect(page.locator(".jp-Launcher .atelier-cardTall", { hasText: shown(walk) })).toBeVisible();

  const wrong = `wrong-${walk.short}`;
  await walk.console(page, "/studio/images");
  await createImage(page, walk, wrong, `Wrong (${walk.short})`, BASE);
  await attach(page, walk, wrong, "Python-3");
  await walk.lab(page);
  await fresh(page);
  await page.locator(".jp-Launcher .atelier-cardTall", { hasText: `Wrong (${walk.short})` }).click();
  await expect(dot(page)).toHaveAttribute("title", l("compute.status.failed"), { timeout: FIRST_START });
  await expect(page.locator(".atelier-kernelNote")).toContainText("Python-3");
  await expect(page.locator(".atelier-kernelNote")).toContainText("python3");
});

const CELL = "import torch\nprint(torch.__version__)";

test("E6 notebook on it: 2 vCPU + 4 GiB at once, and the version of torch that the image has", async ({ page, walk }) => {
  const { l } = walk;
  await walk.lab(page);
  await fresh(page);
  await page.locator(".jp-Launcher .atelier-cardTall", { hasText: shown(walk) }).click();
  await expect(size(page)).toHaveText(SMALL);
  await expect(kernel(page)).toContainText(shown(walk));
  await expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });
  const path = decodeURIComponent(new URL(page.url()).pathname.split("/tree/")[1] ?? "");
  const { metadata } = await stored(page, path);
  await put(page, "torch.ipynb", [{ id: "a", source: CELL }], metadata);
  await open(page, "torch.ipynb");
  await expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });
  await runFirst(page);
  const images: { displayName: string; difference?: string }[] = await page.evaluate(async () => (await fetch("/studio-api/images")).json());
  const told = images.find((each) => each.displayName.startsWith("PyTorch 1.13") && each.displayName.includes("CPU"))?.difference ?? "1.13";
  await expect(output(page)).toHaveText(/^\d+\.\d+\.\d+/, { timeout: 60_000 });
  expect(told).toContain(((await output(page).innerText()).match(/^\d+\.\d+/) ?? ["?"])[0]);
});

test("E7 change to g4dn.xlarge with fast types only: the label changes, or the reason is told", async ({ page, walk }, info) => {
  const { l } = walk;
  await walk.lab(page);
  await open(page, "torch.ipynb");
  await expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });
  await size(page).click();
  await dialog(page).getByRole("switch", { name: l("compute.fastOnly") }).uncheck();
  const types: { name: string; available: boolean; reason?: string }[] = await page.evaluate(async () => (await fetch("/studio-api/instance-types")).json());
  const gpu = types.find((each) => each.name === GPU_TYPE);
  const line = dialog(page).locator("tbody tr", { has: page.getByRole("radio", { name: GPU_TYPE, exact: true }) });
  if (gpu?.available) {
    await line.getByRole("radio").check();
    await button(dialog(page), l("compute.save")).click();
    await expect(size(page)).toContainText("4 vCPU");
    await expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });
    await runFirst(page);
    await expect(output(page)).toHaveText(/^\d+\.\d+/);
    return;
  }
  await expect(line).toContainText(l("compute.lack.gpu"));
  expect(gpu?.reason).toMatch(/accelerators/);
  await page.keyboard.press("Escape");
  await runFirst(page);
  await expect(output(page)).toHaveText(/^\d+\.\d+/, { timeout: 60_000 });
  info.annotations.push({ type: "skipped in part", description: `the same cell on a GPU: ${gpu?.reason}` });
  console.log(`E7: the cell was not run on ${GPU_TYPE}: ${gpu?.reason}`);
});
