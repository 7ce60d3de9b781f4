import {
  CreateUserProfileCommand,
  DescribeDomainCommand,
  DescribeUserProfileCommand,
  ListAppsCommand,
  ListDomainsCommand,
  ListTagsCommand,
  ListUserProfilesCommand,
} from "@aws-sdk/client-sagemaker";
import { ListAttachedRolePoliciesCommand, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { Studio } from "../lab/studio";
import { ROLE, until } from "../tests/learning";
import { button, dialog, expect, field, row, test, USER } from "./walk";

const NEXT = /^(Next|下一步)$/;
/** What a page says that is no page of the console yet. */
const WAITING = { en: "Starting your app", "zh-CN": "正在启动您的应用" };
const PHASES = {
  en: /Waiting to be started|Preparing the image|Starting JupyterLab/,
  "zh-CN": /等待启动|正在准备镜像|正在启动 JupyterLab/,
};

test("C1 console: the way to set-up, and a control panel with users and Open Studio", async ({ page, walk }) => {
  const { t } = walk;
  await walk.console(page);
  await page.getByRole("link", { name: t("nav.domains"), exact: true }).click();
  const { Domains } = await walk.clients.sagemaker.send(new ListDomainsCommand({}));
  for (const { DomainName = "" } of Domains ?? []) {
    await expect(row(page, DomainName).first()).toContainText(t("state.InService"));
  }
  await button(page, t("studio.createDomain")).click();
  await expect(page.getByRole("heading", { level: 1, name: t("studio.createDomain") })).toBeVisible();
  await expect(field(page, "ExecutionRole")).toBeVisible();
  await page.goBack();
  await page.getByRole("link", { name: "default", exact: true }).click();
  const { UserProfiles } = await walk.clients.sagemaker.send(
    new ListUserProfilesCommand({ DomainIdEquals: await walk.domain("default") }),
  );
  expect(UserProfiles?.map((each) => each.UserProfileName)).toEqual(["default"]);
  await expect(row(page, "default")).toContainText(t("state.InService"));
  await expect(button(page, `${t("studio.open")}: default`)).toBeEnabled();
});

test("C2 quick set-up: a user, a new role with some buckets, projects and JumpStart", async ({ page, walk }) => {
  const { t, short, clients } = walk;
  const bucket = `team-data-${short}`;
  const list = await walk.context.newPage();
  await walk.console(list, "/studio/domains");
  await walk.console(page, "/studio/domains?create=quick");
  await field(page, "DomainName").fill(walk.domainName);
  await field(page, "UserProfileName").fill(USER);
  await button(page, t("role.create")).click();
  await field(dialog(page), "RoleName").fill(`Team-${short}`);
  await dialog(page).getByText(t("role.reach.named"), { exact: true }).click();
  await field(dialog(page), "Resource").fill(bucket);
  await button(dialog(page), t("action.create")).click();
  await expect(field(page, "ExecutionRole")).toHaveValue(new RegExp(`:role/service-role/Team-${short}$`));
  for (const tool of ["projects", "jumpStart"]) {
    await expect(page.getByRole("checkbox", { name: t(`studio.${tool}`) })).toBeChecked();
  }
  await button(page, t("action.create")).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(walk.domainName);
  await expect(row(page, USER)).toContainText(t("state.InService"));
  // a list that is open elsewhere tells it without being asked
  await expect(row(list, walk.domainName)).toContainText(t("state.InService"));
  await list.close();

  const domain = await clients.sagemaker.send(new DescribeDomainCommand({ DomainId: await walk.domain() }));
  expect(domain).toMatchObject({ Status: "InService", AuthMode: "IAM" });
  expect(domain.DefaultUserSettings?.StudioWebPortalSettings).toBeUndefined();
  const role = domain.DefaultUserSettings?.ExecutionRole ?? "";
  const { AttachedPolicies } = await clients.iam.send(new ListAttachedRolePoliciesCommand({ RoleName: `Team-${short}` }));
  expect(AttachedPolicies?.map((each) => each.PolicyName)).toEqual(["AmazonSageMakerFullAccess"]);
  const decision = async (name: string) =>
    (
      await clients.iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: role,
          ActionNames: ["s3:PutObject"],
          ResourceArns: [`arn:aws:s3:::${name}/a.csv`],
        }),
      )
    ).EvaluationResults?.[0]?.EvalDecision;
  expect(await decision(bucket)).toBe("allowed");
  expect(await decision("somebody-elses")).toBe("implicitDeny");
});

test("C3 standard set-up: each option is stored, described, and counts", async ({ page, walk }) => {
  const { t, short, clients } = walk;
  const name = `standard-${short}`;
  const next = () => page.getByRole("button", { name: NEXT }).click();
  await walk.console(page, "/studio/domains?create=standard");
  await field(page, "DomainName").fill(name);
  await next();
  await field(page, "DefaultUserSettings.ExecutionRole").fill(ROLE);
  await field(page, "DefaultSpaceSettings.ExecutionRole").fill(ROLE);
  await field(page, "Tags").fill("team=churn, stage=trial");
  await page.getByText(t("studio.propagation")).click();
  await next();
  await page.getByText(t("studio.outputAllowed"), { exact: true }).click();
  await field(page, "S3OutputPath").fill(`s3://shared-${short}/notebooks`);
  await field(page, "S3KmsKeyId").fill("alias/shared");
  await next();
  await page.getByRole("button", { name: /HiddenMlTools/ }).click();
  for (const tool of ["Jump Start", "Projects", "Models"]) {
    await page.getByRole("option", { name: tool, exact: true }).click();
  }
  await page.keyboard.press("Escape");
  await next();
  await page.getByText("VpcOnly", { exact: true }).click();
  await field(page, "VpcId").fill("vpc-0abc");
  await field(page, "SubnetIds").fill("subnet-0a, subnet-0b");
  await field(page, "SecurityGroups").fill("sg-0abc");
  await field(page, "KmsKeyId").last().fill("alias/homes");
  await next();
  await expect(page.locator("pre")).toContainText(`DomainName="${name}"`);
  await button(page, t("action.create")).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);

  const DomainId = await walk.domain(name);
  const described = await until(
    () => clients.sagemaker.send(new DescribeDomainCommand({ DomainId })),
    (each) => each.Status !== "Pending",
  );
  expect(described).toMatchObject({
    Status: "InService",
    AuthMode: "IAM",
    AppNetworkAccessType: "VpcOnly",
    VpcId: "vpc-0abc",
    SubnetIds: ["subnet-0a", "subnet-0b"],
    KmsKeyId: "alias/homes",
    TagPropagation: "ENABLED",
    DefaultSpaceSettings: { ExecutionRole: ROLE },
    DefaultUserSettings: {
      ExecutionRole: ROLE,
      SecurityGroups: ["sg-0abc"],
      SharingSettings: { NotebookOutputOption: "Allowed", S3OutputPath: `s3://shared-${short}/notebooks`, S3KmsKeyId: "alias/shared" },
      StudioWebPortalSettings: { HiddenMlTools: ["JumpStart", "Projects", "Models"] },
    },
  });
  await page.goto(`${walk.server.console}/studio/domains?domain=${DomainId}&tab=settings`);
  await expect(page.getByText("subnet-0b").first()).toBeVisible();

  // what counts: a user has the domain's tags and role, and JupyterLab leaves out what is hidden
  const user = { DomainId, UserProfileName: "heir" };
  const { UserProfileArn } = await clients.sagemaker.send(new CreateUserProfileCommand(user));
  await until(() => clients.sagemaker.send(new DescribeUserProfileCommand(user)), (each) => each.Status === "InService");
  const { Tags } = await clients.sagemaker.send(new ListTagsCommand({ ResourceArn: UserProfileArn }));
  expect(Tags).toEqual(expect.arrayContaining([{ Key: "team", Value: "churn" }, { Key: "stage", Value: "trial" }]));
  const studio = new Studio(walk.server, user);
  await studio.enter(page);
  const me = await page.evaluate(async () => (await fetch("/studio-api/me")).json());
  expect(me).toMatchObject({ executionRole: ROLE, userProfileName: "heir", hiddenTools: ["JumpStart", "Models", "Projects"] });
  await page.locator('.lm-TabBar-tab[data-id="atelier-registry"]').click();
  const kinds = page.locator("#atelier-registry select option");
  await expect(kinds.first()).toHaveText(/.+/);
  expect(await kinds.evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value))).not.toContain("models");
  await studio.leave();
});

test("C4 first open: a page with phases, then JupyterLab", async ({ page, walk }) => {
  test.setTimeout(240_000);
  const { t, clients } = walk;
  const studio = await walk.studio();
  const { DomainId } = await studio.user();
  await walk.console(page, `/studio/domains?domain=${DomainId}`);
  const opened = walk.context.waitForEvent("page");
  await button(page, `${t("studio.open")}: ${USER}`).click();
  const tab = await opened;
  await expect(tab.getByRole("heading", { name: WAITING[walk.language] })).toBeVisible();
  await expect(tab.getByRole("status")).toContainText(PHASES[walk.language]);
  await expect(tab.locator("#jp-main-dock-panel")).toBeVisible({ timeout: 150_000 });
  expect(new URL(tab.url()).hostname).toMatch(/^app.*\.studio\.localhost$/);
  const { Apps } = await clients.sagemaker.send(new ListAppsCommand({ DomainIdEquals: DomainId, UserProfileNameEquals: USER }));
  expect(Apps?.map((each) => [each.AppType, each.AppName, each.Status])).toEqual([["JupyterServer", "default", "InService"]]);
  await page.goto(`${walk.server.console}/studio/users?domain=${DomainId}&user=${USER}`);
  await expect(row(page, "JupyterServer")).toContainText(t("state.InService"));
  await tab.close();
});
