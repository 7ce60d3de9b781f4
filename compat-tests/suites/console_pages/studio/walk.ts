import {
  CreateDomainCommand,
  CreateUserProfileCommand,
  DescribeDomainCommand,
  DescribeUserProfileCommand,
  ListDomainsCommand,
} from "@aws-sdk/client-sagemaker";
import { test as base, expect, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { settings, Studio } from "../lab/studio";
import { ROLE, until } from "../tests/learning";
import { Server } from "../tests/server";
import { type Language, type Words, wordsOf } from "./words";

export interface Options {
  language: Language;
}

export const USER = "dana";

/** One walk: a user of a domain of its own, who speaks one language and keeps one browser. */
export class Walk {
  readonly server: Server;
  /** What the console says, and what JupyterLab's own parts of Studio say. */
  readonly t: Words;
  readonly l: Words;
  /** Ends the names of what this walk makes. */
  readonly short: string;
  readonly clients;
  private known: Studio | undefined;
  private spoken = false;

  constructor(
    readonly language: Language,
    readonly context: BrowserContext,
  ) {
    const [data, address] = JSON.parse(process.env.ATELIER_WALK ?? "") as [string, string];
    this.server = Server.at(data, address);
    this.t = wordsOf("web", language);
    this.l = wordsOf("lab", language);
    this.short = language === "en" ? "en" : "zh";
    this.clients = this.server.clients(this.server.administrator());
  }

  get domainName(): string {
    return `team-${this.short}`;
  }

  /** The domain of a name; empty when there is none. */
  async domain(name = this.domainName): Promise<string> {
    const { Domains } = await this.clients.sagemaker.send(new ListDomainsCommand({}));
    return Domains?.find((each) => each.DomainName === name)?.DomainId ?? "";
  }

  /** Studio of the walk's user; C2 makes both, and a check that runs alone makes them itself. */
  async studio(): Promise<Studio> {
    if (!this.known) {
      const { sagemaker } = this.clients;
      let DomainId = await this.domain();
      if (!DomainId) {
        DomainId =
          (
            await sagemaker.send(
              new CreateDomainCommand({ DomainName: this.domainName, AuthMode: "IAM", DefaultUserSettings: { ExecutionRole: ROLE } }),
            )
          ).DomainId ?? "";
        await until(() => sagemaker.send(new DescribeDomainCommand({ DomainId })), (each) => each.Status === "InService");
        await sagemaker.send(new CreateUserProfileCommand({ DomainId, UserProfileName: USER }));
      }
      const user = { DomainId, UserProfileName: USER };
      await until(() => sagemaker.send(new DescribeUserProfileCommand(user)), (each) => each.Status === "InService");
      this.known = new Studio(this.server, user);
    }
    return this.known;
  }

  /** Signs in at the console, where nobody is yet. */
  async console(page: Page, path = "/"): Promise<void> {
    await page.goto(this.server.console + path);
    const account = page.locator("input[name=account]");
    await expect(page.locator("#bar").or(account)).toBeVisible();
    if (await account.isVisible()) {
      await page.goto(this.server.link());
      await expect(page.getByRole("heading", { level: 1 })).toContainText("admin");
      await page.goto(this.server.console + path);
    }
    await expect(page.locator("main h1").first()).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", this.language);
  }

  /** JupyterLab of the walk's user, in its language, with nothing open. */
  async lab(page: Page, theme: "light" | "dark" = "light"): Promise<Studio> {
    const studio = await this.studio();
    await studio.enter(page);
    if (!this.spoken) {
      await settings(page, this.language, theme);
      this.spoken = true;
    }
    return studio;
  }
}

export const test = base.extend<object, Options & { walk: Walk }>({
  language: ["en", { option: true, scope: "worker" }],
  walk: [
    async ({ browser, language }, use) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: language === "en" ? "en-GB" : "zh-CN",
        timezoneId: "UTC",
      });
      await context.addInitScript(
        (language) => localStorage.setItem("atelier.settings", JSON.stringify({ language, theme: "light" })),
        language,
      );
      await use(new Walk(language, context));
      await context.close();
    },
    { scope: "worker" },
  ],
  page: async ({ walk }, use) => {
    const page = await walk.context.newPage();
    await use(page);
    await page.close();
  },
});

export { expect };

export const row = (page: Page, text: string): Locator => page.getByRole("row").filter({ hasText: text });
export const dialog = (page: Page): Locator => page.getByRole("dialog");
export const button = (place: Page | Locator, name: string): Locator => place.getByRole("button", { name, exact: true });

/** A field by the API's name beside its label, which is the same in every language. */
export const field = (place: Page | Locator, api: string): Locator =>
  place.getByRole("textbox", { name: api }).or(place.getByRole("combobox", { name: api })).or(place.getByRole("spinbutton", { name: api })).first();
