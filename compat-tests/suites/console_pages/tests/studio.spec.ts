import { AttachUserPolicyCommand, CreatePolicyCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateUserProfileCommand, DeleteUserProfileCommand, DescribeDomainCommand, ListTagsCommand } from "@aws-sdk/client-sagemaker";
import { expect, test, type Page } from "@playwright/test";
import { ACCOUNT, fill, PASSWORD, USER } from "./content";
import { ENDPOINT, forget, JOB, learn, MODEL, train } from "./learning";
import { Server } from "./server";
import { totp } from "./totp";

const DENY = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "sagemaker:*", Resource: "*" },
    { Sid: "NoNewUsers", Effect: "Deny", Action: "sagemaker:CreateUserProfile", Resource: "*" },
    { Sid: "NotMine", Effect: "Deny", Action: ["sagemaker:DescribeTrainingJob", "sagemaker:ListTrainingJobs"], Resource: "*" },
    { Effect: "Allow", Action: "iam:PassRole", Resource: "*" },
  ],
};

let server: Server;
let domain: string;
let complaints: string[] = [];

test.beforeAll(async () => {
  test.setTimeout(360_000);
  server = await Server.start();
  await fill(server);
  domain = await learn(server);
  const { iam } = server.clients(server.administrator());
  const policy = await iam.send(new CreatePolicyCommand({ PolicyName: "Studio", PolicyDocument: JSON.stringify(DENY) }));
  await iam.send(new AttachUserPolicyCommand({ UserName: USER, PolicyArn: policy.Policy?.Arn }));
});

test.afterAll(async () => {
  await forget(server).finally(() => server?.stop());
});

test.beforeEach(({ page }) => {
  complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy|Warning:|violates|AwsUi/.test(message.text())) {
      complaints.push(message.text());
    }
  });
});

test.afterEach(() => {
  expect(complaints).toEqual([]);
});

async function enter(page: Page): Promise<void> {
  await page.goto(server.link());
  await expect(page.getByRole("heading", { level: 1 })).toContainText("admin");
}

async function enterAsDana(page: Page): Promise<void> {
  await page.goto(server.console);
  await page.locator("input[name=account]").fill(ACCOUNT);
  await page.locator("input[name=username]").fill(USER);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("button[type=submit]").click();
  await expect(page.getByRole("heading", { level: 1, name: `Welcome, ${USER}` })).toBeVisible();
}

const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
const administrator = () => server.clients(server.administrator());

test("a list shows what happens as it happens, and keeps rows under the pointer where they are", async ({ page }) => {
  await enter(page);
  await page.goto(`${server.console}/jobs`);
  await expect(row(page, JOB)).toContainText("Completed");
  await page.mouse.move(0, 700);
  await train(administrator(), "live-1");
  await expect(row(page, "live-1")).toContainText("Completed", { timeout: 60_000 });

  await row(page, JOB).hover();
  const names = () => page.getByRole("row").locator("th a, td a").allTextContents();
  const before = await names();
  await train(administrator(), "live-2");
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
  expect(await names()).toEqual(before);
  await page.getByRole("button", { name: "1 new" }).click();
  await expect(row(page, "live-2")).toContainText("Completed", { timeout: 60_000 });
});

test("what a user may not see is neither listed nor told, and what it may not do is refused in AWS's words", async ({ page }) => {
  await enterAsDana(page);
  let heard = "";
  page.on("request", (request) => {
    heard += request.url().endsWith("/aws/sagemaker/") ? (request.headers()["x-amz-target"] ?? "") : "";
  });
  await page.goto(`${server.console}/jobs`);
  await expect(page.getByText("sagemaker:ListTrainingJobs").first()).toBeVisible();
  await page.goto(`${server.console}/studio/users`);
  await expect(row(page, "default")).toContainText("In service");
  await page.getByRole("button", { name: "Add user" }).click();
  await page.getByRole("dialog").getByRole("textbox").first().fill("eve");
  await page.getByRole("dialog").getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("dialog").getByText("A policy statement denies")).toContainText("sagemaker:CreateUserProfile");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).first().click();

  await page.mouse.move(0, 700);
  heard = "";
  await train(administrator(), "unheard");
  const { sagemaker } = administrator();
  await sagemaker.send(new CreateUserProfileCommand({ DomainId: domain, UserProfileName: "heard" }));
  await expect(row(page, "heard")).toContainText("In service");
  expect(heard).toContain("ListUserProfiles");
  expect(heard, "nothing was asked about jobs, for nothing was told of them").not.toContain("ListTrainingJobs");
  await sagemaker.send(new DeleteUserProfileCommand({ DomainId: domain, UserProfileName: "heard" }));
  await expect(row(page, "heard")).toHaveCount(0);
});

test("a domain is made by the quick form, shows its first user, and is deleted by its name", async ({ page }) => {
  await enter(page);
  await page.goto(`${server.console}/studio/domains`);
  await page.getByRole("button", { name: "Create domain" }).click();
  await page.getByLabel("Domain name").fill("no name!");
  await page.getByLabel("Execution role").fill("arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText("failed to satisfy constraint")).toContainText("'domainName'");
  await page.getByLabel("Domain name").fill("experiments");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText("experiments is ready, with its first user")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("experiments");
  await expect(row(page, "default")).toContainText("In service");

  await page.getByRole("checkbox", { name: "Choose default" }).click({ force: true });
  await page.getByRole("button", { name: "Delete", exact: true }).last().click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("No user yet")).toBeVisible();
  await page.getByRole("button", { name: "Delete", exact: true }).first().click();
  const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true });
  await expect(confirm).toBeDisabled();
  await page.getByRole("dialog").getByRole("textbox").fill("experiments");
  await confirm.click();
  await expect(page.getByRole("heading", { level: 1, name: "Domains" })).toBeVisible();
  await expect(row(page, "experiments")).toHaveCount(0);
});

test("an image is attached to a domain and detached again", async ({ page }) => {
  await enter(page);
  await page.goto(`${server.console}/studio/images?image=team-tools`);
  await expect(row(page, "sagemaker-xgboost")).toContainText("Created");
  await page.getByRole("button", { name: "Attach image" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText("team-tools is attached")).toBeVisible();
  const images = async () =>
    (await administrator().sagemaker.send(new DescribeDomainCommand({ DomainId: domain }))).DefaultUserSettings
      ?.KernelGatewayAppSettings?.CustomImages ?? [];
  expect(await images()).toMatchObject([{ ImageName: "team-tools", AppImageConfigName: "team-tools" }]);

  await page.goto(`${server.console}/studio/domains?domain=${domain}&tab=environment`);
  await page.getByRole("checkbox", { name: "Choose team-tools" }).click({ force: true });
  await page.getByRole("button", { name: "Detach", exact: true }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Detach", exact: true }).click();
  await expect(page.getByText("No image of your own is attached")).toBeVisible();
  expect(await images()).toEqual([]);
});

test("Studio opens in a tab of its own, and its app can be ended", async ({ page, context }) => {
  await enter(page);
  await page.goto(`${server.console}/studio/users?domain=${domain}&user=dana`);
  await expect(page.getByText("No app runs")).toBeVisible();
  const opened = context.waitForEvent("page");
  await page.getByRole("button", { name: "Open Studio: dana" }).click();
  const tab = await opened;
  await expect.poll(() => new URL(tab.url()).hostname, { timeout: 30_000 }).toMatch(/^app.*\.studio\.localhost$/);
  expect(await tab.evaluate(() => window.opener)).toBeNull();
  await tab.close();
  await expect(row(page, "JupyterServer")).toContainText(/Pending|In service/);
  await page.getByRole("checkbox", { name: "Choose default" }).click({ force: true });
  await page.getByRole("button", { name: "Delete", exact: true }).last().click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(row(page, "JupyterServer")).toContainText("Deleted", { timeout: 60_000 });
});

test("a job tells its phases, metrics, logs, data and how to make one like it", async ({ page }) => {
  await enter(page);
  const job = (tab: string) => page.goto(`${server.console}/jobs?name=${JOB}&tab=${tab}`);
  await job("overview");
  for (const phase of ["Starting", "Downloading", "Training", "Uploading", "Completed"]) {
    await expect(page.getByText(phase, { exact: true }).first()).toBeVisible();
  }
  await expect(page.getByRole("link", { name: "AtelierExecutionRole" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "validation:auc" })).toBeVisible();
  await job("logs");
  await expect(page.getByRole("log")).toContainText("train-auc");
  await page.getByRole("searchbox", { name: "Find in these lines" }).fill("[29]");
  await expect(page.getByRole("log").locator(".row")).toHaveCount(1);
  await job("configuration");
  await expect(page.locator("pre")).toContainText(`TrainingJobName="${JOB}"`);
  await page.getByRole("radio", { name: "AWS CLI" }).or(page.getByRole("button", { name: "AWS CLI" })).first().click();
  await expect(page.locator("pre")).toContainText(`--training-job-name '${JOB}'`);
  await job("data");
  await page.getByRole("link", { name: /model\.tar\.gz$/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("model.tar.gz");
  await page.goto(`${server.console}/jobs?name=churn-xgboost-wrong`);
  await expect(page.getByRole("alert").or(page.locator("main")).first()).toContainText("binary:nothing is not in");
});

test("tags are set and taken away", async ({ page }) => {
  await enter(page);
  await page.goto(`${server.console}/jobs?name=${JOB}&tab=tags`);
  await expect(page.getByRole("textbox", { name: "Key 1" })).toHaveValue("team");
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Add tag" }).click();
  await page.getByRole("textbox", { name: "Key 1" }).fill("stage");
  await page.getByRole("textbox", { name: "Value 1" }).fill("trial");
  await page.getByRole("button", { name: "Save tags" }).click();
  await expect(page.getByText("Tags saved")).toBeVisible();
  const arn = `arn:aws:sagemaker:us-east-1:${ACCOUNT}:training-job/${JOB}`;
  const { Tags } = await administrator().sagemaker.send(new ListTagsCommand({ ResourceArn: arn }));
  expect(Tags).toEqual([{ Key: "stage", Value: "trial" }]);
});

test("the search finds pages and resources by name and ARN, from the keyboard alone", async ({ page }) => {
  await enter(page);
  await page.keyboard.press("/");
  await page.keyboard.type("churn-xgboost-de");
  await expect(page.getByRole("option", { name: JOB })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(JOB);
  await page.keyboard.press("/");
  await page.keyboard.insertText(`arn:aws:sagemaker:us-east-1:${ACCOUNT}:model/${MODEL}`);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(MODEL);
  await expect(page.getByRole("link", { name: /model\.tar\.gz$/ })).toBeVisible();
});

test("a list is filtered by any number of values, which stand in the address", async ({ page }) => {
  await enter(page);
  const tokens = [{ propertyKey: "status", operator: "=", value: ["Failed", "Stopped"] }];
  await page.goto(`${server.console}/jobs?filter=${encodeURIComponent(JSON.stringify({ tokens, operation: "and" }))}`);
  await expect(row(page, "churn-xgboost-wrong")).toBeVisible();
  await expect(row(page, JOB)).toHaveCount(0);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(row(page, JOB)).toBeVisible();
  expect(page.url()).not.toContain("filter=");
});

test("a notebook instance with a bad name is refused beside its field", async ({ page }) => {
  await enter(page);
  await page.goto(`${server.console}/studio/notebooks`);
  await page.getByRole("button", { name: "Create notebook instance" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").first().fill("no_name");
  await dialog.getByLabel("Execution role").fill(`arn:aws:iam::${ACCOUNT}:role/service-role/AtelierExecutionRole`);
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await expect(dialog.getByText("failed to satisfy constraint").first()).toContainText("notebookInstanceName");
});

test("an endpoint shows what it serves and how busy it is, and is stopped where everything runs", async ({ page }) => {
  await enter(page);
  await page.goto(`${server.console}/endpoints?name=${ENDPOINT}`);
  await page.getByRole("link", { name: MODEL, exact: true }).click();
  await expect(page.getByText("sagemaker-xgboost").first()).toBeVisible();
  await page.goto(`${server.console}/endpoints?name=${ENDPOINT}&tab=metrics`);
  await expect(page.getByRole("link", { name: "Invocations", exact: true })).toBeVisible({ timeout: 60_000 });
  await page.goto(`${server.console}/running`);
  await page.getByRole("checkbox", { name: `Choose ${ENDPOINT}` }).click({ force: true });
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop", exact: true }).click();
  await expect(row(page, ENDPOINT)).toHaveCount(0, { timeout: 60_000 });
  await page.goto(`${server.console}/endpoints`);
  await expect(page.getByText("No endpoint yet")).toBeVisible();
});

test("what ran is charged, and a budget is set and taken away", async ({ page }) => {
  await enter(page);
  await page.goto(`${server.console}/cost`);
  await expect(row(page, "1 × ml.m5.large").first()).toBeVisible();
  await expect(page.getByText(/^\$\d/).first()).toBeVisible();
  await page.getByRole("button", { name: "Add budget" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Domain").fill(domain);
  await dialog.getByLabel("User").fill("dana");
  await dialog.getByLabel("Monthly budget").fill("-1");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByText("monthly must be a number")).toBeVisible();
  await dialog.getByLabel("Monthly budget").fill("25");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  const budget = row(page, `${domain} / dana`).filter({ hasText: "of $25.00" });
  await expect(budget).toBeVisible();
  await budget.getByRole("checkbox").click({ force: true });
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("No budget.")).toBeVisible();
});

test("an authenticator app is enrolled, and a recovery code signs in once", async ({ page, browser }) => {
  const { iam } = administrator();
  await iam.send(
    new PutUserPolicyCommand({
      UserName: USER,
      PolicyName: "own-devices",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["iam:*VirtualMFADevice", "iam:*MFADevice"], Resource: "*" }],
      }),
    }),
  );
  await enterAsDana(page);
  await page.goto(`${server.console}/security`);
  await page.getByRole("button", { name: "Add MFA device" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Next" }).click();
  await expect(dialog.getByRole("img", { name: "Picture for authenticator apps" })).toBeVisible();
  const seed = (await dialog.getByText(/^[A-Z2-7]{32}$/).textContent()) ?? "";
  const now = Math.floor(Date.now() / 30_000);
  await dialog.getByLabel("A code that the app shows").fill(totp(seed, now - 1));
  await dialog.getByLabel("The code after it").fill(totp(seed, now));
  await dialog.getByRole("button", { name: "Enable", exact: true }).click();
  await expect(page.getByText("The MFA device is enabled")).toBeVisible();
  await page.getByLabel("Code of the MFA device").fill(totp(seed, now + 1));
  await page.getByRole("button", { name: "Make new codes" }).click();
  await expect(page.getByText("Keep these codes")).toBeVisible();
  const codes = ((await page.locator("pre").textContent()) ?? "").split("\n");
  expect(codes).toHaveLength(10);

  const other = await (await browser.newContext()).newPage();
  const enterWith = async (code: string) => {
    await other.goto(`${server.console}/sign-in`);
    await other.locator("input[name=account]").fill(ACCOUNT);
    await other.locator("input[name=username]").fill(USER);
    await other.locator("input[name=password]").fill(PASSWORD);
    await other.locator("button[type=submit]").click();
    await other.locator("input[name=code]").fill(code);
    await other.locator("button[type=submit]").click();
  };
  await enterWith(codes[0] ?? "");
  await expect(other.getByRole("heading", { level: 1, name: `Welcome, ${USER}` })).toBeVisible();
  await other.context().clearCookies();
  await enterWith(codes[0] ?? "");
  await expect(other.getByRole("alert")).toContainText("was used before");
  await other.context().close();
});
