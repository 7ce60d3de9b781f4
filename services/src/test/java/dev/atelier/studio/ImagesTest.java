package dev.atelier.studio;

import static dev.atelier.studio.StudioBench.ROLE;
import static dev.atelier.studio.StudioBench.each;
import static dev.atelier.studio.StudioBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images with their versions and aliases. */
class ImagesTest {
  private static final String ARN = "arn:aws:sagemaker:us-east-1:123456789012:";
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

  private void image(String name) {
    bench.call("CreateImage", "ImageName", name, "RoleArn", ROLE, "DisplayName", "Mine", "Description", "d");
    bench.awaitStatus("CREATED", "DescribeImage", "ImageName", name);
  }

  private void version(String image, String base, String token, Object... more) {
    Map<String, Object> request = map("ImageName", image, "BaseImage", base, "ClientToken", token);
    request.putAll(map(more));
    bench.jobs().call("sagemaker", "CreateImageVersion", request);
  }

  private void awaitVersion(String status, String image, int version) {
    bench.awaitStatus(status, "DescribeImageVersion", "ImageName", image, "Version", version);
  }

  @Test
  void anImageIsMadeChangedAndDeletedWithItsVersions() {
    image("Mine");
    bench.refused("ResourceInUse", "The Image with ImageName mine already exists. Please use a different ImageName.",
        "CreateImage", "ImageName", "mine", "RoleArn", ROLE);
    assertThat(bench.call("DescribeImage", "ImageName", "Mine")).containsEntry("ImageArn", ARN + "image/mine")
        .containsEntry("ImageName", "Mine").containsEntry("RoleArn", ROLE).containsEntry("DisplayName", "Mine");
    bench.call("UpdateImage", "ImageName", "Mine", "Description", "new", "DeleteProperties", List.of("DisplayName"));
    bench.awaitStatus("CREATED", "DescribeImage", "ImageName", "Mine");
    assertThat(bench.call("DescribeImage", "ImageName", "Mine")).containsEntry("Description", "new")
        .doesNotContainKey("DisplayName");
    version("mine", "python:3", "t1");
    awaitVersion("CREATED", "mine", 1);
    bench.call("DeleteImage", "ImageName", "Mine");
    bench.awaitStatus("gone", "DescribeImage", "ImageName", "Mine");
    image("Mine");
    bench.refused("ResourceNotFound",
        "Latest ImageVersion with ImageName Mine does not exist. Please provide a valid ImageName.",
        "DescribeImageVersion", "ImageName", "Mine");
  }

  @Test
  void anImageWhoseRoleNobodyCanAssumeFailsAndTakesNoVersions() {
    bench.call("CreateImage", "ImageName", "bad", "RoleArn", "arn:aws:iam::123456789012:role/gone");
    bench.awaitStatus("CREATE_FAILED", "DescribeImage", "ImageName", "bad");
    assertThat((String) bench.call("DescribeImage", "ImageName", "bad").get("FailureReason"))
        .contains("Could not assume role");
    bench.refused("ValidationException", "Image bad is in an invalid state.", "CreateImageVersion", "ImageName", "bad",
        "BaseImage", "python", "ClientToken", "t");
    bench.refused("ResourceNotFound", "Image with ImageName gone does not exist. Please provide a valid ImageName.",
        "CreateImageVersion", "ImageName", "gone", "BaseImage", "python", "ClientToken", "t");
  }

  @Test
  void aVersionIsCreatedOnlyWhenItsBaseCanRun() {
    image("mine");
    version("mine", "somewhere.example/unknown:1", "t1");
    awaitVersion("CREATE_FAILED", "mine", 1);
    assertThat(bench.call("DescribeImageVersion", "ImageName", "mine", "Version", 1)).containsEntry("FailureReason",
            "The image somewhere.example/unknown:1 is not in the catalogue. Known repositories: python.")
        .doesNotContainKey("ContainerImage");
    version("mine", "python:3", "t2", "MLFramework", "PyTorch 2.1", "Processor", "CPU", "Horovod", true, "ReleaseNotes",
        "first", "JobType", "NOTEBOOK_KERNEL", "VendorGuidance", "STABLE", "ProgrammingLang", "Python 3.12");
    awaitVersion("CREATED", "mine", 2);
    assertThat(bench.call("DescribeImageVersion", "ImageName", "mine")).containsEntry("Version", 2)
        .containsEntry("ImageVersionArn", ARN + "image-version/mine/2").containsEntry("BaseImage", "python:3")
        .containsEntry("MLFramework", "PyTorch 2.1").containsEntry("Horovod", true)
        .containsEntry("ReleaseNotes", "first").containsEntry("ProgrammingLang", "Python 3.12");
    assertThat(each(bench.call("ListImageVersions", "ImageName", "mine", "SortBy", "VERSION", "SortOrder",
        "ASCENDING"), "ImageVersions", "ImageVersionStatus")).containsExactly("CREATE_FAILED", "CREATED");
  }

  @Test
  void aTokenMakesOneVersionAndNumbersAreNotGivenTwice() {
    image("mine");
    version("mine", "python:1", "token");
    version("mine", "python:1", "token");
    bench.refused("ResourceInUse", "was used for another ImageVersion", "CreateImageVersion", "ImageName", "mine",
        "BaseImage", "python:2", "ClientToken", "token");
    awaitVersion("CREATED", "mine", 1);
    assertThat(each(bench.call("ListImageVersions", "ImageName", "mine"), "ImageVersions", "Version"))
        .containsExactly(1);
    bench.call("DeleteImageVersion", "ImageName", "mine", "Version", 1);
    bench.awaitStatus("gone", "DescribeImageVersion", "ImageName", "mine", "Version", 1);
    version("mine", "python:1", "another");
    assertThat((Integer) bench.call("DescribeImageVersion", "ImageName", "mine").get("Version")).isGreaterThan(1);
  }

  @Test
  void aliasesNameOneVersionEach() {
    image("mine");
    version("mine", "python:1", "a", "Aliases", List.of("latest", "1.0"));
    version("mine", "python:2", "b");
    awaitVersion("CREATED", "mine", 1);
    awaitVersion("CREATED", "mine", 2);
    bench.refused("ResourceInUse", "The alias latest is already in use", "UpdateImageVersion", "ImageName", "mine",
        "Version", 2, "AliasesToAdd", List.of("new", "latest"));
    bench.refused("ValidationException", "AliasesToDelete must be aliases", "UpdateImageVersion", "ImageName", "mine",
        "Version", 2, "AliasesToDelete", List.of("latest"));
    bench.call("UpdateImageVersion", "ImageName", "mine", "Alias", "latest", "AliasesToDelete", List.of("latest"));
    bench.call("UpdateImageVersion", "ImageName", "mine", "Version", 2, "AliasesToAdd", List.of("latest"),
        "ReleaseNotes", "second");
    assertThat(bench.call("DescribeImageVersion", "ImageName", "mine", "Alias", "latest")).containsEntry("Version", 2)
        .containsEntry("ReleaseNotes", "second");
    assertThat(bench.call("ListAliases", "ImageName", "mine").get("SageMakerImageVersionAliases"))
        .isEqualTo(List.of("1.0", "latest"));
    assertThat(bench.call("ListAliases", "ImageName", "mine", "Version", 1).get("SageMakerImageVersionAliases"))
        .isEqualTo(List.of("1.0"));
    bench.call("DeleteImageVersion", "ImageName", "mine", "Alias", "latest");
    bench.awaitStatus("gone", "DescribeImageVersion", "ImageName", "mine", "Version", 2);
    bench.refused("ResourceNotFound", "Alias latest does not exist", "DescribeImageVersion", "ImageName", "mine",
        "Alias", "latest");
  }

  @Test
  void whatADomainOffersStays() {
    image("mine");
    version("mine", "python:1", "a");
    awaitVersion("CREATED", "mine", 1);
    bench.call("CreateAppImageConfig", "AppImageConfigName", "config", "KernelGatewayImageConfig",
        map("KernelSpecs", List.of(map("Name", "python3"))));
    String domain = bench.domain("DefaultUserSettings", map("ExecutionRole", ROLE, "KernelGatewayAppSettings",
        map("CustomImages", List.of(map("ImageName", "mine", "ImageVersionNumber", 1, "AppImageConfigName",
            "config")))));
    bench.refused("ResourceInUse", "because Domain(s) are associated with it.", "DeleteImage", "ImageName", "mine");
    bench.refused("ResourceInUse", "because Domain(s) are associated with it.", "DeleteImageVersion", "ImageName",
        "mine", "Version", 1);
    bench.call("UpdateDomain", "DomainId", domain, "DefaultUserSettings", map("KernelGatewayAppSettings",
        map("CustomImages", List.of())));
    bench.awaitStatus("InService", "DescribeDomain", "DomainId", domain);
    bench.call("DeleteImage", "ImageName", "mine");
    bench.awaitStatus("gone", "DescribeImage", "ImageName", "mine");
  }
}
