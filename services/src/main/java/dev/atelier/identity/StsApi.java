package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Partition;
import dev.atelier.models.sts.AssumeRoleRequest;
import dev.atelier.models.sts.AssumeRoleResponse;
import dev.atelier.models.sts.AssumeRoleWithWebIdentityRequest;
import dev.atelier.models.sts.AssumeRoleWithWebIdentityResponse;
import dev.atelier.models.sts.AssumedRoleUser;
import dev.atelier.models.sts.DecodeAuthorizationMessageRequest;
import dev.atelier.models.sts.DecodeAuthorizationMessageResponse;
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
import dev.atelier.models.sts.Tag;
import dev.atelier.operation.OperationTable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operations of AWS STS. */
final class StsApi {
  private static final int HALF_A_DAY = 43_200;
  private static final int AN_HOUR = 3_600;

  private final RoleAssumption assumption;
  private final WebIdentity webIdentity;
  private final Sessions sessions;
  private final Credentials credentials;
  private final SessionPolicies policies;
  private final MfaDevices devices;
  private final Denials denials;

  StsApi(RoleAssumption assumption, WebIdentity webIdentity, Sessions sessions, Credentials credentials,
      SessionPolicies policies, MfaDevices devices, Denials denials) {
    this.assumption = assumption;
    this.webIdentity = webIdentity;
    this.sessions = sessions;
    this.credentials = credentials;
    this.policies = policies;
    this.devices = devices;
    this.denials = denials;
  }

  void register(OperationTable table) {
    table.on(StsOperations.getCallerIdentity(), this::getCallerIdentity)
        .on(StsOperations.assumeRole(), this::assumeRole)
        .on(StsOperations.assumeRoleWithWebIdentity(), this::assumeRoleWithWebIdentity)
        .on(StsOperations.getSessionToken(), this::getSessionToken)
        .on(StsOperations.getFederationToken(), this::getFederationToken)
        .on(StsOperations.getAccessKeyInfo(), this::getAccessKeyInfo)
        .on(StsOperations.decodeAuthorizationMessage(), this::decodeAuthorizationMessage);
  }

  GetCallerIdentityResponse getCallerIdentity(Caller caller, GetCallerIdentityRequest request) {
    return GetCallerIdentityResponse.builder()
        .userId(caller.principalId())
        .account(caller.account().value())
        .arn(caller.arn().toString())
        .build();
  }

  AssumeRoleResponse assumeRole(Caller caller, AssumeRoleRequest request) {
    Optional<String> inline = Optional.ofNullable(request.policy());
    List<String> arns = arns(request.policyArns());
    Map<String, String> tags = tags(request.tags());
    int packed = SessionPolicies.packed(inline, arns, tags);
    Sessions.RoleSession session = assumption.assume(caller, new RoleAssumption.Request(role(request.roleArn()),
        request.roleSessionName(), policies.of(caller, inline, arns), seconds(request.durationSeconds(), AN_HOUR),
        Optional.ofNullable(request.externalId()), Optional.ofNullable(request.sourceIdentity()), tags,
        request.transitiveTagKeys(), secondFactor(request.serialNumber(), request.tokenCode())));
    return AssumeRoleResponse.builder()
        .credentials(wire(session.credentials()))
        .assumedRoleUser(assumed(caller.partition(), session.role(), request.roleSessionName()))
        .packedPolicySize(packed == 0 ? null : packed)
        .sourceIdentity(request.sourceIdentity())
        .build();
  }

  AssumeRoleWithWebIdentityResponse assumeRoleWithWebIdentity(
      Caller caller, AssumeRoleWithWebIdentityRequest request) {
    Arn role = role(request.roleArn());
    if (!role.account().matches("\\d{12}")) {
      throw new Fault("ValidationError", 400, request.roleArn() + " is invalid");
    }
    Partition partition = caller.partition();
    Optional<String> inline = Optional.ofNullable(request.policy());
    List<String> arns = arns(request.policyArns());
    int packed = SessionPolicies.packed(inline, arns, Map.of());
    AccountId account = new AccountId(role.account());
    WebIdentity.Verified token = webIdentity.verify(account, request.webIdentityToken());
    Caller owner = new Caller(account, caller.region(), caller.identity(), "");
    Sessions.RoleSession session = webIdentity.assume(role, request.roleSessionName(), token,
        policies.of(owner, inline, arns), seconds(request.durationSeconds(), AN_HOUR), partition);
    return AssumeRoleWithWebIdentityResponse.builder()
        .credentials(wire(session.credentials()))
        .assumedRoleUser(assumed(partition, session.role(), request.roleSessionName()))
        .subjectFromWebIdentityToken(token.subject())
        .audience(token.audience().getFirst())
        .provider(token.issuer())
        .packedPolicySize(packed == 0 ? null : packed)
        .build();
  }

  GetSessionTokenResponse getSessionToken(Caller caller, GetSessionTokenRequest request) {
    Identity.User user = user(caller, "GetSessionToken");
    Optional<RoleAssumption.SecondFactor> factor = secondFactor(request.serialNumber(), request.tokenCode());
    if (factor.isPresent()
        && !devices.verify(caller.account(), user.name(), factor.get().serial(), factor.get().code())) {
      throw Fault.accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    }
    return GetSessionTokenResponse.builder()
        .credentials(wire(sessions.sessionToken(
            caller.account(), user, seconds(request.durationSeconds(), HALF_A_DAY), factor.isPresent())))
        .build();
  }

  GetFederationTokenResponse getFederationToken(Caller caller, GetFederationTokenRequest request) {
    Identity.User user = user(caller, "GetFederationToken");
    Optional<String> inline = Optional.ofNullable(request.policy());
    List<String> arns = arns(request.policyArns());
    Map<String, String> tags = tags(request.tags());
    int packed = SessionPolicies.packed(inline, arns, tags);
    SessionCredentials issued = sessions.federationToken(caller.account(), user, request.name(),
        policies.of(caller, inline, arns), tags, seconds(request.durationSeconds(), HALF_A_DAY));
    return GetFederationTokenResponse.builder()
        .credentials(wire(issued))
        .federatedUser(FederatedUser.builder()
            .federatedUserId(caller.account() + ":" + request.name())
            .arn(Arn.global(caller.partition(), "sts", caller.account(), "federated-user/" + request.name())
                .toString())
            .build())
        .packedPolicySize(packed == 0 ? null : packed)
        .build();
  }

  GetAccessKeyInfoResponse getAccessKeyInfo(Caller caller, GetAccessKeyInfoRequest request) {
    return credentials.account(request.accessKeyId())
        .map(found -> GetAccessKeyInfoResponse.builder().account(found.value()).build())
        .orElseThrow(() -> new Fault("ValidationError", 400,
            "The access key ID " + request.accessKeyId() + " is not known."));
  }

  DecodeAuthorizationMessageResponse decodeAuthorizationMessage(
      Caller caller, DecodeAuthorizationMessageRequest request) {
    return DecodeAuthorizationMessageResponse.builder()
        .decodedMessage(denials.decode(caller, request.encodedMessage())).build();
  }

  private static Arn role(String text) {
    return Arn.parse(text).orElseThrow(() -> new Fault("ValidationError", 400, text + " is invalid"));
  }

  private static Duration seconds(Integer wanted, int otherwise) {
    return Duration.ofSeconds(wanted == null ? otherwise : wanted);
  }

  private static Optional<RoleAssumption.SecondFactor> secondFactor(String serial, String code) {
    if (serial == null && code == null) {
      return Optional.empty();
    }
    if (serial == null || code == null) {
      throw new Fault("ValidationError", 400, "SerialNumber and TokenCode must be provided together.");
    }
    return Optional.of(new RoleAssumption.SecondFactor(serial, code));
  }

  private static List<String> arns(List<PolicyDescriptorType> wanted) {
    return wanted.stream().map(PolicyDescriptorType::arn).toList();
  }

  private static Map<String, String> tags(List<Tag> wanted) {
    EntityTags.check(wanted.stream().map(tag -> new EntityTags.Tag(tag.key(), tag.value())).toList());
    Map<String, String> tags = new LinkedHashMap<>();
    wanted.forEach(tag -> tags.put(tag.key(), tag.value()));
    return tags;
  }

  private static AssumedRoleUser assumed(Partition partition, Role role, String sessionName) {
    return AssumedRoleUser.builder()
        .arn(Arn.global(partition, "sts", role.account(), "assumed-role/" + role.name() + "/" + sessionName).toString())
        .assumedRoleId(role.id() + ":" + sessionName)
        .build();
  }

  /** Sessions may not make sessions of the user they came from, as on AWS. */
  private static Identity.User user(Caller caller, String operation) {
    if (caller.identity() instanceof Identity.User user && !caller.accessKeyId().startsWith("ASIA")) {
      return user;
    }
    throw new Fault("AccessDenied", 403, "Cannot call " + operation + " with session credentials");
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
