package dev.atelier.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.Statement;
import dev.atelier.kernel.AccountId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An access control list: to whom a bucket's or an object's owner gives which permissions. */
record AccessList(List<Given> grants) {
  static final String FULL_CONTROL = "FULL_CONTROL";
  static final Set<String> PERMISSIONS = Set.of(FULL_CONTROL, "READ", "WRITE", "READ_ACP", "WRITE_ACP");

  private static final ObjectMapper JSON = new ObjectMapper();

  AccessList {
    grants = List.copyOf(grants);
  }

  /** S3's groups. */
  enum Group {
    ALL_USERS("http://acs.amazonaws.com/groups/global/AllUsers"),
    AUTHENTICATED_USERS("http://acs.amazonaws.com/groups/global/AuthenticatedUsers"),
    LOG_DELIVERY("http://acs.amazonaws.com/groups/s3/LogDelivery");

    private final String uri;

    Group(String uri) {
      this.uri = uri;
    }

    String uri() {
      return uri;
    }

    static Optional<Group> of(String uri) {
      return List.of(values()).stream().filter(group -> group.uri.equals(uri)).findFirst();
    }
  }

  /**
   * One grant.
   *
   * @param to the twelve digits of an account, or a group's name
   */
  record Given(String to, String permission) {
    static Given to(AccountId account, String permission) {
      return new Given(account.value(), permission);
    }

    static Given to(Group group, String permission) {
      return new Given(group.name(), permission);
    }

    Optional<Group> group() {
      return List.of(Group.values()).stream().filter(each -> each.name().equals(to)).findFirst();
    }

    private boolean anybody() {
      return group().filter(group -> group != Group.LOG_DELIVERY).isPresent();
    }
  }

  /** The owner's full control alone. */
  static AccessList ofOwner(AccountId owner) {
    return new AccessList(List.of(Given.to(owner, FULL_CONTROL)));
  }

  boolean isPublic() {
    return grants.stream().anyMatch(Given::anybody);
  }

  boolean onlyOwner(AccountId owner) {
    return grants.stream().allMatch(grant -> grant.to().equals(owner.value()));
  }

  /**
   * The grants of some permissions as the statements of a policy: an account that is let in still decides by its own
   * policies, as a policy that names an account leaves it to.
   *
   * @param permissions those of which any one suffices
   * @param ignorePublic whether grants to everybody do not count
   */
  List<Statement> statements(Set<String> permissions, boolean ignorePublic) {
    Set<String> accounts = new TreeSet<>();
    List<Statement> statements = new ArrayList<>();
    for (Given grant : grants) {
      if (!permissions.contains(grant.permission()) || grant.anybody() && ignorePublic) {
        continue;
      }
      Optional<Group> group = grant.group();
      if (group.isEmpty()) {
        accounts.add(grant.to());
      } else if (group.get() == Group.ALL_USERS) {
        statements.addAll(statement("\"*\"", ""));
      } else if (group.get() == Group.AUTHENTICATED_USERS) {
        statements.addAll(statement("\"*\"", ", \"Condition\": {\"Null\": {\"aws:PrincipalAccount\": \"false\"}}"));
      } else {
        statements.addAll(statement("{\"Service\": \"logging.s3.amazonaws.com\"}", ""));
      }
    }
    accounts.forEach(account -> statements.addAll(statement("{\"AWS\": \"" + account + "\"}", "")));
    return statements;
  }

  private static List<Statement> statement(String principal, String condition) {
    return PolicyDocument.parse("""
        {"Version": "2012-10-17", "Statement": [{"Sid": "acl", "Effect": "Allow", "Principal": %s, "Action": "s3:*",
          "Resource": "*"%s}]}""".formatted(principal, condition), PolicyDocument.Kind.RESOURCE).statements();
  }

  static AccessList read(String json) {
    try {
      return JSON.readValue(json, AccessList.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("unreadable access list", e);
    }
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
