package dev.atelier.studio;

import static dev.atelier.studio.StudioBench.ROLE;
import static dev.atelier.studio.StudioBench.each;
import static dev.atelier.studio.StudioBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.tags.TagApi;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles and spaces of a domain. */
class MembersTest {
  @TempDir Path root;
  private StudioBench bench;

  @BeforeEach
  void open() {
    bench = new StudioBench(root, Clock.systemUTC());
    new TagApi(bench.jobs().platform().metadata(), bench.jobs().platform().tags(), bench.studio()::exists)
        .register(bench.jobs().operations());
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  @Test
  void aProfileIsDescribedUpdatedAndListed() {
    String id = bench.domain();
    bench.profile(id, "Ann", "UserSettings", map("ExecutionRole", ROLE, "SecurityGroups", List.of("sg-1")));
    bench.profile(id, "ben");
    bench.refused("ResourceInUse", "The ID or Name specified is already in use.", "CreateUserProfile", "DomainId", id,
        "UserProfileName", "ANN");
    Map<String, Object> shown = bench.call("DescribeUserProfile", "DomainId", id, "UserProfileName", "Ann");
    assertThat(shown).containsEntry("UserProfileArn",
            "arn:aws:sagemaker:us-east-1:123456789012:user-profile/" + id + "/ann")
        .containsEntry("HomeEfsFileSystemUid", "200001").containsEntry("UserProfileName", "Ann");
    bench.call("UpdateUserProfile", "DomainId", id, "UserProfileName", "Ann", "UserSettings",
        map("JupyterServerAppSettings", map("DefaultResourceSpec", map("InstanceType", "system"))));
    bench.awaitStatus("InService", "DescribeUserProfile", "DomainId", id, "UserProfileName", "Ann");
    assertThat(bench.call("DescribeUserProfile", "DomainId", id, "UserProfileName", "Ann").get("UserSettings"))
        .isEqualTo(map("ExecutionRole", ROLE, "SecurityGroups", List.of("sg-1"), "JupyterServerAppSettings",
            map("DefaultResourceSpec", map("InstanceType", "system"))));
    assertThat(each(bench.call("ListUserProfiles", "DomainIdEquals", id, "UserProfileNameContains", "AN"),
        "UserProfiles", "UserProfileName")).containsExactly("Ann");
    assertThat(each(bench.call("ListUserProfiles", "DomainIdEquals", "d-other"), "UserProfiles", "DomainId")).isEmpty();
    bench.refused("ResourceNotFound", "UserProfile [" + id + "/eve] does not exist.", "DescribeUserProfile",
        "DomainId", id, "UserProfileName", "eve");
  }

  @Test
  void pagesConcatenateInTheOrderAsked() {
    String id = bench.domain();
    List<String> names = List.of("a", "b", "c", "d", "e");
    names.forEach(name -> bench.profile(id, name));
    List<Object> found = new ArrayList<>();
    Object token = null;
    do {
      Map<String, Object> request = map("DomainIdEquals", id, "MaxResults", 2, "SortOrder", "Descending");
      if (token != null) {
        request.put("NextToken", token);
      }
      Map<String, Object> page = bench.jobs().call("sagemaker", "ListUserProfiles", request);
      found.addAll(each(page, "UserProfiles", "UserProfileName"));
      token = page.get("NextToken");
    } while (token != null);
    assertThat(found).isEqualTo(names.reversed());
  }

  @Test
  void singleSignOnIsForDomainsOfThatKindAlone() {
    String iam = bench.domain();
    String sso = bench.domain("AuthMode", "SSO");
    bench.refused("ValidationException", "cannot be specified for a domain with AuthMode IAM", "CreateUserProfile",
        "DomainId", iam, "UserProfileName", "ann", "SingleSignOnUserIdentifier", "UserName", "SingleSignOnUserValue", "a");
    bench.refused("ValidationException", "are required for a domain with AuthMode SSO", "CreateUserProfile",
        "DomainId", sso, "UserProfileName", "ann");
    bench.profile(sso, "ann", "SingleSignOnUserIdentifier", "UserName", "SingleSignOnUserValue", "ann@example.com");
    assertThat(bench.call("DescribeUserProfile", "DomainId", sso, "UserProfileName", "ann"))
        .containsEntry("SingleSignOnUserValue", "ann@example.com");
  }

  @Test
  void aSpaceHasAVolumeThatGoesWithItAndAnOwnerWhoCannotGoBefore() throws Exception {
    String id = bench.domain("DefaultUserSettings", map("ExecutionRole", ROLE, "SpaceStorageSettings",
        map("DefaultEbsStorageSettings", map("DefaultEbsVolumeSizeInGb", 7, "MaximumEbsVolumeSizeInGb", 10))));
    bench.profile(id, "ann");
    bench.refused("ValidationException", "must be specified together", "CreateSpace", "DomainId", id, "SpaceName", "s",
        "OwnershipSettings", map("OwnerUserProfileName", "ann"));
    bench.refused("ValidationException", "/eve] does not exist", "CreateSpace", "DomainId", id, "SpaceName", "s",
        "OwnershipSettings", map("OwnerUserProfileName", "eve"), "SpaceSharingSettings", map("SharingType", "Private"));
    space(id, "mine", map("AppType", "JupyterLab"));
    Map<String, Object> shown = bench.call("DescribeSpace", "DomainId", id, "SpaceName", "mine");
    assertThat(shown.get("SpaceSettings")).isEqualTo(map("AppType", "JupyterLab", "SpaceStorageSettings",
        map("EbsStorageSettings", map("EbsVolumeSizeInGb", 7))));
    assertThat(each(bench.call("ListSpaces", "DomainIdEquals", id), "Spaces", "OwnershipSettingsSummary"))
        .containsExactly(map("OwnerUserProfileName", "ann"));
    String volume = id + "-" + shown.get("HomeEfsFileSystemUid");
    assertThat(bench.volumes()).contains(volume);

    bench.refused("ValidationException", "less than or equal to MaximumEbsVolumeSizeInGb", "UpdateSpace", "DomainId",
        id, "SpaceName", "mine", "SpaceSettings", storage(11));
    bench.refused("ValidationException", "cannot be decreased", "UpdateSpace", "DomainId", id, "SpaceName", "mine",
        "SpaceSettings", storage(5));
    bench.refused("ValidationException", "AppType of a space cannot be changed", "UpdateSpace", "DomainId", id,
        "SpaceName", "mine", "SpaceSettings", map("AppType", "CodeEditor"));
    bench.call("UpdateSpace", "DomainId", id, "SpaceName", "mine", "SpaceDisplayName", "My space", "SpaceSettings",
        storage(9));
    bench.awaitStatus("InService", "DescribeSpace", "DomainId", id, "SpaceName", "mine");
    assertThat(bench.call("DescribeSpace", "DomainId", id, "SpaceName", "mine"))
        .containsEntry("SpaceDisplayName", "My space");

    bench.refused("ResourceInUse", "/ann] because Space(s) are associated with it.", "DeleteUserProfile", "DomainId",
        id, "UserProfileName", "ann");
    bench.call("DeleteSpace", "DomainId", id, "SpaceName", "mine");
    bench.awaitStatus("gone", "DescribeSpace", "DomainId", id, "SpaceName", "mine");
    assertThat(bench.volumes()).doesNotContain(volume);
    bench.call("DeleteUserProfile", "DomainId", id, "UserProfileName", "ann");
    bench.awaitStatus("gone", "DescribeUserProfile", "DomainId", id, "UserProfileName", "ann");
  }

  private static Map<String, Object> storage(int gb) {
    return map("SpaceStorageSettings", map("EbsStorageSettings", map("EbsVolumeSizeInGb", gb)));
  }

  private void space(String domain, String name, Map<String, Object> settings) {
    bench.call("CreateSpace", "DomainId", domain, "SpaceName", name, "SpaceSettings", settings, "OwnershipSettings",
        map("OwnerUserProfileName", "ann"), "SpaceSharingSettings", map("SharingType", "Private"));
    bench.awaitStatus("InService", "DescribeSpace", "DomainId", domain, "SpaceName", name);
  }

  @Test
  void whatIsMadeInADomainIsTaggedWithItAndInheritsItsTagsWhereTheyPropagate() {
    List<Object> own = List.of(map("Key", "team", "Value", "blue"));
    String quiet = bench.domain("Tags", own);
    String loud = bench.domain("Tags", own, "TagPropagation", "ENABLED");
    bench.profile(quiet, "ann", "Tags", List.of(map("Key", "who", "Value", "ann")));
    bench.profile(loud, "ann", "Tags", List.of(map("Key", "who", "Value", "ann")));
    space(loud, "mine", map("AppType", "JupyterLab"));
    String arn = "arn:aws:sagemaker:us-east-1:123456789012:";
    assertThat(tags("user-profile/" + quiet + "/ann"))
        .isEqualTo(Map.of("sagemaker:domain-arn", arn + "domain/" + quiet, "who", "ann"));
    assertThat(tags("space/" + loud + "/mine")).isEqualTo(Map.of("sagemaker:domain-arn", arn + "domain/" + loud,
        "sagemaker:user-profile-arn", arn + "user-profile/" + loud + "/ann", "team", "blue", "who", "ann"));
    bench.call("AddTags", "ResourceArn", arn + "domain/" + quiet, "Tags", List.of(map("Key", "x", "Value", "y")));
    bench.call("DeleteTags", "ResourceArn", arn + "domain/" + quiet, "TagKeys", List.of("team"));
    assertThat(tags("domain/" + quiet)).isEqualTo(Map.of("x", "y"));
    bench.refused("ValidationException", "Could not find resource", "ListTags", "ResourceArn", arn + "domain/d-gone");
  }

  private Map<Object, Object> tags(String resource) {
    Map<Object, Object> tags = new HashMap<>();
    ((List<?>) bench.call("ListTags", "ResourceArn", "arn:aws:sagemaker:us-east-1:123456789012:" + resource)
        .get("Tags")).forEach(tag -> tags.put(((Map<?, ?>) tag).get("Key"), ((Map<?, ?>) tag).get("Value")));
    return tags;
  }
}
