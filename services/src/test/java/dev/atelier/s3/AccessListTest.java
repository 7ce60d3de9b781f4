package dev.atelier.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.identity.policy.Statement;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.s3.AccessList.Given;
import dev.atelier.s3.AccessList.Group;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Access lists as requests ask for them, and whom they let in. */
class AccessListTest {
  private static final long SEED = 99;
  private static final AccountId OWNER = new AccountId("111111111111");
  private static final AccountId OTHER = new AccountId("222222222222");
  private static final AccountId THIRD = new AccountId("333333333333");
  private final AccessListRequests requests = new AccessListRequests(
      new AccountDirectory(() -> List.of(OWNER, OTHER, THIRD), Map.of("third@example.com", THIRD), (type, name) -> false));

  private AccessList canned(String name, AccountId owner, AccountId bucketOwner) {
    return requests.ofHeaders(Map.of("ACL", name), owner, bucketOwner).orElseThrow();
  }

  private AccessList headers(String... headers) {
    Map<String, Object> request = new LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      request.put(headers[i], headers[i + 1]);
    }
    return requests.ofHeaders(request, OWNER, OWNER).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"private, ''", "public-read, AllUsers READ", "public-read-write, AllUsers READ AllUsers WRITE",
      "authenticated-read, AuthenticatedUsers READ", "log-delivery-write, LogDelivery WRITE LogDelivery READ_ACP",
      "bucket-owner-read, ''", "bucket-owner-full-control, ''"})
  void cannedListsMeanTheseGrants(String name, String more) {
    List<String> grants = canned(name, OWNER, OWNER).grants().stream().skip(1).map(given ->
        given.group().orElseThrow().uri().replaceAll(".*/", "") + " " + given.permission()).toList();
    assertThat(String.join(" ", grants)).isEqualTo(more);
    assertThat(canned(name, OWNER, OWNER).grants().getFirst()).isEqualTo(Given.to(OWNER, "FULL_CONTROL"));
    assertThat(canned(name, OWNER, OWNER).isPublic())
        .isEqualTo(name.startsWith("public") || name.equals("authenticated-read"));
  }

  @Test
  void theBucketsOwnerIsNamedWhereTheWriterIsAnother() {
    assertThat(canned("bucket-owner-read", OTHER, OWNER).grants()).containsExactly(Given.to(OTHER, "FULL_CONTROL"),
        Given.to(OWNER, "READ"));
    assertThat(canned("bucket-owner-full-control", OTHER, OWNER).grants()).containsExactly(
        Given.to(OTHER, "FULL_CONTROL"), Given.to(OWNER, "FULL_CONTROL"));
    assertThat(canned("bucket-owner-read", OTHER, OWNER).onlyOwner(OTHER)).isFalse();
  }

  @Test
  void headersNameGranteesInThreeWays() {
    assertThat(headers("GrantRead", "id=\"" + Owners.canonicalId(OTHER) + "\", emailAddress=Third@Example.com",
        "GrantWriteACP", "URI=" + Group.LOG_DELIVERY.uri()).grants()).containsExactlyInAnyOrder(
            Given.to(OTHER, "READ"), Given.to(THIRD, "READ"), Given.to(Group.LOG_DELIVERY, "WRITE_ACP"));
    assertThat(requests.ofHeaders(Map.of(), OWNER, OWNER)).isEmpty();
  }

  @Test
  void badHeadersAreRefused() {
    refused("InvalidArgument", () -> canned("secret", OWNER, OWNER));
    refused("NotImplemented", () -> canned("aws-exec-read", OWNER, OWNER));
    refused("InvalidArgument", () -> headers("GrantRead", "id=" + "0".repeat(64)));
    refused("InvalidArgument", () -> headers("GrantRead", "uri=http://acs.amazonaws.com/groups/global/Nobody"));
    refused("UnresolvableGrantByEmailAddress", () -> headers("GrantRead", "emailAddress=who@example.com"));
    for (String text : List.of("", "id", "=x", "id=", "name=x", "id=a\"b", "id=" + "x".repeat(2000), ",")) {
      refused("InvalidArgument", () -> headers("GrantWrite", text.isEmpty() ? " " : text));
    }
    refused("InvalidRequest", () -> headers("ACL", "private", "GrantRead", "uri=" + Group.ALL_USERS.uri()));
    refused("InvalidRequest", () -> headers("GrantRead", String.join(",",
        java.util.Collections.nCopies(101, "uri=" + Group.ALL_USERS.uri()))));
  }

  private AccessList document(AccountId owner, Object... grants) {
    return requests.ofDocument(Map.of("Owner", Map.of("ID", Owners.canonicalId(owner)), "Grants", List.of(grants)), OWNER);
  }

  @Test
  void documentsKeepTheOwner() {
    Map<String, Object> grant = Map.of("Permission", "READ", "Grantee", Map.of("ID", Owners.canonicalId(OTHER)));
    assertThat(document(OWNER, grant).grants()).containsExactly(Given.to(OTHER, "READ"));
    assertThat(document(OWNER).grants()).isEmpty();
    refused("AccessDenied", () -> document(OTHER, grant));
    refused("MalformedACLError", () -> requests.ofDocument(Map.of("Grants", List.of(grant)), OWNER));
    refused("MalformedACLError", () -> document(OWNER, Map.of("Permission", "READ")));
    refused("MalformedACLError", () -> document(OWNER, Map.of("Permission", "ALL", "Grantee",
        Map.of("ID", Owners.canonicalId(OTHER)))));
    refused("MalformedACLError", () -> document(OWNER, Map.of("Permission", "READ", "Grantee", Map.of())));
    refused("MalformedACLError", () -> document(OWNER, java.util.Collections.nCopies(101, grant).toArray()));
  }

  /** Lists made at random: an account has a permission exactly if some grant gives it or full control. */
  @Test
  void statementsLetInWhomTheGrantsName() {
    Random random = new Random(SEED);
    List<String> permissions = List.of("FULL_CONTROL", "READ", "WRITE", "READ_ACP", "WRITE_ACP");
    for (int round = 0; round < 500; round++) {
      List<Given> grants = new ArrayList<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        String permission = permissions.get(random.nextInt(5));
        grants.add(random.nextBoolean() ? Given.to(List.of(OWNER, OTHER, THIRD).get(random.nextInt(3)), permission)
            : Given.to(Group.values()[random.nextInt(3)], permission));
      }
      String needed = permissions.get(1 + random.nextInt(4));
      boolean ignored = random.nextBoolean();
      Set<String> expected = grants.stream().filter(given -> given.permission().equals(needed)
              || given.permission().equals("FULL_CONTROL"))
          .filter(given -> !ignored || !given.to().equals("ALL_USERS") && !given.to().equals("AUTHENTICATED_USERS"))
          .map(Given::to).collect(Collectors.toSet());
      Set<String> let = new HashSet<>();
      for (Statement statement : new AccessList(grants).statements(Set.of(needed, "FULL_CONTROL"), ignored)) {
        assertThat(statement.effect()).isEqualTo(Statement.Effect.ALLOW);
        let.add(who(statement));
      }
      assertThat(let).as("seed %d: %s for %s", SEED, grants, needed).isEqualTo(expected);
    }
  }

  private static String who(Statement statement) {
    if (statement.principals().containsKey("Service")) {
      return "LOG_DELIVERY";
    }
    String name = statement.principals().get("AWS").getFirst();
    return !name.equals("*") ? name.replaceAll("\\D", "")
        : statement.conditions().isEmpty() ? "ALL_USERS" : "AUTHENTICATED_USERS";
  }

  @Test
  void listsAreKeptAsTheyAre() {
    AccessList list = canned("public-read", OTHER, OWNER);
    assertThat(AccessList.read(list.json())).isEqualTo(list);
  }

  private static void refused(String code, Runnable call) {
    assertThatThrownBy(call::run).isInstanceOfSatisfying(Fault.class,
        fault -> assertThat(fault.code()).isEqualTo(code));
  }
}
