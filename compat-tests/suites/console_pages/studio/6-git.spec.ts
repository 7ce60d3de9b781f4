import { fresh, put, putText } from "../lab/studio";
import { ownAddress, PASSWORD, Repository, USER } from "../lab/repository";
import { expect, test } from "./walk";

const ADDRESS = ownAddress();

test("E8 git: clone, stage, commit and push with a password; the commit is in the repository @once", async ({ page, walk }) => {
  test.skip(ADDRESS === undefined, "this machine has no address of its own that a sandbox could reach");
  const repository = await Repository.serve(ADDRESS ?? "");
  await page.setViewportSize({ width: 1280, height: 1000 });
  await walk.lab(page);
  await fresh(page);
  await putText(page, "git.pem", repository.certificate);
  await putText(page, ".gitconfig", "[http]\n\tsslCAInfo = /home/sagemaker-user/git.pem\n");
  const dialog = page.getByRole("dialog");
  const sign = async () => {
    await dialog.getByPlaceholder(/username|用户名/i).fill(USER);
    await dialog.getByPlaceholder(/password|密码/i).fill(PASSWORD);
    await dialog.locator(".jp-mod-accept").click();
  };
  await page.locator(".atelier-homeButton button").click();
  await page.getByRole("button", { name: walk.l("home.clone") }).click();
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
  repository.close();
});
