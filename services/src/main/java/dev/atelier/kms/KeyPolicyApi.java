package dev.atelier.kms;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kms.KeyAccess.Circumstances;
import dev.atelier.kms.KeyStore.Material;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.kms.DisableKeyRotationRequest;
import dev.atelier.models.kms.EnableKeyRotationRequest;
import dev.atelier.models.kms.GetKeyPolicyRequest;
import dev.atelier.models.kms.GetKeyPolicyResponse;
import dev.atelier.models.kms.GetKeyRotationStatusRequest;
import dev.atelier.models.kms.GetKeyRotationStatusResponse;
import dev.atelier.models.kms.KmsOperations;
import dev.atelier.models.kms.ListKeyPoliciesRequest;
import dev.atelier.models.kms.ListKeyPoliciesResponse;
import dev.atelier.models.kms.ListKeyRotationsRequest;
import dev.atelier.models.kms.ListKeyRotationsResponse;
import dev.atelier.models.kms.PutKeyPolicyRequest;
import dev.atelier.models.kms.RotateKeyOnDemandRequest;
import dev.atelier.models.kms.RotateKeyOnDemandResponse;
import dev.atelier.models.kms.RotationsListEntry;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operations on key policies and rotation. */
final class KeyPolicyApi {
  private static final String NAME = "default";
  private static final int YEAR = 365;
  /** KMS rotates a key's material on demand at most this often. */
  private static final int MOST_ON_DEMAND = 25;

  private final Keys keys;
  private final Materials materials;
  private final KeyAccess access;
  private final Clock clock;

  KeyPolicyApi(Keys keys, Materials materials, KeyAccess access, Clock clock) {
    this.keys = keys;
    this.materials = materials;
    this.access = access;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(KmsOperations.getKeyPolicy(), this::getKeyPolicy)
        .on(KmsOperations.putKeyPolicy(), this::putKeyPolicy)
        .on(KmsOperations.listKeyPolicies(), this::listKeyPolicies)
        .on(KmsOperations.enableKeyRotation(), this::enableKeyRotation)
        .on(KmsOperations.disableKeyRotation(), this::disableKeyRotation)
        .on(KmsOperations.getKeyRotationStatus(), this::getKeyRotationStatus)
        .on(KmsOperations.rotateKeyOnDemand(), this::rotateKeyOnDemand)
        .on(KmsOperations.listKeyRotations(), this::listKeyRotations);
  }

  /** @throws Fault MalformedPolicyDocumentException */
  static void requirePolicy(String policy) {
    try {
      PolicyDocument.parse(policy, PolicyDocument.Kind.RESOURCE);
    } catch (Fault e) {
      throw new Fault("MalformedPolicyDocumentException", 400, e.getMessage());
    }
  }

  GetKeyPolicyResponse getKeyPolicy(Caller caller, GetKeyPolicyRequest request) {
    Key key = authorised(caller, "GetKeyPolicy", request.keyId());
    requireName(request.policyName());
    return GetKeyPolicyResponse.builder().policy(key.policy()).policyName(NAME).build();
  }

  NoOutput putKeyPolicy(Caller caller, PutKeyPolicyRequest request) {
    Key own = KeyApi.own(keys, access, caller, "PutKeyPolicy", request.keyId());
    requireName(request.policyName());
    requirePolicy(request.policy());
    Key changed = withPolicy(own, request.policy());
    if (!Boolean.TRUE.equals(request.bypassPolicyLockoutSafetyCheck())) {
      try {
        access.authorise(caller, "PutKeyPolicy", changed, Circumstances.NONE);
      } catch (Fault e) {
        throw new Fault("MalformedPolicyDocumentException", 400,
            "The new key policy will not allow you to update the key policy in the future.");
      }
    }
    keys.change(own, key -> withPolicy(key, request.policy()));
    return new NoOutput();
  }

  private static Key withPolicy(Key key, String policy) {
    return new Key(key.id(), key.account(), key.region(), key.manager(), key.description(), policy, key.enabled(),
        key.created(), key.rotation(), key.deletion());
  }

  ListKeyPoliciesResponse listKeyPolicies(Caller caller, ListKeyPoliciesRequest request) {
    authorised(caller, "ListKeyPolicies", request.keyId());
    return ListKeyPoliciesResponse.builder().policyNames(List.of(NAME)).truncated(false).build();
  }

  NoOutput enableKeyRotation(Caller caller, EnableKeyRotationRequest request) {
    int days = request.rotationPeriodInDays() == null ? YEAR : request.rotationPeriodInDays();
    setRotation(KeyApi.own(keys, access, caller, "EnableKeyRotation", request.keyId()),
        Optional.of(new Key.Rotation(days, Instant.ofEpochMilli(clock.millis()))));
    return new NoOutput();
  }

  NoOutput disableKeyRotation(Caller caller, DisableKeyRotationRequest request) {
    setRotation(KeyApi.own(keys, access, caller, "DisableKeyRotation", request.keyId()), Optional.empty());
    return new NoOutput();
  }

  private void setRotation(Key own, Optional<Key.Rotation> rotation) {
    keys.change(own, key -> {
      Keyring.usable(key);
      return new Key(key.id(), key.account(), key.region(), key.manager(), key.description(), key.policy(),
          key.enabled(), key.created(), rotation, key.deletion());
    });
  }

  GetKeyRotationStatusResponse getKeyRotationStatus(Caller caller, GetKeyRotationStatusRequest request) {
    Key key = authorised(caller, "GetKeyRotationStatus", request.keyId());
    Optional<Instant> next = KeyStore.nextRotation(key, keys.generations(key).getLast().created());
    return GetKeyRotationStatusResponse.builder()
        .keyId(key.arn().toString())
        .keyRotationEnabled(key.rotation().isPresent() && key.deletion().isEmpty())
        .rotationPeriodInDays(key.rotation().map(Key.Rotation::days).orElse(null))
        .nextRotationDate(next.orElse(null)).build();
  }

  RotateKeyOnDemandResponse rotateKeyOnDemand(Caller caller, RotateKeyOnDemandRequest request) {
    Key key = Keyring.usable(KeyApi.own(keys, access, caller, "RotateKeyOnDemand", request.keyId()));
    List<Material> generations = keys.generations(key);
    if (generations.stream().filter(each -> each.reason().equals("ON_DEMAND")).count() >= MOST_ON_DEMAND) {
      throw new Fault("LimitExceededException", 400, "The on-demand rotations limit has been reached for the given keyId.");
    }
    materials.rotate(key, generations.getLast().number(), "ON_DEMAND");
    return RotateKeyOnDemandResponse.builder().keyId(key.id()).build();
  }

  ListKeyRotationsResponse listKeyRotations(Caller caller, ListKeyRotationsRequest request) {
    Key key = authorised(caller, "ListKeyRotations", request.keyId());
    Page<Material> page = keys.rotations(key, KeyApi.paging(request.limit(), request.marker()));
    return ListKeyRotationsResponse.builder()
        .rotations(page.items().stream().map(each -> RotationsListEntry.builder().keyId(key.id())
            .rotationDate(each.created()).rotationType(each.reason()).build()).toList())
        .truncated(page.nextToken().isPresent()).nextMarker(page.nextToken().orElse(null)).build();
  }

  private Key authorised(Caller caller, String action, String keyId) {
    if (keyId.contains(Keys.ALIAS)) {
      throw KmsFault.notFound("Invalid keyId '" + keyId + "'");
    }
    return access.require(keys, caller, action, keyId, Circumstances.of(Map.of(), keyId));
  }

  private static void requireName(String name) {
    if (name != null && !name.equals(NAME)) {
      throw KmsFault.notFound("No such policy exists");
    }
  }
}
