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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits and conflicts hold when many ask at once. */
final class ConcurrentChangesTest {
  private static final int AT_ONCE = 12;
  private static final int ROUNDS = 15;
  private static final AccountId ACCOUNT = new AccountId("123456789012");
  private static final Caller ADMIN =
      new Caller(ACCOUNT, new Region("us-east-1"), new Identity.User("admin", "/", "AIDA"), "");
  private static final String DOCUMENT = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
      + "\"Action\":\"s3:ListBucket\",\"Resource\":\"*\"}]}";

  private final OperationTable table = new OperationTable();
  private MetadataStore store;
  private IdentityFeature identity;
  private ExecutorService threads;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    store = MetadataStore.open(folder.resolve("meta.db"), "db/meta");
    Secrets secrets = Secrets.open(Files.createDirectory(folder.resolve("keys")));
    identity = IdentityFeature.open(store, secrets, Clock.systemUTC(), table);
    identity.bootstrap().defaultAccount(ACCOUNT, "AKIAIOSFODNN7EXAMPLE", "secret");
    threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  @AfterEach
  void close() {
    threads.close();
    identity.close();
    store.close();
  }

  private Map<String, Object> call(String operation, String... parameters) {
    Map<String, Object> input = new HashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      input.put(parameters[i], parameters[i + 1]);
    }
    return table.find("iam", operation).orElseThrow().perform(ADMIN, input);
  }

  /** The codes of those that were refused; "" for each that was not. */
  private List<String> together(IntFunction<Callable<?>> calls) throws Exception {
    CyclicBarrier start = new CyclicBarrier(AT_ONCE);
    List<Future<String>> running = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      Callable<?> call = calls.apply(i);
      running.add(threads.submit(() -> {
        start.await();
        try {
          call.call();
          return "";
        } catch (Fault refused) {
          return refused.code();
        }
      }));
    }
    List<String> outcomes = new ArrayList<>();
    for (Future<String> each : running) {
      outcomes.add(outcome(each));
    }
    return outcomes;
  }

  private static String outcome(Future<String> running) throws Exception {
    try {
      return running.get();
    } catch (ExecutionException e) {
      throw new AssertionError("a call failed in another way than by a refusal", e.getCause());
    }
  }

  private static List<?> list(Map<String, Object> answer, String member) {
    return (List<?>) answer.getOrDefault(member, List.of());
  }

  private static void assertAllowed(List<String> outcomes, int allowed, String code) {
    assertThat(outcomes.stream().filter(String::isEmpty)).hasSize(allowed);
    assertThat(outcomes.stream().filter(each -> !each.isEmpty())).hasSize(AT_ONCE - allowed).allMatch(code::equals);
  }

  @Test
  void aUserHasTwoKeys() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String user = "keys-" + round;
      call("CreateUser", "UserName", user);
      assertAllowed(together(i -> () -> call("CreateAccessKey", "UserName", user)), 2, "LimitExceeded");
      assertThat(list(call("ListAccessKeys", "UserName", user), "AccessKeyMetadata")).hasSize(2);
    }
  }

  @Test
  void aPolicyHasFiveVersions() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String arn = "arn:aws:iam::123456789012:policy/versions-" + round;
      call("CreatePolicy", "PolicyName", "versions-" + round, "PolicyDocument", DOCUMENT);
      assertAllowed(together(i -> () -> call("CreatePolicyVersion", "PolicyArn", arn, "PolicyDocument", DOCUMENT)), 4,
          "LimitExceeded");
      assertThat(list(call("ListPolicyVersions", "PolicyArn", arn), "Versions")).hasSize(5);
    }
  }

  @Test
  void attachedPoliciesAndGroupsAreCounted() throws Exception {
    call("CreateUser", "UserName", "ann");
    List<String> policies = new ArrayList<>();
    for (int i = 0; i < 14 + AT_ONCE; i++) {
      policies.add("arn:aws:iam::123456789012:policy/p" + i);
      call("CreatePolicy", "PolicyName", "p" + i, "PolicyDocument", DOCUMENT);
    }
    policies.subList(0, 14).forEach(arn -> call("AttachUserPolicy", "UserName", "ann", "PolicyArn", arn));
    assertAllowed(together(i -> () -> call("AttachUserPolicy", "UserName", "ann", "PolicyArn", policies.get(14 + i))),
        6, "LimitExceeded");
    for (int i = 0; i < AT_ONCE; i++) {
      call("CreateGroup", "GroupName", "g" + i);
    }
    assertAllowed(together(i -> () -> call("AddUserToGroup", "UserName", "ann", "GroupName", "g" + i)), 10,
        "LimitExceeded");
    // whoever is in a group or not: afterwards it is not
    assertAllowed(together(i -> () -> call("RemoveUserFromGroup", "UserName", "ann", "GroupName", "g0")), AT_ONCE, "");
  }

  /** Whoever comes first: a user that is deleted holds nothing, and one that holds something is not deleted. */
  @Test
  void nothingIsGivenToWhoIsDeleted() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String user = "gone-" + round;
      String arn = "arn:aws:iam::123456789012:policy/held-" + round;
      call("CreateUser", "UserName", user);
      call("CreatePolicy", "PolicyName", "held-" + round, "PolicyDocument", DOCUMENT);
      List<String> outcomes = together(i -> switch (i % 4) {
        case 0 -> () -> call("DeleteUser", "UserName", user);
        case 1 -> () -> call("CreateAccessKey", "UserName", user);
        case 2 -> () -> call("AttachUserPolicy", "UserName", user, "PolicyArn", arn);
        default -> () -> call("DeletePolicy", "PolicyArn", arn);
      });
      assertThat(outcomes).containsAnyOf("", "DeleteConflict").allMatch(code ->
          List.of("", "DeleteConflict", "NoSuchEntity", "LimitExceeded").contains(code));
      boolean there = rows("iam_user where name", user) == 1;
      boolean policy = rows("iam_policy where name", "held-" + round) == 1;
      int keys = rows("iam_access_key where user_name", user);
      int attached = rows("iam_attached_policy where principal", user);
      assertThat(keys == 0 || there).as("keys of nobody").isTrue();
      assertThat(attached == 0 || there && policy).as("attached to nobody, or nothing attached").isTrue();
    }
  }

  private int rows(String place, String name) {
    return store.read(tx -> tx.createQuery("select count(*) from " + place + " = :name")
        .bind("name", name).mapTo(Integer.class).one());
  }

  @Test
  void anAccountHasNoMoreGroupsThanItsQuota() {
    for (int i = 0; i < Quota.GROUPS.most(); i++) {
      call("CreateGroup", "GroupName", "group-" + i);
    }
    assertThatThrownBy(() -> call("CreateGroup", "GroupName", "one-more")).isInstanceOfSatisfying(Fault.class,
        fault -> assertThat(fault.code()).isEqualTo("LimitExceeded"))
        .hasMessage("Cannot exceed quota for GroupsPerAccount: 300");
    call("DeleteGroup", "GroupName", "group-0");
    call("CreateGroup", "GroupName", "one-more");
  }
}
