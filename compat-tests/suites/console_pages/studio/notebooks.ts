import {
  CreateStudioLifecycleConfigCommand,
  DescribeUserProfileCommand,
  ListStudioLifecycleConfigsCommand,
  UpdateUserProfileCommand,
} from "@aws-sdk/client-sagemaker";
import { expect, type Page } from "@playwright/test";
import { dot, fresh, put, putFolder, type Studio } from "../lab/studio";
import { until } from "../tests/learning";
import { button, dialog, type Walk } from "./walk";

/** A first start of an image makes its environment, which takes minutes. */
export const FIRST_START = Number(process.env.W ?? 600_000);
export const SMALL = "2 vCPU + 4 GiB";
export const LARGER = "2 vCPU + 8 GiB";
const ACCOUNT = "081325390199";

/** What AWS notes in a notebook that was set up. */
export function setUp(image: string, displayName: string, instance_type = "ml.t3.medium") {
  const name = `python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:${ACCOUNT}:image/${image}`;
  return { instance_type, kernelspec: { name, display_name: `Python 3 (${displayName})`, language: "python" } };
}

export const DATA_SCIENCE = "Data Science 3.0";
export const BASE = setUp("sagemaker-base-python-310-v1", "Base Python 3.0");

const UNHURRIED = "unhurried";

/** A start-up script of the walk's user that takes so long that a start is seen, however fast the machine. */
export async function unhurried(walk: Walk): Promise<string> {
  const { sagemaker } = walk.clients;
  const StudioLifecycleConfigName = `${UNHURRIED}-${walk.short}`;
  const made = await sagemaker.send(new ListStudioLifecycleConfigsCommand({ NameContains: StudioLifecycleConfigName }));
  const known = made.StudioLifecycleConfigs?.[0]?.StudioLifecycleConfigArn;
  if (known) {
    return known;
  }
  const { StudioLifecycleConfigArn = "" } = await sagemaker.send(new CreateStudioLifecycleConfigCommand({
    StudioLifecycleConfigName,
    StudioLifecycleConfigContent: Buffer.from("sleep 15\n").toString("base64"),
    StudioLifecycleConfigAppType: "KernelGateway",
  }));
  const user = await (await walk.studio()).user();
  await sagemaker.send(new UpdateUserProfileCommand({
    ...user,
    UserSettings: {
      KernelGatewayAppSettings: {
        DefaultResourceSpec: { InstanceType: "ml.t3.medium" }, LifecycleConfigArns: [StudioLifecycleConfigArn],
      },
    },
  }));
  await until(() => sagemaker.send(new DescribeUserProfileCommand(user)), (each) => each.Status === "InService");
  return StudioLifecycleConfigArn;
}

/** Chooses what is started next, in the launcher. */
export async function choose(page: Page, { l }: Walk, image: string, script = "", instanceType = "ml.t3.medium"): Promise<void> {
  await button(page, l("compute.change")).click();
  await dialog(page).getByLabel(l("compute.image")).selectOption(image);
  await dialog(page).getByLabel(l("compute.instanceType")).selectOption(instanceType);
  if (script) {
    await dialog(page).getByLabel(l("compute.script")).selectOption(script);
  }
  await button(dialog(page), l("words.select")).click();
  await expect(dialog(page)).toHaveCount(0);
}

export const tabs = (page: Page) => page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab");
export const side = (page: Page, id: string) => page.locator(`.jp-SideBar .lm-TabBar-tab[data-id="${id}"]`);
export const status = (page: Page) => page.locator("#jp-main-statusbar");

/** What a page says one after the other, from now on: each text of each part once for every change. */
export async function follow(page: Page, parts: Record<string, string>): Promise<() => Promise<Record<string, string[]>>> {
  await page.evaluate((parts) => {
    const seen: Record<string, string[]> = Object.fromEntries(Object.keys(parts).map((name) => [name, []]));
    const look = () => {
      for (const [name, selector] of Object.entries(parts)) {
        const node = document.querySelector<HTMLElement>(selector);
        const text = node && (node.getAttribute("title") && selector.endsWith("dot") ? node.getAttribute("title") : node.innerText)?.trim();
        if (text && seen[name]?.at(-1) !== text) {
          seen[name]?.push(text);
        }
      }
    };
    (window as unknown as { seen: typeof seen }).seen = seen;
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  }, parts);
  return () => page.evaluate(() => (window as unknown as { seen: Record<string, string[]> }).seen);
}

interface Begun {
  studio: Studio;
  /** What was said: the size, the status bar, the dot, and the panel about the app. */
  said: Record<string, string[]>;
  /** The states of the app as ListApps told them. */
  states: string[];
}

const begun = new Map<Walk, Promise<Begun>>();

/** The first notebook of the walk, made in the launcher in the folder `first`; what happened on the way is kept. */
export function firstNotebook(walk: Walk): Promise<Begun> {
  const known = begun.get(walk) ?? begin(walk);
  begun.set(walk, known);
  return known;
}

async function begin(walk: Walk): Promise<Begun> {
  const page = await walk.context.newPage();
  const studio = await walk.lab(page);
  const script = await unhurried(walk);
  await studio.stopAll();
  await putFolder(page, "first");
  await put(page, "first/other.ipynb", [{ id: "a", source: "print('other')" }], setUp("sagemaker-data-science-310-v1", DATA_SCIENCE));
  await fresh(page);
  await page.locator(".jp-DirListing-item", { hasText: "first" }).dblclick();
  await expect(page.locator(".jp-DirListing-item", { hasText: "other.ipynb" })).toBeVisible();
  await choose(page, walk, DATA_SCIENCE, script);
  const said = await follow(page, {
    size: ".atelier-compute .atelier-toolbarButton",
    dot: ".atelier-compute .atelier-dot",
    bar: "#jp-main-statusbar",
    panel: "#atelier-running",
  });
  await page.keyboard.press("Control+Shift+B");
  await expect(page.getByRole("region", { name: walk.l("running.title") })).toBeVisible();
  const states: string[] = [];
  let over = false;
  const poll = (async () => {
    while (!over) {
      for (const { Status = "" } of await studio.apps()) {
        states.push(...(states.at(-1) === Status ? [] : [Status]));
      }
    }
  })();
  try {
    await button(page, walk.l("launcher.notebook")).click();
    await expect(dot(page)).toHaveAttribute("title", walk.l("compute.status.idle"), { timeout: FIRST_START });
  } finally {
    over = true;
    await poll;
  }
  const all = { studio, said: await said(), states };
  await page.close();
  return all;
}
