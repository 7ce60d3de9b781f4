import { ListAppsCommand } from "@aws-sdk/client-sagemaker";
import { dot, fresh, kernel, open, output, put, runFirst, size, stored } from "../lab/studio";
import { BASE, DATA_SCIENCE, FIRST_START, firstNotebook, LARGER, setUp, SMALL, unhurried } from "./notebooks";
import { button, dialog, expect, test } from "./walk";

const NOTE = "Note: The kernel is still starting. Please execute this cell again after the kernel is started.";
const AWAY_S = Number(process.env.ATELIER_AWAY_S ?? 10);

test.describe.configure({ timeout: FIRST_START });

test("C10 launcher: an image is chosen, and a notebook made in the current folder", async ({ page, walk }) => {
  const { studio } = await firstNotebook(walk);
  await studio.enter(page);
  await open(page, "first/Untitled.ipynb");
  await expect(kernel(page)).toHaveText(`Python 3 (${DATA_SCIENCE})`);
  const { metadata } = await stored(page, "first/Untitled.ipynb");
  expect(metadata).toMatchObject(setUp("sagemaker-data-science-310-v1", DATA_SCIENCE));
});

test("C11 size: Unknown, then 2 vCPU + 4 GiB, while the status bar says that the kernel starts", async ({ walk }) => {
  const { said } = await firstNotebook(walk);
  expect(said.size).toEqual([walk.l("compute.unknown"), SMALL]);
  const starting = said.dot?.indexOf(walk.l("compute.status.starting")) ?? -1;
  expect(starting).toBeGreaterThanOrEqual(0);
  expect(said.dot?.indexOf(walk.l("compute.status.idle"))).toBeGreaterThan(starting);
  expect(said.bar?.join("\n")).toMatch(walk.language === "en" ? /Starting/ : /启动|开始/);
});

test("C12 cell: hello world, in an older image that the notebook names", async ({ page, walk }) => {
  const studio = await walk.lab(page);
  await put(page, "hello.ipynb", [{ id: "a", source: "print('hello world!')" }], setUp("datascience-1.0", "Data Science"));
  await open(page, "hello.ipynb");
  await expect(dot(page)).toHaveAttribute("title", walk.l("compute.status.idle"), { timeout: FIRST_START });
  await runFirst(page);
  await expect(output(page)).toHaveText("hello world!");
  const names = (await studio.apps()).map((app) => app.AppName);
  expect(names.filter((name) => /^datascience-1-0-ml-t3-medium-[0-9a-f]+$/.test(name ?? ""))).toHaveLength(1);
});

test("C12 too early: a cell that is run before the kernel is there gets a note", async ({ page, walk }) => {
  const lcc_arn = await unhurried(walk);
  const studio = await walk.lab(page);
  // no notebook of before may start the app again, without the script
  await fresh(page);
  await studio.stopAll();
  const metadata = { ...setUp("datascience-1.0", "Data Science"), lcc_arn };
  await put(page, "early.ipynb", [{ id: "a", source: "print('hello world!')" }], metadata);
  await open(page, "early.ipynb");
  await expect(dot(page)).toHaveAttribute("title", new RegExp(`^${walk.l("compute.status.starting")}`));
  await runFirst(page);
  await expect(output(page)).toHaveText(NOTE);
});

test("C13 layers: two notebooks, one app, two kernels", async ({ page, walk }) => {
  const { l } = walk;
  const { studio } = await firstNotebook(walk);
  await studio.enter(page);
  await open(page, "first/Untitled.ipynb");
  await expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });
  await open(page, "first/other.ipynb");
  await expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });
  const apps = (await studio.apps()).filter((app) => app.AppName?.startsWith("data-science-310"));
  expect(apps.map((app) => [app.Status, app.ResourceSpec?.InstanceType])).toEqual([["InService", "ml.t3.medium"]]);
  await page.keyboard.press("Control+Shift+B");
  const panel = page.getByRole("region", { name: l("running.title") });
  const rows = (key: string) => panel.locator("section", { has: page.getByRole("button", { name: new RegExp(`^${l(key)} \\(`) }) }).getByRole("listitem");
  await expect(rows("running.apps").filter({ hasText: DATA_SCIENCE })).toHaveCount(1);
  for (const name of ["Untitled.ipynb", "other.ipynb"]) {
    await expect(rows("running.kernels").filter({ hasText: `Python 3 (${DATA_SCIENCE})` }).filter({ hasText: name })).toHaveCount(1);
  }
});

test("C14 default type: ml.t3.medium, an app named after both, Pending at first", async ({ walk }) => {
  const { studio, said, states } = await firstNotebook(walk);
  expect(states).toEqual(["Pending", "InService"]);
  expect(said.panel?.join("\n")).toContain(walk.l("running.state.Pending"));
  const { DomainId, UserProfileName } = await studio.user();
  const { Apps } = await walk.clients.sagemaker.send(new ListAppsCommand({ DomainIdEquals: DomainId, UserProfileNameEquals: UserProfileName }));
  const app = Apps?.find((each) => each.AppName?.startsWith("data-science-310"));
  expect(app?.AppName).toMatch(/^data-science-310-v1-ml-t3-medium-[0-9a-f]+$/);
  expect(app?.ResourceSpec?.InstanceType).toBe("ml.t3.medium");
  expect(said.panel?.at(-1)).toContain("ml.t3.medium");
});

test("C15 change: a table of types, fast ones first, then image and type switch under the notebook", async ({ page, walk }) => {
  const { l } = walk;
  const studio = await walk.lab(page);
  await put(page, "switch.ipynb", [{ id: "a", source: "before = 1; print('before' in dir())" }], BASE);
  await open(page, "switch.ipynb");
  const idle = () => expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });
  const run = async () => {
    await idle();
    await runFirst(page);
    await expect(output(page)).toHaveText("True");
  };
  await run();
  await size(page).click();
  const types = () => dialog(page).locator("tbody th").allInnerTexts();
  await expect.poll(async () => (await types()).sort()).toEqual(["ml.c5.large", "ml.g4dn.xlarge", "ml.m5.large", "ml.t3.medium"]);
  await dialog(page).getByRole("switch", { name: l("compute.fastOnly") }).uncheck();
  await expect.poll(async () => (await types()).length).toBeGreaterThan(20);
  await button(dialog(page), l("compute.column.memoryGiB")).click();
  const memory = (await dialog(page).locator("tbody tr:not(:has(input:disabled)) td:nth-child(3)").allInnerTexts()).map((text) => Number.parseInt(text, 10));
  expect(memory).toEqual([...memory].sort((one, other) => one - other));
  await dialog(page).getByRole("radio", { name: "ml.m5.large", exact: true }).check();
  await button(dialog(page), l("compute.save")).click();
  await expect(size(page)).toHaveText(LARGER);
  await run();
  expect((await stored(page, "switch.ipynb")).metadata.instance_type).toBe("ml.m5.large");
  const runs = async () => (await studio.apps()).map((app) => app.ResourceSpec?.InstanceType);
  expect(await runs()).toContain("ml.m5.large");

  await kernel(page).click();
  await dialog(page).getByLabel(l("compute.image")).selectOption(DATA_SCIENCE);
  await dialog(page).getByLabel(l("compute.instanceType")).selectOption("ml.t3.medium");
  await dialog(page).getByRole("checkbox", { name: l("compute.stopOld", { name: "ml.m5.large" }) }).check();
  await button(dialog(page), l("words.select")).click();
  await expect(kernel(page)).toHaveText(`Python 3 (${DATA_SCIENCE})`);
  await expect(size(page)).toHaveText(SMALL);
  await run();
  await expect.poll(runs).not.toContain("ml.m5.large");
  expect((await stored(page, "switch.ipynb")).cells[0].source).toBe("before = 1; print('before' in dir())");
});

/** Takes memory until it is taken away, and tells how much it had, in MiB; then how many processors there are. */
const MEASURE = `import os
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    held = []
    while True:
        held.append(b"x" * (64 << 20))
        os.write(writer, bytes(1))
os.close(writer)
taken = 0
while part := os.read(reader, 4096):
    taken += 64 * len(part)
os.waitpid(child, 0)
print(taken, len(os.sched_getaffinity(0)))`;

test("C16 types at once: two notebooks on two types and images, each within its limits @once", async ({ page, walk }) => {
  const { l } = walk;
  const studio = await walk.lab(page);
  const other = setUp("sagemaker-data-science-310-v1", DATA_SCIENCE, "ml.m5.large");
  const limits = { "ml.t3.medium": 4096, "ml.m5.large": 8192 };
  const notebooks = { "ml.t3.medium": BASE, "ml.m5.large": other };
  for (const [type, metadata] of Object.entries(notebooks)) {
    await put(page, `${type}.ipynb`, [{ id: "a", source: MEASURE }], metadata);
    await open(page, `${type}.ipynb`);
    await expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });
  }
  const running = (await studio.apps()).filter((app) => app.Status === "InService").map((app) => app.ResourceSpec?.InstanceType);
  expect(running).toEqual(expect.arrayContaining(Object.keys(limits)));
  for (const [type, limit] of Object.entries(limits)) {
    await open(page, `${type}.ipynb`);
    await expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"));
    await runFirst(page);
    await expect(output(page)).toHaveText(/^\d+ \d+\s*$/, { timeout: 240_000 });
    const [taken = 0, processors = 0] = (await output(page).innerText()).split(" ").map(Number);
    console.log(`C16: on ${type} a cell was given ${taken} MiB, and sees ${processors} processors`);
    expect(taken).toBeGreaterThan(limit * 0.8);
    expect(taken).toBeLessThanOrEqual(limit);
    expect(processors).toBe(2);
  }
});

test("C16 switch: a notebook goes on printing while the browser is closed, and nothing is missing after", async ({ page, walk }) => {
  const { l } = walk;
  await walk.lab(page);
  const count = AWAY_S * 4;
  const source = `import time\nfor n in range(${count}):\n    print(n, flush=True)\n    time.sleep(0.25)\n`;
  await put(page, "away.ipynb", [{ id: "count", source }], setUp("sagemaker-data-science-310-v1", DATA_SCIENCE));
  await open(page, "away.ipynb");
  await expect(dot(page)).toHaveAttribute("title", l("compute.status.idle"), { timeout: FIRST_START });
  await runFirst(page);
  await expect(output(page)).toContainText("2");
  await page.keyboard.press("Control+s");
  const address = page.url();
  await page.close();
  const later = await walk.context.newPage();
  await later.waitForTimeout((AWAY_S - 3) * 1000);
  await later.goto(address);
  const lines = Array.from({ length: count }, (_, at) => String(at)).join("\n");
  await expect(output(later)).toHaveText(lines, { timeout: 30_000 });
  await expect(later.locator(".jp-NotebookPanel:visible .jp-InputPrompt").first()).toHaveText(/\[\d+\]:/);
  await later.close();
});
