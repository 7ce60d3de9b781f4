package dev.atelier.studio;

import static dev.atelier.studio.StudioBench.ROLE;
import static dev.atelier.studio.StudioBench.each;
import static dev.atelier.studio.StudioBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.entry.Entries;
import dev.atelier.jobs.JobBench;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.kernel.Arn;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Domains with their profiles and spaces, from the request to the folders, through restarts. */
class DomainLifeTest {
  @TempDir Path root;
  private StudioBench bench;

  @BeforeEach
  void open() {
    bench = new StudioBench(root, Clock.systemUTC());
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private void restart(boolean resumed) throws Exception {
    bench.close();
    bench = new StudioBench(root, Clock.systemUTC(), resumed);
  }

  private String home(String domain, int uid) {
    return bench.call("DescribeDomain", "DomainId", domain).get("HomeEfsFileSystemId") + "-" + uid;
  }

  @Test
  void aDomainIsDescribedWithEveryMemberItWasMadeOf() throws Exception {
    Map<String, Object> settings = map("ExecutionRole", ROLE, "SecurityGroups", List.of("sg-1"), "SharingSettings",
        map("NotebookOutputOption", "Allowed", "S3OutputPath", "s3://bucket/shared"), "JupyterServerAppSettings",
        map("DefaultResourceSpec", map("InstanceType", "system")), "KernelGatewayAppSettings",
        map("DefaultResourceSpec", map("InstanceType", "ml.t3.medium")), "SpaceStorageSettings",
        map("DefaultEbsStorageSettings", map("DefaultEbsVolumeSizeInGb", 5, "MaximumEbsVolumeSizeInGb", 10)),
        "DefaultLandingUri", "studio::", "StudioWebPortal", "ENABLED", "StudioWebPortalSettings",
        map("HiddenMlTools", List.of("JumpStart")));
    Map<String, Object> request = map("DomainName", "lab", "AuthMode", "IAM", "DefaultUserSettings", settings,
        "DomainSettings", map("SecurityGroupIds", List.of("sg-2"), "ExecutionRoleIdentityConfig", "USER_PROFILE_NAME"),
        "SubnetIds", List.of("subnet-1"), "VpcId", "vpc-1", "AppNetworkAccessType", "VpcOnly", "KmsKeyId", "a-key",
        "AppSecurityGroupManagement", "Service", "TagPropagation", "ENABLED", "DefaultSpaceSettings",
        map("ExecutionRole", ROLE));
    String id = bench.domain(request.entrySet().stream()
        .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue())).toArray());
    restart(true);

    Map<String, Object> shown = bench.call("DescribeDomain", "DomainId", id);
    assertThat(shown).containsAllEntriesOf(request);
    assertThat(id).matches("d-[a-z0-9]{12}");
    assertThat(shown.get("DomainArn")).isEqualTo("arn:aws:sagemaker:us-east-1:123456789012:domain/" + id);
    assertThat(shown.get("Url")).isEqualTo("https://" + id + ".studio.us-east-1.sagemaker.aws");
    assertThat((String) shown.get("HomeEfsFileSystemId")).matches("fs-[0-9a-f]{17}");
    assertThat(shown).containsKeys("CreationTime", "LastModifiedTime");
  }

  @Test
  void whatDoesNotFitTogetherIsRefusedAndNothingIsStored() {
    Map<String, Object> user = map("ExecutionRole", ROLE);
    refusedDomain("ExecutionRole is required", "DefaultUserSettings", Map.of());
    refusedDomain("Could not assume role", "DefaultUserSettings",
        Map.of("ExecutionRole", "arn:aws:iam::123456789012:role/gone"));
    refusedDomain("VpcId and SubnetIds are required", "DefaultUserSettings", user, "AppNetworkAccessType", "VpcOnly");
    refusedDomain("must be specified together", "DefaultUserSettings", user, "VpcId", "vpc-1");
    refusedDomain("must be the same", "DefaultUserSettings", user, "KmsKeyId", "a", "HomeEfsFileSystemKmsKeyId", "b");
    refusedDomain("JupyterServer apps only support the system", "DefaultUserSettings", with(user,
        "JupyterServerAppSettings", map("DefaultResourceSpec", map("InstanceType", "ml.t3.medium"))));
    refusedDomain("system is not supported for KernelGateway", "DefaultUserSettings", with(user,
        "KernelGatewayAppSettings", map("DefaultResourceSpec", map("InstanceType", "system"))));
    refusedDomain("studio-lifecycle-config/gone does not exist", "DefaultUserSettings", with(user,
        "KernelGatewayAppSettings", map("DefaultResourceSpec", map("LifecycleConfigArn",
            "arn:aws:sagemaker:us-east-1:123456789012:studio-lifecycle-config/gone"))));
    refusedDomain("Image with ImageName gone does not exist", "DefaultUserSettings", with(user,
        "KernelGatewayAppSettings", map("CustomImages", List.of(map("ImageName", "gone", "AppImageConfigName", "c")))));
    refusedDomain("is not available. The image", "DefaultUserSettings", with(user,
        "KernelGatewayAppSettings", map("DefaultResourceSpec", map("SageMakerImageArn",
            "arn:aws:sagemaker:us-east-1:081325390199:image/datascience-1.0"))));
    refusedDomain("is not valid", "DefaultUserSettings", with(user,
        "KernelGatewayAppSettings", map("DefaultResourceSpec", map("SageMakerImageArn",
            "arn:aws:sagemaker:../..:081325390199:image/python"))));
    refusedDomain("IdleTimeoutInMinutes must be between", "DefaultUserSettings", with(user, "JupyterLabAppSettings",
        map("AppLifecycleManagement", map("IdleSettings",
            map("IdleTimeoutInMinutes", 60, "MinIdleTimeoutInMinutes", 90)))));
    refusedDomain("less than or equal to MaximumEbsVolumeSizeInGb", "DefaultUserSettings", with(user,
        "SpaceStorageSettings", map("DefaultEbsStorageSettings",
            map("DefaultEbsVolumeSizeInGb", 20, "MaximumEbsVolumeSizeInGb", 10))));
    assertThat(bench.call("ListDomains")).isEqualTo(Map.of("Domains", List.of()));
  }

  private static Map<String, Object> with(Map<String, Object> settings, String member, Object value) {
    Map<String, Object> more = map(member, value);
    more.putAll(settings);
    return more;
  }

  private void refusedDomain(String message, Object... members) {
    Map<String, Object> request = map("DomainName", "lab", "AuthMode", "IAM");
    request.putAll(map(members));
    bench.refused("ValidationException", message, "CreateDomain", request.entrySet().stream()
        .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue())).toArray());
  }

  @Test
  void anUpdateTakesSettingBySettingAndIsRefusedWhereItDoesNotFit() {
    String id = bench.domain();
    bench.call("UpdateDomain", "DomainId", id, "DefaultUserSettings", map("KernelGatewayAppSettings",
        map("DefaultResourceSpec", map("InstanceType", "ml.m5.large"))), "DomainSettingsForUpdate",
        map("DockerSettings", map("EnableDockerAccess", "ENABLED")));
    bench.awaitStatus("InService", "DescribeDomain", "DomainId", id);
    Map<String, Object> shown = bench.call("DescribeDomain", "DomainId", id);
    assertThat(shown.get("DefaultUserSettings")).isEqualTo(map("ExecutionRole", ROLE, "KernelGatewayAppSettings",
        map("DefaultResourceSpec", map("InstanceType", "ml.m5.large"))));
    assertThat(shown.get("DomainSettings")).isEqualTo(map("DockerSettings", map("EnableDockerAccess", "ENABLED")));
    bench.refused("ValidationException", "VpcId and SubnetIds are required", "UpdateDomain", "DomainId", id,
        "AppNetworkAccessType", "VpcOnly");
    bench.refused("ValidationException", "cannot be Disabled", "UpdateDomain", "DomainId", id,
        "HomeEfsFileSystemCreation", "Disabled");
    bench.refused("ResourceNotFound", "Domain [d-gone] does not exist.", "UpdateDomain", "DomainId", "d-gone");
    assertThat(bench.status("DescribeDomain", "DomainId", id)).isEqualTo("InService");
  }

  @Test
  void jupyterLabReachesAtelierAloneInADomainWithinAVpc() {
    Map<String, Object> settings = map("ExecutionRole", ROLE, "SecurityGroups", List.of("sg-1"));
    for (String access : List.of("VpcOnly", "PublicInternetOnly")) {
      String id = bench.domain("DefaultUserSettings", settings, "SubnetIds", List.of("subnet-1"), "VpcId", "vpc-1",
          "AppNetworkAccessType", access);
      bench.profile(id, "ann");
      bench.call("CreateSpace", "DomainId", id, "SpaceName", "s", "SpaceSettings", map("AppType", "JupyterLab"),
          "OwnershipSettings", map("OwnerUserProfileName", "ann"), "SpaceSharingSettings", map("SharingType", "Private"));
      bench.awaitStatus("InService", "DescribeSpace", "DomainId", id, "SpaceName", "s");
      String app = (String) bench.call("CreateApp", "DomainId", id, "SpaceName", "s", "AppType", "JupyterLab", "AppName",
          "default").get("AppArn");
      LiveWorkloads live = bench.platform().live();
      assertThat(live.ids()).extracting(each -> live.find(each).orElseThrow())
          .filteredOn(owner -> owner.arn().toString().equals(app)).singleElement()
          .satisfies(owner -> assertThat(owner.internet()).isEqualTo(!access.equals("VpcOnly")));
    }
  }

  private String landing(String domain, Object... more) {
    Map<String, Object> request = map("DomainId", domain, "UserProfileName", "ann");
    request.putAll(map(more));
    URI url = URI.create((String) bench.call("CreatePresignedDomainUrl", request.entrySet().stream()
        .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue())).toArray()).get("AuthorizedUrl"));
    return new Entries(bench.platform().metadata(), Clock.systemUTC())
        .redeem(url.getHost().replaceFirst("\\..*", ""), url.getQuery().replaceFirst("token=", ""))
        .orElseThrow().target().landing();
  }

  @Test
  void aUrlThatNamesNoPageLeadsToTheOneOfTheSettings() {
    String id = bench.domain("DefaultUserSettings",
        map("ExecutionRole", ROLE, "DefaultLandingUri", "app:JupyterServer:lab/tree/work"));
    bench.profile(id, "ann");
    assertThat(landing(id)).isEqualTo("/jupyter/default/lab/tree/work");
    assertThat(landing(id, "LandingUri", "studio::")).isEqualTo("/jupyter/default/lab");
    bench.call("UpdateUserProfile", "DomainId", id, "UserProfileName", "ann", "UserSettings",
        map("DefaultLandingUri", "app:RStudioServerPro:"));
    bench.awaitStatus("InService", "DescribeUserProfile", "DomainId", id, "UserProfileName", "ann");
    assertThat(landing(id)).isEqualTo("/jupyter/default/lab");
    bench.refused("ValidationException", "The LandingUri app:JupyterServer:../x is not valid", "UpdateUserProfile",
        "DomainId", id, "UserProfileName", "ann", "UserSettings", map("DefaultLandingUri", "app:JupyterServer:../x"));
  }

  @Test
  void aDomainIsDeletedLastAndItsHomesGoOnlyWhenAsked() {
    String id = bench.domain();
    bench.profile(id, "ann");
    String home = home(id, 200001);
    String arn = "arn:aws:sagemaker:us-east-1:123456789012:domain/" + id;
    bench.refused("ResourceInUse", "Unable to delete Domain [" + arn
        + "] because UserProfile(s) are associated with it.", "DeleteDomain", "DomainId", id);
    bench.call("DeleteUserProfile", "DomainId", id, "UserProfileName", "ann");
    bench.awaitStatus("gone", "DescribeUserProfile", "DomainId", id, "UserProfileName", "ann");
    assertThat(bench.volumes()).containsExactly(home);
    bench.call("DeleteDomain", "DomainId", id);
    bench.awaitStatus("gone", "DescribeDomain", "DomainId", id);
    assertThat(bench.volumes()).containsExactly(home);

    String other = bench.domain();
    bench.profile(other, "ben");
    assertThat(bench.volumes()).hasSize(2);
    bench.call("DeleteUserProfile", "DomainId", other, "UserProfileName", "ben");
    bench.awaitStatus("gone", "DescribeUserProfile", "DomainId", other, "UserProfileName", "ben");
    bench.call("DeleteDomain", "DomainId", other, "RetentionPolicy", Map.of("HomeEfsFileSystem", "Delete"));
    bench.awaitStatus("gone", "DescribeDomain", "DomainId", other);
    assertThat(bench.volumes()).containsExactly(home);
  }

  @Test
  void aDomainWithoutHomesHasNoFileSystemUntilItIsGivenOne() throws Exception {
    String id = bench.domain("HomeEfsFileSystemCreation", "Disabled");
    bench.profile(id, "ann");
    assertThat(bench.call("DescribeDomain", "DomainId", id)).doesNotContainKey("HomeEfsFileSystemId");
    assertThat(bench.volumes()).isEmpty();
    bench.call("UpdateDomain", "DomainId", id, "HomeEfsFileSystemCreation", "Enabled");
    bench.awaitStatus("InService", "DescribeDomain", "DomainId", id);
    bench.profile(id, "ben");
    assertThat(bench.volumes()).containsExactly(home(id, 200002));
  }

  @Test
  void aServerTakesUpWhatTheOneBeforeLeftPending() throws Exception {
    restart(false);
    StudioStore store = new StudioStore(bench.jobs().platform().metadata(), bench.jobs().platform().tags(),
        Clock.systemUTC());
    StudioResource pending = DomainApi.fresh(store, JobBench.CALLER, map("DomainName", "lab", "AuthMode", "IAM",
        "DefaultUserSettings", map("ExecutionRole", ROLE)));
    store.insert(pending, Map.of(), "", StudioStore.Guard.NONE);
    assertThat(bench.status("DescribeDomain", "DomainId", pending.name())).isEqualTo("Pending");
    bench.refused("ResourceInUse", "because it is in Pending state", "DeleteDomain", "DomainId", pending.name());
    bench.refused("ResourceInUse", "because it is in Pending state", "CreateUserProfile", "DomainId", pending.name(),
        "UserProfileName", "ann");
    restart(true);
    bench.awaitStatus("InService", "DescribeDomain", "DomainId", pending.name());
  }

  @Test
  void theFirstDomainIsMadeOnceAndNotAgainAfterItWasDeleted() throws Exception {
    Arn role = Arn.parse(ROLE).orElseThrow();
    bench.studio().firstDomain(JobBench.CALLER, role);
    bench.studio().firstDomain(JobBench.CALLER, role);
    List<Object> ids = each(bench.call("ListDomains"), "Domains", "DomainId");
    assertThat(ids).hasSize(1);
    String id = (String) ids.getFirst();
    bench.awaitStatus("InService", "DescribeUserProfile", "DomainId", id, "UserProfileName", "default");
    bench.awaitStatus("InService", "DescribeDomain", "DomainId", id);
    assertThat(bench.volumes()).containsExactly(home(id, 200001));
    restart(true);
    bench.studio().firstDomain(JobBench.CALLER, role);
    assertThat(each(bench.call("ListDomains"), "Domains", "DomainName")).containsExactly("default");
    bench.call("DeleteUserProfile", "DomainId", id, "UserProfileName", "default");
    bench.awaitStatus("gone", "DescribeUserProfile", "DomainId", id, "UserProfileName", "default");
    bench.call("DeleteDomain", "DomainId", id);
    bench.awaitStatus("gone", "DescribeDomain", "DomainId", id);
    restart(true);
    bench.studio().firstDomain(JobBench.CALLER, role);
    assertThat(each(bench.call("ListDomains"), "Domains", "DomainName")).isEmpty();
  }
}
