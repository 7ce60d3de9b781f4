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

/** Configurations of images, scripts and repositories. */
class ConfigurationsTest {
  private static final String ARN = "arn:aws:sagemaker:us-east-1:123456789012:";
  private static final String SCRIPT = "ZWNobyBoZWxsbwo=";
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

  @Test
  void anAppImageConfigIsOfOneKindAndForTheImagesUser() {
    Map<String, Object> kernels = map("KernelSpecs", List.of(map("Name", "python3", "DisplayName", "Python 3")),
        "FileSystemConfig", map("MountPath", "/home/sagemaker-user", "DefaultUid", 1000, "DefaultGid", 100));
    bench.call("CreateAppImageConfig", "AppImageConfigName", "mine", "KernelGatewayImageConfig", kernels);
    assertThat(bench.call("DescribeAppImageConfig", "AppImageConfigName", "mine"))
        .containsEntry("KernelGatewayImageConfig", kernels)
        .containsEntry("AppImageConfigArn", ARN + "app-image-config/mine");
    bench.refused("ResourceInUse", "The ID or Name specified is already in use.", "CreateAppImageConfig",
        "AppImageConfigName", "mine");
    bench.refused("ValidationException", "Only one of", "CreateAppImageConfig", "AppImageConfigName", "other",
        "KernelGatewayImageConfig", kernels, "JupyterLabAppImageConfig", map("ContainerConfig", Map.of()));
    bench.refused("ValidationException", "got 0 and 100", "CreateAppImageConfig", "AppImageConfigName", "other",
        "JupyterLabAppImageConfig", map("FileSystemConfig", map("DefaultUid", 0)));
    Map<String, Object> lab = map("FileSystemConfig", map("DefaultUid", 0, "DefaultGid", 0), "ContainerConfig",
        map("ContainerArguments", List.of("--x"), "ContainerEnvironmentVariables", map("A", "b")));
    bench.call("UpdateAppImageConfig", "AppImageConfigName", "mine", "JupyterLabAppImageConfig", lab);
    assertThat(bench.call("DescribeAppImageConfig", "AppImageConfigName", "mine"))
        .containsEntry("JupyterLabAppImageConfig", lab).doesNotContainKey("KernelGatewayImageConfig");
    assertThat(each(bench.call("ListAppImageConfigs", "NameContains", "in"), "AppImageConfigs",
        "JupyterLabAppImageConfig")).containsExactly(lab);
    bench.call("DeleteAppImageConfig", "AppImageConfigName", "mine");
    bench.refused("ResourceNotFound", "does not exist", "DeleteAppImageConfig", "AppImageConfigName", "mine");
  }

  @Test
  void aScriptOfStudioIsKeptWhileSettingsNameIt() {
    bench.refused("ValidationException", "base64", "CreateStudioLifecycleConfig", "StudioLifecycleConfigName", "s",
        "StudioLifecycleConfigContent", "echo hello!", "StudioLifecycleConfigAppType", "KernelGateway");
    for (String type : List.of("KernelGateway", "JupyterLab")) {
      bench.call("CreateStudioLifecycleConfig", "StudioLifecycleConfigName", type, "StudioLifecycleConfigContent",
          SCRIPT, "StudioLifecycleConfigAppType", type);
    }
    assertThat(bench.call("DescribeStudioLifecycleConfig", "StudioLifecycleConfigName", "KernelGateway"))
        .containsEntry("StudioLifecycleConfigContent", SCRIPT)
        .containsEntry("StudioLifecycleConfigArn", ARN + "studio-lifecycle-config/kernelgateway");
    assertThat(each(bench.call("ListStudioLifecycleConfigs", "AppTypeEquals", "JupyterLab", "NameContains", "lab"),
        "StudioLifecycleConfigs", "StudioLifecycleConfigName")).containsExactly("JupyterLab");

    String domain = bench.domain();
    String arn = ARN + "studio-lifecycle-config/kernelgateway";
    bench.refused("ValidationException", "is for KernelGateway apps and cannot be used for JupyterLab", "UpdateDomain",
        "DomainId", domain, "DefaultUserSettings", map("JupyterLabAppSettings",
            map("LifecycleConfigArns", List.of(arn))));
    bench.refused("ValidationException", "DefaultResourceSpec is required", "UpdateDomain", "DomainId", domain,
        "DefaultUserSettings", map("KernelGatewayAppSettings", map("LifecycleConfigArns", List.of(arn))));
    bench.profile(domain, "ann", "UserSettings", map("KernelGatewayAppSettings", map("DefaultResourceSpec",
        map("InstanceType", "ml.t3.medium", "LifecycleConfigArn", arn), "LifecycleConfigArns", List.of(arn))));
    bench.refused("ResourceInUse", "because UserProfile(s) are associated with it.", "DeleteStudioLifecycleConfig",
        "StudioLifecycleConfigName", "KernelGateway");
    bench.call("DeleteStudioLifecycleConfig", "StudioLifecycleConfigName", "JupyterLab");
    bench.refused("ResourceNotFound", "does not exist", "DescribeStudioLifecycleConfig", "StudioLifecycleConfigName",
        "JupyterLab");
  }

  @Test
  void aScriptOfANotebookInstanceLivesInAwsWords() {
    String name = "NotebookInstanceLifecycleConfigName";
    String arn = ARN + "notebook-instance-lifecycle-config/Mine";
    bench.call("CreateNotebookInstanceLifecycleConfig", name, "Mine", "OnCreate", List.of(map("Content", SCRIPT)));
    bench.refused("ValidationException", "Unable to create Notebook Instance Lifecycle Config " + arn
        + ". (Details: Notebook Instance Lifecycle Config already exists.)", "CreateNotebookInstanceLifecycleConfig",
        name, "Mine");
    bench.call("UpdateNotebookInstanceLifecycleConfig", name, "Mine", "OnStart", List.of(map("Content", SCRIPT)));
    assertThat(bench.call("DescribeNotebookInstanceLifecycleConfig", name, "Mine"))
        .containsEntry("OnCreate", List.of(map("Content", SCRIPT)))
        .containsEntry("OnStart", List.of(map("Content", SCRIPT)))
        .containsEntry("NotebookInstanceLifecycleConfigArn", arn);
    assertThat(each(bench.call("ListNotebookInstanceLifecycleConfigs"), "NotebookInstanceLifecycleConfigs", name))
        .containsExactly("Mine");
    bench.call("DeleteNotebookInstanceLifecycleConfig", name, "Mine");
    bench.refused("ValidationException", "Unable to describe Notebook Instance Lifecycle Config '" + arn
        + "'. (Details: Notebook Instance Lifecycle Config does not exist.)",
        "DescribeNotebookInstanceLifecycleConfig", name, "Mine");
  }

  @Test
  void aCodeRepositoryKeepsItsUrlThroughANewSecret() {
    Map<String, Object> git = map("RepositoryUrl", "https://example.com/team/code.git", "Branch", "main");
    bench.call("CreateCodeRepository", "CodeRepositoryName", "mine", "GitConfig", git);
    bench.call("CreateCodeRepository", "CodeRepositoryName", "a-first", "GitConfig", git);
    bench.refused("ValidationException", "Cannot create already existing", "CreateCodeRepository",
        "CodeRepositoryName", "mine", "GitConfig", git);
    String secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:git";
    bench.call("UpdateCodeRepository", "CodeRepositoryName", "mine", "GitConfig", map("SecretArn", secret));
    git.put("SecretArn", secret);
    assertThat(bench.call("DescribeCodeRepository", "CodeRepositoryName", "mine")).containsEntry("GitConfig", git);
    assertThat(each(bench.call("ListCodeRepositories"), "CodeRepositorySummaryList", "CodeRepositoryName"))
        .containsExactly("a-first", "mine");
    bench.call("DeleteCodeRepository", "CodeRepositoryName", "mine");
    bench.refused("ValidationException", "Cannot find CodeRepository: \"" + ARN + "code-repository/mine\"",
        "DescribeCodeRepository", "CodeRepositoryName", "mine");
  }

  @Test
  void settingsMayNameWhatExists() {
    bench.call("CreateStudioLifecycleConfig", "StudioLifecycleConfigName", "s", "StudioLifecycleConfigContent", SCRIPT,
        "StudioLifecycleConfigAppType", "JupyterServer");
    bench.domain("DefaultUserSettings", map("ExecutionRole", ROLE, "JupyterServerAppSettings",
        map("DefaultResourceSpec", map("InstanceType", "system", "LifecycleConfigArn",
            ARN + "studio-lifecycle-config/s", "SageMakerImageArn",
            "arn:aws:sagemaker:us-east-1:081325390199:image/python"), "LifecycleConfigArns",
            List.of(ARN + "studio-lifecycle-config/s"))));
  }
}
