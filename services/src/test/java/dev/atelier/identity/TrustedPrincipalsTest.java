package dev.atelier.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.operation.OperationTable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trust policy means the user or role that had the name when it was written. */
final class TrustedPrincipalsTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final String ANN = "arn:aws:iam::123456789012:user/ann";
  private static final String ROLE = "arn:aws:iam::123456789012:role/trusting";

  private final OperationTable table = new OperationTable();
  private MetadataStore store;
  private IdentityFeature identity;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    store = MetadataStore.open(folder.resolve("meta.db"), "db/meta");
    identity = IdentityFeature.open(store, Secrets.open(Files.createDirectory(folder.resolve("keys"))),
        Clock.systemUTC(), table);
    identity.bootstrap().defaultAccount(ACCOUNT, "AKIAIOSFODNN7EXAMPLE", "secret");
  }

  @AfterEach
  void close() {
    identity.close();
    store.close();
  }

  private Map<String, Object> call(String service, Identity as, String operation, String... parameters) {
    Map<String, Object> input = new HashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      input.put(parameters[i], parameters[i + 1]);
    }
    return table.find(service, operation).orElseThrow()
        .perform(new Caller(ACCOUNT, new Region("us-east-1"), as, ""), input);
  }

  private Map<String, Object> iam(String operation, String... parameters) {
    return call("iam", new Identity.User("admin", "/", "AIDA"), operation, parameters);
  }

  private String user(String name) {
    return member(iam("CreateUser", "UserName", name), "User", "UserId");
  }

  private static String member(Map<String, Object> answer, String outer, String inner) {
    return ((Map<?, ?>) answer.get(outer)).get(inner).toString();
  }

  private void role(String principal) {
    iam("CreateRole", "RoleName", "trusting", "AssumeRolePolicyDocument", trust(principal));
  }

  private static String trust(String principal) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":" + principal
        + "},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalTag/x\":\"" + ANN
        + "\"}}}]}";
  }

  private String document() {
    return URLDecoder.decode(member(iam("GetRole", "RoleName", "trusting"), "Role", "AssumeRolePolicyDocument"),
        StandardCharsets.UTF_8);
  }

  private void assume(String name, String id) {
    call("sts", new Identity.User(name, "/", id), "AssumeRole", "RoleArn", ROLE, "RoleSessionName", "session");
  }

  @Test
  void aUserOfTheSameNameIsNotTrustedLater() {
    String first = user("ann");
    role("\"" + ANN + "\"");
    assertThat(document()).isEqualTo(trust("\"" + ANN + "\""));
    assume("ann", first);
    iam("DeleteUser", "UserName", "ann");
    assertThat(document()).isEqualTo(trust("\"" + first + "\""));
    String second = user("ann");
    assertThat(document()).isEqualTo(trust("\"" + first + "\""));
    assertThatThrownBy(() -> assume("ann", second)).isInstanceOf(Fault.class).hasMessageContaining("sts:AssumeRole");
    iam("UpdateAssumeRolePolicy", "RoleName", "trusting", "PolicyDocument", trust("\"" + ANN + "\""));
    assume("ann", second);
  }

  @Test
  void aRenamedUserIsStillTrustedAndShownByTheNewName() {
    String id = user("ann");
    user("bob");
    role("[\"" + ANN + "\",\"arn:aws:iam::123456789012:user/bob\"]");
    iam("UpdateUser", "UserName", "ann", "NewUserName", "carol", "NewPath", "/team/");
    assertThat(document()).isEqualTo(
        trust("[\"arn:aws:iam::123456789012:user/team/carol\",\"arn:aws:iam::123456789012:user/bob\"]"));
    call("sts", new Identity.User("carol", "/team/", id), "AssumeRole", "RoleArn", ROLE, "RoleSessionName", "session");
  }

  @Test
  void rolesAndTheirSessionsAreMeantByIdToo() {
    iam("CreateRole", "RoleName", "other", "AssumeRolePolicyDocument", trust("\"123456789012\""));
    String id = member(iam("GetRole", "RoleName", "other"), "Role", "RoleId");
    role("[\"arn:aws:iam::123456789012:role/other\",\"arn:aws:sts::123456789012:assumed-role/other/me\"]");
    iam("DeleteRole", "RoleName", "other");
    assertThat(document()).isEqualTo(trust("[\"" + id + "\",\"" + id + ":me\"]"));
  }

  @Test
  void anIdThatIsKnownIsTakenAndOneThatIsNotIsRefused() {
    String id = user("ann");
    role("\"" + id + "\"");
    assertThat(document()).isEqualTo(trust("\"" + ANN + "\""));
    iam("DeleteUser", "UserName", "ann");
    assertThatThrownBy(() -> iam("UpdateAssumeRolePolicy", "RoleName", "trusting", "PolicyDocument",
        trust("\"" + id + "\""))).isInstanceOf(Fault.class)
        .hasMessage("Invalid principal in policy: \"AWS\":\"" + id + "\"");
  }
}
