package dev.atelier.identity;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes the first account, its administrator and its execution role, and what the configuration names. */
public final class Bootstrap {
  public static final String ADMINISTRATOR = "admin";
  public static final String EXECUTION_ROLE = "AtelierExecutionRole";
  public static final String EXECUTION_ROLE_PATH = "/service-role/";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess";
  private static final String SAGEMAKER = "sagemaker.amazonaws.com";
  private static final Duration LONGEST_SESSION = Duration.ofHours(12);

  private final IdentityStore store;
  private final Users users;
  private final AccessKeys keys;
  private final Roles roles;
  private final ManagedPolicies policies;
  private final Clock clock;

  Bootstrap(IdentityStore store, Users users, AccessKeys keys, Roles roles, ManagedPolicies policies, Clock clock) {
    this.store = store;
    this.users = users;
    this.keys = keys;
    this.roles = roles;
    this.policies = policies;
    this.clock = clock;
  }

  /** A fresh access key for an administrator that does not exist yet; nothing is stored. */
  public static Users.NewKey newAdministratorKey(Clock clock) {
    return new Users.NewKey(
        new AccessKey(UniqueId.of("AKIA"), ADMINISTRATOR, true, clock.instant()), UniqueId.secret());
  }

  /** Makes sure of the default account with user {@code admin}, who holds the key, and the execution role. */
  public void defaultAccount(AccountId account, String accessKeyId, String secretAccessKey) {
    store.ensureAccount(account, clock.instant());
    executionRole(account);
    User admin = store.findUser(account, ADMINISTRATOR)
        .orElseGet(() -> users.create(account, ADMINISTRATOR, "/"));
    policies.attach(admin, ADMINISTRATOR_ACCESS);
    if (store.findKey(accessKeyId).isEmpty()) {
      keys.put(admin, accessKeyId, secretAccessKey);
    }
  }

  /** The role that jobs and notebooks run with unless another is named: everything but administration of identities. */
  private void executionRole(AccountId account) {
    if (store.findRole(account, EXECUTION_ROLE).isPresent()) {
      return;
    }
    Role role = roles.create(account, new Roles.NewRole(EXECUTION_ROLE, EXECUTION_ROLE_PATH,
        trust(List.of(SAGEMAKER, account.value())), "Runs SageMaker jobs, endpoints and notebooks", LONGEST_SESSION));
    policies.putInline(role, "AtelierExecutionPolicy", """
        {"Version": "2012-10-17", "Statement": [
          {"Sid": "AllButIdentities", "Effect": "Allow", "NotAction": ["iam:*", "sts:*", "organizations:*", "account:*"],
           "Resource": "*"},
          {"Sid": "ReadIdentities", "Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "iam:Simulate*",
            "sts:GetCallerIdentity", "sts:GetAccessKeyInfo"], "Resource": "*"},
          {"Sid": "PassItself", "Effect": "Allow", "Action": ["iam:PassRole", "sts:AssumeRole"],
           "Resource": "arn:*:iam::%s:role/service-role/AtelierExecutionRole"}]}
        """.formatted(account.value()));
  }

  /** Creates and updates what the configuration names. */
  public void apply(AccountSpec spec) {
    AccountId account = new AccountId(spec.id());
    store.ensureAccount(account, clock.instant());
    spec.users().forEach(user -> apply(account, user));
    spec.roles().forEach(role -> apply(account, role));
  }

  private void apply(AccountId account, AccountSpec.UserSpec spec) {
    User user = store.findUser(account, spec.name()).orElseGet(() -> users.create(account, spec.name(), "/"));
    Optional<IdentityStore.KeyRow> present = store.findKey(spec.accessKeyId());
    if (present.isPresent()
        && !(present.get().account().equals(account) && present.get().key().user().equals(user.name()))) {
      throw new Fault("InvalidConfiguration", 400,
          "the access key " + spec.accessKeyId() + " of user " + spec.name() + " belongs to another user");
    }
    if (present.isPresent()) {
      store.deleteKey(spec.accessKeyId());
    }
    keys.put(user, spec.accessKeyId(), spec.secretAccessKey());
    spec.policies().forEach(arn -> policies.attach(user, arn));
  }

  private void apply(AccountId account, AccountSpec.RoleSpec spec) {
    String trust = trust(spec.trust());
    Role role = store.findRole(account, spec.name()).orElseGet(() -> roles.create(account,
        new Roles.NewRole(spec.name(), spec.path(), trust, "", LONGEST_SESSION)));
    if (!role.trust().equals(trust)) {
      roles.updateTrust(account, role.name(), trust);
    }
    spec.policies().forEach(arn -> policies.attach(role, arn));
  }

  /** A trust policy for service principals (names with a dot) and accounts. */
  private static String trust(List<String> trusted) {
    ObjectNode document = JSON.createObjectNode().put("Version", "2012-10-17");
    ArrayNode statements = document.putArray("Statement");
    for (String each : trusted) {
      ObjectNode statement = statements.addObject().put("Effect", "Allow").put("Action", "sts:AssumeRole");
      boolean service = each.indexOf('.') > 0;
      statement.putObject("Principal")
          .put(service ? "Service" : "AWS", service ? each : "arn:aws:iam::" + each + ":root");
    }
    return document.toString();
  }
}
