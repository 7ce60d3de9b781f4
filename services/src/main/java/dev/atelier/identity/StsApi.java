package dev.atelier.identity;

import dev.atelier.identity.Sessions.RoleRequest;
import dev.atelier.identity.Sessions.RoleSession;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.models.sts.AssumeRoleRequest;
import dev.atelier.models.sts.AssumeRoleResponse;
import dev.atelier.models.sts.AssumedRoleUser;
import dev.atelier.models.sts.FederatedUser;
import dev.atelier.models.sts.GetAccessKeyInfoRequest;
import dev.atelier.models.sts.GetAccessKeyInfoResponse;
import dev.atelier.models.sts.GetCallerIdentityRequest;
import dev.atelier.models.sts.GetCallerIdentityResponse;
import dev.atelier.models.sts.GetFederationTokenRequest;
import dev.atelier.models.sts.GetFederationTokenResponse;
import dev.atelier.models.sts.GetSessionTokenRequest;
import dev.atelier.models.sts.GetSessionTokenResponse;
import dev.atelier.models.sts.PolicyDescriptorType;
import dev.atelier.models.sts.StsOperations;
import dev.atelier.operation.OperationTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operations of AWS STS. */
final class StsApi {
  private static final int HALF_A_DAY = 43_200;

  private final Sessions sessions;
  private final Credentials credentials;
  private final Entitlements entitlements;

  StsApi(Sessions sessions, Credentials credentials, Entitlements entitlements) {
    this.sessions = sessions;
    this.credentials = credentials;
    this.entitlements = entitlements;
  }

  void register(OperationTable table) {
    table.on(StsOperations.getCallerIdentity(), this::getCallerIdentity)
        .on(StsOperations.assumeRole(), this::assumeRole)
        .on(StsOperations.getSessionToken(), this::getSessionToken)
        .on(StsOperations.getFederationToken(), this::getFederationToken)
        .on(StsOperations.getAccessKeyInfo(), this::getAccessKeyInfo);
  }

  GetCallerIdentityResponse getCallerIdentity(Caller caller, GetCallerIdentityRequest request) {
    return GetCallerIdentityResponse.builder()
        .userId(caller.principalId())
        .account(caller.account().value())
        .arn(caller.arn().toString())
        .build();
  }

  AssumeRoleResponse assumeRole(Caller caller, AssumeRoleRequest request) {
    Arn role = Arn.parse(request.roleArn())
        .orElseThrow(() -> new Fault("ValidationError", 400, request.roleArn() + " is invalid"));
    int seconds = request.durationSeconds() == null ? 3600 : request.durationSeconds();
    RoleSession session = sessions.assumeRole(caller, new RoleRequest(role, request.roleSessionName(),
        policies(request.policy(), request.policyArns()), Optional.ofNullable(request.externalId()),
        Duration.ofSeconds(seconds)));
    String path = "assumed-role/" + session.role().name() + "/" + request.roleSessionName();
    return AssumeRoleResponse.builder()
        .credentials(wire(session.credentials()))
        .assumedRoleUser(AssumedRoleUser.builder()
            .arn(Arn.global(caller.partition(), "sts", session.role().account(), path).toString())
            .assumedRoleId(session.role().id() + ":" + request.roleSessionName())
            .build())
        .build();
  }

  GetSessionTokenResponse getSessionToken(Caller caller, GetSessionTokenRequest request) {
    int seconds = request.durationSeconds() == null ? HALF_A_DAY : request.durationSeconds();
    return GetSessionTokenResponse.builder()
        .credentials(wire(sessions.sessionToken(
            caller.account(), user(caller, "GetSessionToken"), Duration.ofSeconds(seconds))))
        .build();
  }

  GetFederationTokenResponse getFederationToken(Caller caller, GetFederationTokenRequest request) {
    int seconds = request.durationSeconds() == null ? HALF_A_DAY : request.durationSeconds();
    SessionCredentials issued = sessions.federationToken(caller.account(), user(caller, "GetFederationToken"),
        request.name(), policies(request.policy(), request.policyArns()), Duration.ofSeconds(seconds));
    return GetFederationTokenResponse.builder()
        .credentials(wire(issued))
        .federatedUser(FederatedUser.builder()
            .federatedUserId(caller.account() + ":" + request.name())
            .arn(Arn.global(caller.partition(), "sts", caller.account(), "federated-user/" + request.name())
                .toString())
            .build())
        .build();
  }

  GetAccessKeyInfoResponse getAccessKeyInfo(Caller caller, GetAccessKeyInfoRequest request) {
    return credentials.find(request.accessKeyId())
        .map(found -> GetAccessKeyInfoResponse.builder().account(found.account().value()).build())
        .orElseThrow(() -> new Fault("InvalidParameterValue", 400,
            "The access key ID " + request.accessKeyId() + " is not known."));
  }

  /** Sessions may not make sessions of the user they came from, as on AWS. */
  private static Identity.User user(Caller caller, String operation) {
    if (caller.identity() instanceof Identity.User user && !caller.accessKeyId().startsWith("ASIA")) {
      return user;
    }
    throw new Fault("AccessDenied", 403, "Cannot call " + operation + " with session credentials");
  }

  private List<String> policies(String inline, List<PolicyDescriptorType> arns) {
    List<String> documents = new ArrayList<>();
    if (inline != null) {
      documents.add(inline);
    }
    for (PolicyDescriptorType each : arns) {
      documents.add(entitlements.document(each.arn()).orElseThrow(
          () -> Users.noSuchEntity("Policy " + each.arn() + " does not exist.")));
    }
    return documents;
  }

  private static dev.atelier.models.sts.Credentials wire(SessionCredentials issued) {
    return dev.atelier.models.sts.Credentials.builder()
        .accessKeyId(issued.accessKeyId())
        .secretAccessKey(issued.secretAccessKey())
        .sessionToken(issued.sessionToken())
        .expiration(issued.expiration())
        .build();
  }
}
