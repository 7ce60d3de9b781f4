package dev.atelier.studio;

import static dev.atelier.studio.StudioBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EffectiveSettingsTest {
  private static final String IMAGE = "arn:aws:sagemaker:us-east-1:123456789012:image/";
  private static final Map<String, Object> DOMAIN = map("DefaultUserSettings", map("ExecutionRole", "of-domain",
          "KernelGatewayAppSettings", map("DefaultResourceSpec", map("InstanceType", "ml.m5.large",
              "SageMakerImageArn", IMAGE + "domain", "LifecycleConfigArn", "domain-script"), "LifecycleConfigArns",
              List.of("domain-script", "both"), "CustomImages", List.of(map("ImageName", "one"))),
          "JupyterLabAppSettings", map("AppLifecycleManagement", map("IdleSettings", map("LifecycleManagement",
              "ENABLED", "IdleTimeoutInMinutes", 120, "MinIdleTimeoutInMinutes", 60, "MaxIdleTimeoutInMinutes", 180)))),
      "DefaultSpaceSettings", map("ExecutionRole", "of-spaces"));

  private static EffectiveSettings profile(Map<String, Object> settings) {
    return EffectiveSettings.ofProfile(DOMAIN, map("UserSettings", settings));
  }

  @Test
  void aProfileGoesBeforeItsDomainMemberByMember() {
    assertThat(profile(Map.of()).executionRole()).contains("of-domain");
    assertThat(profile(map("ExecutionRole", "own")).executionRole()).contains("own");
    EffectiveSettings own = profile(map("KernelGatewayAppSettings", map("DefaultResourceSpec",
        map("InstanceType", "ml.c5.large"), "LifecycleConfigArns", List.of("both", "own"))));
    assertThat(own.resourceSpec("KernelGateway", Map.of())).isEqualTo(map("InstanceType", "ml.c5.large",
        "SageMakerImageArn", IMAGE + "domain", "LifecycleConfigArn", "domain-script"));
    assertThat(own.lifecycleConfigs("KernelGateway")).containsExactly("both", "own", "domain-script");
    assertThat(own.customImages("KernelGateway")).hasSize(1);
  }

  @Test
  void repositoriesOfAllSettingsAreSuggestedTheNearestFirst() {
    Map<String, Object> own = map("JupyterServerAppSettings", map("CodeRepositories", List.of(map("RepositoryUrl", "own"))));
    Map<String, Object> all = map("JupyterServerAppSettings", map("CodeRepositories",
        List.of(map("RepositoryUrl", "all"), map("RepositoryUrl", "own"))));
    EffectiveSettings settings = EffectiveSettings.ofProfile(map("DefaultUserSettings", all), map("UserSettings", own));
    assertThat(settings.repositories("JupyterServer")).containsExactly("own", "all");
    assertThat(settings.repositories("JupyterLab")).isEmpty();
  }

  @Test
  void aRequestGoesBeforeAllSettingsAndNoneMeansNone() {
    EffectiveSettings settings = profile(Map.of());
    assertThat(settings.resourceSpec("KernelGateway", map("LifecycleConfigArn", "None")))
        .isEqualTo(map("InstanceType", "ml.m5.large", "SageMakerImageArn", IMAGE + "domain"));
  }

  @Test
  void whatNamesAnImageIsTakenTogether() {
    EffectiveSettings settings = profile(map("KernelGatewayAppSettings", map("DefaultResourceSpec",
        map("SageMakerImageArn", IMAGE + "own", "SageMakerImageVersionAlias", "1"))));
    assertThat(settings.resourceSpec("KernelGateway", map("SageMakerImageArn", IMAGE + "asked")))
        .containsEntry("SageMakerImageArn", IMAGE + "asked").doesNotContainKey("SageMakerImageVersionAlias");
    assertThat(settings.resourceSpec("KernelGateway", Map.of())).containsEntry("SageMakerImageVersionAlias", "1");
  }

  @Test
  void anAppWithoutSettingsHasTheTypesDefault() {
    EffectiveSettings none = EffectiveSettings.ofProfile(Map.of(), Map.of());
    assertThat(none.resourceSpec("JupyterServer", Map.of())).isEqualTo(map("InstanceType", "system"));
    assertThat(none.resourceSpec("KernelGateway", Map.of())).isEqualTo(map("InstanceType", "ml.t3.medium"));
    assertThat(none.volumeGb()).isEqualTo(5);
    assertThat(none.mostVolumeGb()).isEmpty();
    assertThat(none.executionRole()).isEmpty();
  }

  @Test
  void aPrivateSpaceHasItsOwnersSettingsAndASharedOneTheDomainsForSpaces() {
    Map<String, Object> owner = map("UserSettings", map("ExecutionRole", "of-owner"));
    Map<String, Object> space = map("SpaceSettings", map("JupyterLabAppSettings",
        map("DefaultResourceSpec", map("InstanceType", "ml.c5.large"))));
    space.put("SpaceSharingSettings", map("SharingType", "Private"));
    EffectiveSettings mine = EffectiveSettings.ofSpace(DOMAIN, space, Optional.of(owner));
    assertThat(mine.executionRole()).contains("of-owner");
    assertThat(mine.resourceSpec("JupyterLab", Map.of())).containsEntry("InstanceType", "ml.c5.large");
    space.put("SpaceSharingSettings", map("SharingType", "Shared"));
    assertThat(EffectiveSettings.ofSpace(DOMAIN, space, Optional.of(owner)).executionRole()).contains("of-spaces");
    assertThat(EffectiveSettings.ofSpace(DOMAIN, Map.of(), Optional.empty()).executionRole()).contains("of-spaces");
  }

  @Test
  void aSpacesIdleTimeStaysWithinTheBoundsItHasBeenGiven() {
    for (Map.Entry<Integer, Integer> each : Map.of(30, 60, 100, 100, 600, 180).entrySet()) {
      Map<String, Object> space = map("SpaceSharingSettings", map("SharingType", "Private"), "SpaceSettings",
          map("JupyterLabAppSettings", map("AppLifecycleManagement", map("IdleSettings",
              map("IdleTimeoutInMinutes", each.getKey())))));
      assertThat(EffectiveSettings.ofSpace(DOMAIN, space, Optional.of(Map.of())).idle("JupyterLab"))
          .containsEntry("IdleTimeoutInMinutes", each.getValue()).containsEntry("LifecycleManagement", "ENABLED");
    }
  }
}
