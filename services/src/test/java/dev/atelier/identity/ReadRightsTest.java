package dev.atelier.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.operation.OperationTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadRightsTest {
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Region REGION = new Region("us-east-1");
  private final Caller root = new Caller(ACCOUNT, REGION, new Identity.Root(), "");
  private MetadataStore store;
  private ReadRights rights;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    store = MetadataStore.open(folder.resolve("meta.db"), "db/meta");
    IdentityFeature identity = IdentityFeature.open(store,
        Secrets.open(Files.createDirectory(folder.resolve("keys"))), Clock.systemUTC(), new OperationTable());
    identity.bootstrap().defaultAccount(ACCOUNT, "AKIAIOSFODNN7EXAMPLE", "secret");
    rights = new ReadRights(new RequestAccess((bucket, access) -> Optional.empty()), identity.authoriser());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private boolean known(Caller caller, String arn) {
    return rights.mayKnow(caller, Arn.parse(arn).orElseThrow(), Map.of());
  }

  @Test
  void anAccountsRootKnowsWhatTheAccountHasAndNothingOfOthers() {
    String own = "arn:aws:sagemaker:us-east-1:123456789012:";
    for (String resource : new String[] {"training-job/a", "user-profile/d-1/dana", "app/d-1/dana/JupyterLab/default",
        "image-version/tools/3", "pipeline/p/execution/e1", "notebook-instance/n"}) {
      assertThat(known(root, own + resource)).as(resource).isTrue();
      assertThat(known(root, own.replace("123456789012", "999999999999") + resource)).as(resource).isFalse();
    }
    assertThat(known(root, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:a/b:c")).isTrue();
    assertThat(known(root, "arn:aws:iam::123456789012:user/team/kim")).isTrue();
    assertThat(known(root, "arn:aws:logs:us-east-1:123456789012:log-group:/aws/x")).isTrue();
  }

  @Test
  void whatNoOperationDescribesIsNotKnown() {
    assertThat(known(root, "arn:aws:sagemaker:us-east-1:123456789012:no-such-kind/a")).isFalse();
    assertThat(known(root, "arn:aws:ec2:us-east-1:123456789012:instance/i-1")).isFalse();
    assertThat(known(new Caller(ACCOUNT, REGION, new Identity.User("nobody", "/", "AIDAEXAMPLE"), ""),
        "arn:aws:sagemaker:us-east-1:123456789012:training-job/a")).isFalse();
  }
}
