package dev.atelier.identity;

import java.util.List;

/**
 * What the configuration file says of one account. Applied at every start: it creates and updates what it names and
 * deletes nothing.
 *
 * @param id twelve digits
 */
public record AccountSpec(String id, List<UserSpec> users, List<RoleSpec> roles) {
  public AccountSpec {
    users = List.copyOf(users);
    roles = List.copyOf(roles);
  }

  /**
   * A user with a fixed key.
   *
   * @param policies ARNs of managed policies
   */
  public record UserSpec(String name, String accessKeyId, String secretAccessKey, List<String> policies) {
    public UserSpec {
      policies = List.copyOf(policies);
    }

    @Override
    public String toString() {
      return "UserSpec[" + name + "]";
    }
  }

  /**
   * A role.
   *
   * @param path begins and ends with a slash
   * @param trust service principals and account ids that may assume it
   * @param policies ARNs of managed policies
   */
  public record RoleSpec(String name, String path, List<String> trust, List<String> policies) {
    public RoleSpec {
      trust = List.copyOf(trust);
      policies = List.copyOf(policies);
    }
  }
}
