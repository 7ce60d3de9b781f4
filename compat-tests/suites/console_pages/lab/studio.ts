import {
  CreatePresignedDomainUrlCommand,
  DeleteAppCommand,
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

/** Studio of the first user, as the browser and as the API see it. */
export class Studio {
  readonly sagemaker;
  private domain = "";

  constructor(readonly server: Server) {
    this.sagemaker = server.clients(server.administrator()).sagemaker;
  }

  async domainId(): Promise<string> {
    if (!this.domain) {
      const { Domains } = await this.sagemaker.send(new ListDomainsCommand({}));
      this.domain = Domains?.[0]?.DomainId ?? "";
      await expect
        .poll(async () => (await this.sagemaker.send(new DescribeUserProfileCommand(await this.user()))).Status)
        .toBe("InService");
    }
    return this.domain;
  }

  async user(): Promise<{ DomainId: string; UserProfileName: string }> {
    return { DomainId: this.domain || (await this.domainId()), UserProfileName: PROFILE };
  }

  /** Enters by a fresh link and waits until the launcher is there. */
  async enter(page: Page): Promise<void> {
    await this.domainId();
    const { AuthorizedUrl } = await this.sagemaker.send(new CreatePresignedDomainUrlCommand(await this.user()));
    await page.goto(AuthorizedUrl ?? "");
    await expect(page.locator("#jp-main-dock-panel")).toBeVisible({ timeout: 150_000 });
    await expect(page.locator("#jupyterlab-splash")).toHaveCount(0);
  }

  /** Apps that run kernels, and have not ended. */
  async apps(): Promise<AppDetails[]> {
    const { Apps } = await this.sagemaker.send(new ListAppsCommand({ DomainIdEquals: await this.domainId() }));
    return (Apps ?? []).filter((app) => app.AppType === "KernelGateway" && app.Status !== "Deleted");
  }

  /** Ends what runs kernels: a small machine has room for two of the least instances. */
  async stopAll(): Promise<void> {
    for (const { AppName } of (await this.apps()).filter((app) => app.Status === "InService")) {
      await this.sagemaker.send(new DeleteAppCommand({ ...(await this.user()), AppType: "KernelGateway", AppName }));
    }
    await expect.poll(async () => (await this.apps()).filter((app) => app.Status !== "Failed").length).toBe(0);
  }
}

/** What Jupyter's own API answers to the page that is open. */
async function ask<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(path as string, { method: method as string, ...(body ? { body: JSON.stringify(body) } : {}) });
      return answer.json();
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
  await expect(page.locator(".lm-DockPanel-tabBar .lm-mod-current")).toHaveText(path);
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
