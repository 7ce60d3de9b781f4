import {
  CreatePresignedDomainUrlCommand,
  DeleteAppCommand,
  DescribeAppCommand,
  DescribeUserProfileCommand,
  ListAppsCommand,
  ListDomainsCommand,
  type AppDetails,
} from "@aws-sdk/client-sagemaker";
import { expect, type Locator, type Page } from "@playwright/test";
import type { Server } from "../tests/server";

/** Below this path of an app's host JupyterLab answers. */
export const BASE = "/jupyter/default";
export const PROFILE = "default";

export interface Cell {
  id: string;
  source: string;
}

interface Profile {
  DomainId: string;
  UserProfileName: string;
}

/** Studio of a user, the first where none is named, as the browser and as the API see it. */
export class Studio {
  readonly sagemaker;

  constructor(
    readonly server: Server,
    private profile?: Profile,
  ) {
    this.sagemaker = server.clients(server.administrator()).sagemaker;
  }

  async user(): Promise<Profile> {
    if (!this.profile) {
      const { Domains } = await this.sagemaker.send(new ListDomainsCommand({}));
      const first = { DomainId: Domains?.[0]?.DomainId ?? "", UserProfileName: PROFILE };
      await expect.poll(async () => (await this.sagemaker.send(new DescribeUserProfileCommand(first))).Status).toBe("InService");
      this.profile = first;
    }
    return this.profile;
  }

  /** Enters by a fresh link and waits until the launcher is there. */
  async enter(page: Page): Promise<void> {
    const { AuthorizedUrl } = await this.sagemaker.send(new CreatePresignedDomainUrlCommand(await this.user()));
    await page.goto(AuthorizedUrl ?? "");
    await expect(page.locator("#jp-main-dock-panel")).toBeVisible({ timeout: 150_000 });
    await expect(page.locator("#jupyterlab-splash")).toHaveCount(0);
  }

  /** Apps that run kernels, and have not ended. */
  async apps(): Promise<AppDetails[]> {
    const { DomainId, UserProfileName } = await this.user();
    const { Apps } = await this.sagemaker.send(
      new ListAppsCommand({ DomainIdEquals: DomainId, UserProfileNameEquals: UserProfileName }),
    );
    return (Apps ?? []).filter((app) => app.AppType === "KernelGateway" && app.Status !== "Deleted");
  }

  /** Ends JupyterLab's own app. */
  async leave(): Promise<void> {
    const app = { ...(await this.user()), AppType: "JupyterServer" as const, AppName: "default" };
    await this.sagemaker.send(new DeleteAppCommand(app));
    await expect.poll(async () => (await this.sagemaker.send(new DescribeAppCommand(app))).Status).toBe("Deleted");
  }

  /** Ends what runs kernels: a small machine has room for two of the least instances. */
  async stopAll(): Promise<void> {
    const user = await this.user();
    const left = async () => {
      const apps = (await this.apps()).filter((app) => app.Status !== "Failed");
      for (const { AppName } of apps.filter((app) => app.Status === "InService")) {
        await this.sagemaker.send(new DeleteAppCommand({ ...user, AppType: "KernelGateway", AppName }));
      }
      return apps.length;
    };
    await expect.poll(left).toBe(0);
  }
}

/** What Jupyter's own API answers to the page that is open. */
async function ask<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(path as string, { method: method as string, ...(body ? { body: JSON.stringify(body) } : {}) });
      if (!answer.ok) {
        throw new Error(`${answer.status}: ${await answer.text()}`);
      }
      return answer.status === 204 ? undefined : answer.json();
    },
    [method, BASE + path, body],
  );
}

export async function put(page: Page, path: string, cells: Cell[], metadata: Record<string, unknown> = {}): Promise<void> {
  const content = {
    cells: cells.map(({ id, source }) => ({ cell_type: "code", id, source, metadata: {}, outputs: [], execution_count: null })),
    metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  await ask(page, "PUT", `/api/contents/${path}`, { type: "notebook", format: "json", content });
}

export async function putFolder(page: Page, path: string): Promise<void> {
  await ask(page, "PUT", `/api/contents/${path}`, { type: "directory" });
}

export async function putText(page: Page, path: string, content: string): Promise<void> {
  await ask(page, "PUT", `/api/contents/${path}`, { type: "file", format: "text", content });
}

export async function stored(page: Page, path: string): Promise<{ metadata: Record<string, any>; cells: any[] }> {
  return (await ask<{ content: any }>(page, "GET", `/api/contents/${path}?content=1&type=notebook`)).content;
}

/** Settings of JupyterLab, from the next load of the page on. */
export async function settings(page: Page, language: string, theme: "light" | "dark"): Promise<void> {
  const put = (id: string, value: unknown) => ask(page, "PUT", `/lab/api/settings/${encodeURIComponent(id)}`, { raw: JSON.stringify(value) })
    .catch(() => undefined);
  await put("@jupyterlab/translation-extension:plugin", { locale: language === "en" ? "en" : "zh_CN" });
  await put("@jupyterlab/terminal-extension:plugin", { screenReaderMode: true });
  await put("@jupyterlab/apputils-extension:themes", { theme: theme === "dark" ? "JupyterLab Dark" : "JupyterLab Light" });
}

/** Opens a notebook, and nothing that was open before. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}${BASE}/lab/tree/${path}?reset`);
  await expect(page.locator(".lm-DockPanel-tabBar .lm-mod-current")).toHaveText(path.split("/").at(-1) ?? "");
}

/** Opens JupyterLab with nothing but its launcher. */
export async function fresh(page: Page): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}${BASE}/lab?reset`);
  await expect(page.locator(".jp-Launcher-body")).toBeVisible();
}

export const size = (page: Page): Locator => page.locator(".atelier-compute:visible .atelier-toolbarButton").first();
export const kernel = (page: Page): Locator => page.locator(".atelier-compute:visible .atelier-toolbarButton").nth(1);
export const dot = (page: Page): Locator => page.locator(".atelier-compute:visible .atelier-dot");

/** Runs what the first cell holds. */
export async function runFirst(page: Page): Promise<void> {
  await page.locator(".jp-NotebookPanel:visible .jp-CodeCell .cm-content").first().click();
  await page.keyboard.press("Control+Enter");
}

export const output = (page: Page): Locator => page.locator(".jp-NotebookPanel:visible .jp-OutputArea-output").first();
