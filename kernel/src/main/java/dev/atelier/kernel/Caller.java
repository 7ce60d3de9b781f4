package dev.atelier.kernel;

/**
 * The verified origin of one request. Account and region come from the credential that signed it, never from server
 * configuration, and are passed on as a parameter.
 *
 * @param accessKeyId the key that signed; empty when the request was not signed
 * @param region the region of the signature's scope
 * @param regional whether the signature names its region; those of Version 2, and unsigned requests, do not
 */
public record Caller(AccountId account, Region region, Identity identity, String accessKeyId, boolean regional) {

  /** The origin of a request that is meant for a region. */
  public Caller(AccountId account, Region region, Identity identity, String accessKeyId) {
    this(account, region, identity, accessKeyId, true);
  }

  public Partition partition() {
    return region.partition();
  }

  /** The principal's ARN as STS reports it. */
  public Arn arn() {
    return switch (identity) {
      case Identity.Root root -> iam("root");
      case Identity.User user -> iam("user" + user.path() + user.name());
      case Identity.AssumedRole role -> sts("assumed-role/" + role.role() + "/" + role.session());
      case Identity.Federated federated -> sts("federated-user/" + federated.name());
      case Identity.Service service -> iam("service/" + service.principal());
      case Identity.Anonymous() -> iam("anonymous");
    };
  }

  /** The unique id that GetCallerIdentity reports as UserId. */
  public String principalId() {
    return switch (identity) {
      case Identity.Root root -> account.value();
      case Identity.User user -> user.id();
      case Identity.AssumedRole role -> role.roleId() + ":" + role.session();
      case Identity.Federated federated -> account.value() + ":" + federated.name();
      case Identity.Service service -> service.principal();
      case Identity.Anonymous() -> "anonymous";
    };
  }

  private Arn iam(String resource) {
    return Arn.global(partition(), "iam", account, resource);
  }

  private Arn sts(String resource) {
    return Arn.global(partition(), "sts", account, resource);
  }
}
