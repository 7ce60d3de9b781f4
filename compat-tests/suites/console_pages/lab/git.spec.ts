import { expect, test } from "@playwright/test";
import { Server } from "../tests/server";
import { ownAddress, PASSWORD, Repository, USER } from "./repository";
import { fresh, put, putText, Studio } from "./studio";

const ADDRESS = ownAddress();

test.skip(ADDRESS === undefined, "this machine has no address of its own that a sandbox could reach");

let server: Server;
let repository: Repository;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  repository = await Repository.serve(ADDRESS ?? "");
  server = await Server.start({ egressAllow: [ADDRESS] });
});

test.afterAll(async () => {
  await server?.stop();
  repository?.close();
});

test("a repository is cloned, a notebook committed, and pushed with a password", async ({ page }) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 1280, height: 1000 });
  await new Studio(server).enter(page);
  await fresh(page);
  await putText(page, "git.pem", repository.certificate);
  await putText(page, ".gitconfig", "[http]\n\tsslCAInfo = /home/sagemaker-user/git.pem\n");
  const dialog = page.getByRole("dialog");
  const sign = async () => {
    await dialog.getByPlaceholder(/username/i).fill(USER);
    await dialog.getByPlaceholder(/password/i).fill(PASSWORD);
    await dialog.getByRole("button", { name: "OK" }).click();
  };
  await page.locator(".atelier-homeButton button").click();
  await page.getByRole("button", { name: /Clone a repository/ }).click();
  await dialog.getByRole("textbox").first().fill(repository.url);
  await dialog.getByRole("button", { name: "Clone" }).click();
  await sign();
  const folder = page.locator(".jp-DirListing-item", { hasText: "work" });
  await expect(folder).toBeVisible();
  await folder.dblclick();
  await put(page, "work/model.ipynb", [{ id: "a", source: "print('in git')" }]);
  await page.locator('.lm-TabBar-tab[data-id="jp-git-sessions"]').click();
  const panel = page.locator("#jp-git-sessions");
  await panel.getByText("Untracked", { exact: true }).hover();
  await panel.getByTitle("Track all untracked files").click();
  await panel.getByPlaceholder(/Commit message|Summary/).fill("Add a model");
  await panel.getByRole("button", { name: "Commit", exact: true }).click();
  await dialog.getByPlaceholder("Name").fill("Dana");
  await dialog.getByPlaceholder("Email").fill("dana@example.com");
  await dialog.getByRole("button", { name: "OK" }).click();
  await expect(panel.getByText("Add a model").first()).toBeVisible();
  await panel.getByRole("button", { name: /Push committed changes/ }).click();
  await sign();
  await expect.poll(() => repository.subjects()).toEqual(["Add a model", "first"]);
  expect(repository.file("model.ipynb")).toContain("in git");
});
