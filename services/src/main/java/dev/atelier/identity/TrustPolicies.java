package dev.atelier.identity;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.Statement;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks trust policies: their form, and that the principals they name exist. */
final class TrustPolicies {
  private static final Pattern SERVICE = Pattern.compile("[a-z0-9][a-z0-9.-]*\\.(?:amazonaws\\.com(?:\\.cn)?|aws\\.internal|amazon\\.com)");
  private static final List<String> WEB_PROVIDERS =
      List.of("cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com");

  private final IdentityStore identities;

  TrustPolicies(IdentityStore identities) {
    this.identities = identities;
  }

  /** @throws Fault MalformedPolicyDocument */
  void check(String document) {
    for (Statement statement : PolicyDocument.parse(document, PolicyDocument.Kind.TRUST).statements()) {
      statement.principals().forEach((type, values) -> values.forEach(value -> {
        boolean known = switch (type) {
          case "AWS" -> value.equals("*") || exists(value);
          case "Service" -> SERVICE.matcher(value).matches();
          case "Federated" -> WEB_PROVIDERS.contains(value)
              || value.matches("arn:[a-z-]+:iam::\\d{12}:(?:saml-provider|oidc-provider)/.+");
          default -> false;
        };
        if (!known) {
          throw new Fault("MalformedPolicyDocument", 400, "Invalid principal in policy: \""
              + (type.equals("AWS") ? type : type.toUpperCase(Locale.ROOT)) + "\":\"" + value + "\"");
        }
      }));
    }
  }

  private boolean exists(String principal) {
    if (principal.matches("\\d{12}")) {
      return identities.hasAccount(new AccountId(principal));
    }
    Optional<Arn> arn = Arn.parse(principal).filter(each -> each.account().matches("\\d{12}"));
    if (arn.isEmpty() || !identities.hasAccount(new AccountId(arn.get().account()))) {
      return false;
    }
    AccountId account = new AccountId(arn.get().account());
    String[] path = arn.get().resource().split("/", -1);
    String last = path[path.length - 1];
    return switch (arn.get().service() + ":" + path[0]) {
      case "iam:root" -> path.length == 1;
      case "iam:user" -> identities.findUser(account, last)
          .filter(user -> ("user" + user.path() + user.name()).equals(arn.get().resource())).isPresent();
      case "iam:role" -> identities.findRole(account, last)
          .filter(role -> ("role" + role.path() + role.name()).equals(arn.get().resource())).isPresent();
      case "sts:assumed-role" -> path.length == 3 && identities.findRole(account, path[1]).isPresent();
      case "sts:federated-user" -> path.length == 2;
      default -> false;
    };
  }
}
