package dev.atelier.identity;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** How much of everything an account may have: {@code quotas.json}, by the names of GetAccountSummary. */
enum Quota {
  USERS("UsersQuota", "UsersPerAccount"),
  GROUPS("GroupsQuota", "GroupsPerAccount"),
  ROLES("RolesQuota", "RolesPerAccount"),
  POLICIES("PoliciesQuota", "PoliciesPerAccount"),
  INSTANCE_PROFILES("InstanceProfilesQuota", "InstanceProfilesPerAccount"),
  SERVER_CERTIFICATES("ServerCertificatesQuota", "ServerCertificatesPerAccount"),
  ACCESS_KEYS("AccessKeysPerUserQuota", "AccessKeysPerUser"),
  GROUPS_OF_USER("GroupsPerUserQuota", "GroupsPerUser"),
  SIGNING_CERTIFICATES("SigningCertificatesPerUserQuota", "CertificatesPerUser"),
  POLICY_VERSIONS("VersionsPerPolicyQuota", "VersionsPerPolicy"),
  POLICIES_OF_USER("AttachedPoliciesPerUserQuota", "PoliciesPerUser"),
  POLICIES_OF_GROUP("AttachedPoliciesPerGroupQuota", "PoliciesPerGroup"),
  POLICIES_OF_ROLE("AttachedPoliciesPerRoleQuota", "PoliciesPerRole"),
  POLICY_SIZE("PolicySizeQuota", "PolicySize"),
  USER_POLICY_SIZE("UserPolicySizeQuota", "UserPolicySize"),
  GROUP_POLICY_SIZE("GroupPolicySizeQuota", "GroupPolicySize"),
  ROLE_POLICY_SIZE("RolePolicySizeQuota", "RolePolicySize"),
  TRUST_SIZE("AssumeRolePolicySizeQuota", "ACLSizePerRole");

  private final String summaryName;
  private final String errorName;

  Quota(String summaryName, String errorName) {
    this.summaryName = summaryName;
    this.errorName = errorName;
  }

  int most() {
    return Table.ALL.get(summaryName);
  }

  /** All quotas, as GetAccountSummary names them. */
  static Map<String, Integer> summary() {
    return Table.ALL;
  }

  /** For one more beside what is present. @throws dev.atelier.kernel.Fault LimitExceeded */
  void requireRoom(int present) {
    if (present >= most()) {
      throw Users.limitExceeded(errorName, most());
    }
  }

  /** @throws dev.atelier.kernel.Fault LimitExceeded: it is larger than may be */
  void requireFits(int size) {
    if (size > most()) {
      throw Users.limitExceeded(errorName, most());
    }
  }

  private static final class Table {
    private static final Map<String, Integer> ALL = read();

    private static Map<String, Integer> read() {
      try (InputStream file = Quota.class.getResourceAsStream("quotas.json")) {
        return Map.copyOf(new ObjectMapper().readValue(file, new TypeReference<Map<String, Integer>>() {}));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
