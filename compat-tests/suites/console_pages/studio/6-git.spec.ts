import { UpdateUserProfileCommand } from "@aws-sdk/client-sagemaker";
import { fresh, put, putText } from "../lab/studio";
import { ownAddress, PASSWORD, Repository, USER } from "../lab/repository";
import { expect, test } from "./walk";

const ADDRESS = ownAddress();
const SUGGESTED = "https://git.example.com/team/forecasts.git";

test("E8 git: clone, stage, commit and push with a password; the commit is in the repository", async ({ page, walk }) => {
  test.skip(ADDRESS === undefined, "this machine has no address of its own that a sandbox could reach");
  const repository = await Repository.serve(ADDRESS ?? "");
  await page.setViewportSize({ width: 1280, height: 1000 });
  const studio = await walk.lab(page);
  await fresh(page);
  await studio.sagemaker.send(new UpdateUserProfileCommand({
    ...(await studio.user()), UserSettings: { JupyterServerAppSettings: { CodeRepositories: [{ RepositoryUrl: SUGGESTED }] } },
  }));
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
  await expect(dialog.locator("datalist option")).toHaveAttribute("value", SUGGESTED);
  await dialog.getByRole("combobox").first().fill(repository.url);
  await dialog.getByRole("button", { name: /^(Clone|克隆)$/ }).click();
  await sign();
  const folder = page.locator(".jp-DirListing-item", { hasText: "work" });
  await expect(folder).toBeVisible();
  await folder.dblclick();
  await put(page, "work/model.ipynb", [{ id: "a", source: "print('in git')" }]);
  await page.locator('.lm-TabBar-tab[data-id="jp-git-sessions"]').click();
  const panel = page.locator("#jp-git-sessions");
  await panel.getByText(/^(Untracked|未跟踪)$/).hover();
  await panel.getByTitle(/Track all untracked files|追踪所有未跟踪的文件/).click();
  await panel.getByPlaceholder(/Commit message|Summary|概要|摘要/).fill("Add a model");
  await panel.getByRole("button", { name: /^(Commit|提交)$/ }).click();
  await dialog.getByPlaceholder(/^(Name|名称)$/).fill("Dana");
  await dialog.getByPlaceholder(/Email|邮箱/i).fill("dana@example.com");
  await dialog.locator(".jp-mod-accept").click();
  await expect(panel.getByText("Add a model").first()).toBeVisible();
  await panel.getByRole("button", { name: /Push committed changes|推送已提交的改动/ }).click();
  await sign();
  await expect.poll(() => repository.subjects()).toEqual(["Add a model", "first"]);
  expect(repository.file("model.ipynb")).toContain("in git");
  repository.close();
});
