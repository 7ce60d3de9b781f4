package dev.atelier.identity;

/** What can be a permissions boundary: a managed policy that exists. */
final class Boundaries {
  private final Entitlements entitlements;

  Boundaries(Entitlements entitlements) {
    this.entitlements = entitlements;
  }

  /** The ARN as it is stored, in the partition {@code aws}. */
  String checked(String policyArn) {
    String arn = ManagedPolicies.canonical(policyArn);
    if (entitlements.document(arn).isEmpty()) {
      throw Users.noSuchEntity("Scope ARN: " + policyArn + " does not exist or is not attachable.");
    }
    return arn;
  }
}
