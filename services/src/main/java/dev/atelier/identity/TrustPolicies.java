package dev.atelier.identity;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.Statement;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks trust policies: their form, and that the principals they name exist. A user or role is meant by its unique id,
 * as on AWS: one that is made later under the same name is not trusted.
 */
final class TrustPolicies {
  private static final Pattern SERVICE = Pattern.compile("[a-z0-9][a-z0-9.-]*\\.(?:amazonaws\\.com(?:\\.cn)?|aws\\.internal|amazon\\.com)");
  private static final List<String> WEB_PROVIDERS =
      List.of("cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com");

  private final IdentityStore identities;

  TrustPolicies(IdentityStore identities) {
    this.identities = identities;
  }

  /**
   * Checks a document.
   *
   * @return the unique ids of the users and roles that it names, by how it names them
   * @throws Fault MalformedPolicyDocument
   */
  Map<String, String> check(String document) {
    Map<String, String> ids = new LinkedHashMap<>();
    for (Statement statement : PolicyDocument.parse(document, PolicyDocument.Kind.TRUST).statements()) {
      statement.principals().forEach((type, values) -> values.forEach(value -> {
        if (type.equals("AWS")) {
          entity(value).ifPresent(found -> ids.put(value, found));
        }
        if (!names(type, value)) {
          throw new Fault("MalformedPolicyDocument", 400, "Invalid principal in policy: \""
              + (type.equals("AWS") ? type : type.toUpperCase(Locale.ROOT)) + "\":\"" + value + "\"");
        }
      }));
    }
    return ids;
  }

  /** Whether there is whom a Principal element names; of a provider, whether it could be one. */
  boolean names(String type, String value) {
    return switch (type) {
      case "AWS" -> value.equals("*") || entity(value).isPresent() || exists(value);
      case "Service" -> SERVICE.matcher(value).matches();
      case "Federated" -> WEB_PROVIDERS.contains(value)
          || value.matches("arn:[a-z-]+:iam::\\d{12}:(?:saml-provider|oidc-provider)/.+");
      default -> false;
    };
  }

  private boolean exists(String principal) {
    if (principal.matches("\\d{12}")) {
      return identities.hasAccount(new AccountId(principal));
    }
    Optional<Arn> arn = Arn.parse(principal).filter(each -> each.account().matches("\\d{12}"));
    if (arn.isEmpty() || !identities.hasAccount(new AccountId(arn.get().account()))) {
      return false;
    }
    String resource = arn.get().resource();
    return switch (arn.get().service()) {
      case "iam" -> resource.equals("root");
      case "sts" -> resource.matches("federated-user/[^/]+");
      default -> false;
    };
  }

  /** The unique id of the user or role that is named by its ARN, that of a session, or the id itself. */
  private Optional<String> entity(String principal) {
    if (TrustedPrincipals.isId(principal)) {
      return Optional.of(principal).filter(identities::hasPrincipal);
    }
    Optional<Arn> arn = Arn.parse(principal).filter(each -> each.account().matches("\\d{12}"));
    if (arn.isEmpty()) {
      return Optional.empty();
    }
    AccountId account = new AccountId(arn.get().account());
    String[] path = arn.get().resource().split("/", -1);
    String last = path[path.length - 1];
    return switch (arn.get().service() + ":" + path[0]) {
      case "iam:user" -> identities.findUser(account, last)
          .filter(user -> ("user" + user.path() + user.name()).equals(arn.get().resource())).map(User::id);
      case "iam:role" -> identities.findRole(account, last)
          .filter(role -> ("role" + role.path() + role.name()).equals(arn.get().resource())).map(Role::id);
      case "sts:assumed-role" -> path.length == 3
          ? identities.findRole(account, path[1]).map(role -> role.id() + ":" + path[2]) : Optional.empty();
      default -> Optional.empty();
    };
  }
}
