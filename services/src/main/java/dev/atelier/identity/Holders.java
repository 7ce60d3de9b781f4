package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;

/** Finds users, groups and roles alike. */
record Holders(Users users, Groups groups, Roles roles) {
  Holder require(AccountId account, Principal.Kind kind, String name) {
    return switch (kind) {
      case USER -> users.require(account, name);
      case GROUP -> groups.require(account, name);
      case ROLE -> roles.require(account, name);
    };
  }

  /** The holder of an IAM ARN. */
  Holder require(Caller caller, String text) {
    Arn arn = Arn.parse(text).filter(each -> each.service().equals("iam"))
        .orElseThrow(() -> new Fault("InvalidInput", 400, "Invalid Entity Arn: " + text));
    if (!arn.account().equals(caller.account().value())) {
      throw Users.noSuchEntity("Invalid Entity Arn: " + text + " does not include the caller's account.");
    }
    Principal.Kind kind = switch (arn.resource().split("/", 2)[0]) {
      case "user" -> Principal.Kind.USER;
      case "group" -> Principal.Kind.GROUP;
      case "role" -> Principal.Kind.ROLE;
      default -> throw new Fault("InvalidInput", 400, "Invalid Entity Arn: " + text);
    };
    return require(caller.account(), kind, arn.resource().substring(arn.resource().lastIndexOf('/') + 1));
  }
}
