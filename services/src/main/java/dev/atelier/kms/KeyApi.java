package dev.atelier.kms;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kms.KeyAccess.Circumstances;
import dev.atelier.kms.KeyStore.Paging;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.kms.CancelKeyDeletionRequest;
import dev.atelier.models.kms.CancelKeyDeletionResponse;
import dev.atelier.models.kms.CreateKeyRequest;
import dev.atelier.models.kms.CreateKeyResponse;
import dev.atelier.models.kms.DescribeKeyRequest;
import dev.atelier.models.kms.DescribeKeyResponse;
import dev.atelier.models.kms.DisableKeyRequest;
import dev.atelier.models.kms.EnableKeyRequest;
import dev.atelier.models.kms.KeyListEntry;
import dev.atelier.models.kms.KeyMetadata;
import dev.atelier.models.kms.KmsOperations;
import dev.atelier.models.kms.ListKeysRequest;
import dev.atelier.models.kms.ListKeysResponse;
import dev.atelier.models.kms.ScheduleKeyDeletionRequest;
import dev.atelier.models.kms.ScheduleKeyDeletionResponse;
import dev.atelier.models.kms.UpdateKeyDescriptionRequest;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** The life of keys. */
final class KeyApi {
  private static final int WAITING_DAYS = 30;

  private final Keys keys;
  private final KeyAccess access;
  private final Clock clock;

  KeyApi(Keys keys, KeyAccess access, Clock clock) {
    this.keys = keys;
    this.access = access;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(KmsOperations.createKey(), this::createKey)
        .on(KmsOperations.describeKey(), this::describeKey)
        .on(KmsOperations.listKeys(), this::listKeys)
        .on(KmsOperations.enableKey(), this::enableKey)
        .on(KmsOperations.disableKey(), this::disableKey)
        .on(KmsOperations.updateKeyDescription(), this::updateKeyDescription)
        .on(KmsOperations.scheduleKeyDeletion(), this::scheduleKeyDeletion)
        .on(KmsOperations.cancelKeyDeletion(), this::cancelKeyDeletion);
  }

  static Paging paging(Integer limit, String marker) {
    return new Paging(limit == null ? OptionalInt.empty() : OptionalInt.of(limit), Optional.ofNullable(marker));
  }

  CreateKeyResponse createKey(Caller caller, CreateKeyRequest request) {
    String spec = request.keySpec() != null ? request.keySpec() : request.customerMasterKeySpec();
    if (spec != null && !spec.equals("SYMMETRIC_DEFAULT")
        || request.keyUsage() != null && !request.keyUsage().equals("ENCRYPT_DECRYPT")) {
      throw KmsFault.unsupported("This version of Atelier has symmetric encryption keys only.");
    }
    if (request.origin() != null && !request.origin().equals("AWS_KMS") || request.customKeyStoreId() != null
        || request.xksKeyId() != null) {
      throw KmsFault.unsupported("This version of Atelier makes the material of every key itself.");
    }
    if (Boolean.TRUE.equals(request.multiRegion())) {
      throw KmsFault.unsupported("This version of Atelier has no multi-Region keys.");
    }
    Optional<String> policy = Optional.ofNullable(request.policy());
    policy.ifPresent(KeyPolicyApi::requirePolicy);
    Key key = keys.create(caller, request.description() == null ? "" : request.description(), policy,
        KeyTagApi.tags(request.tags()));
    return CreateKeyResponse.builder().keyMetadata(metadata(key)).build();
  }

  DescribeKeyResponse describeKey(Caller caller, DescribeKeyRequest request) {
    return DescribeKeyResponse.builder()
        .keyMetadata(metadata(authorised(caller, "DescribeKey", request.keyId()))).build();
  }

  ListKeysResponse listKeys(Caller caller, ListKeysRequest request) {
    Page<Key> page = keys.list(caller, paging(request.limit(), request.marker()));
    return ListKeysResponse.builder()
        .keys(page.items().stream().map(key ->
            KeyListEntry.builder().keyId(key.id()).keyArn(key.arn().toString()).build()).toList())
        .truncated(page.nextToken().isPresent()).nextMarker(page.nextToken().orElse(null)).build();
  }

  NoOutput enableKey(Caller caller, EnableKeyRequest request) {
    keys.change(own(caller, "EnableKey", request.keyId()), key -> enabled(key, true));
    return new NoOutput();
  }

  NoOutput disableKey(Caller caller, DisableKeyRequest request) {
    keys.change(own(caller, "DisableKey", request.keyId()), key -> enabled(key, false));
    return new NoOutput();
  }

  private static Key enabled(Key key, boolean enabled) {
    if (key.deletion().isPresent()) {
      throw KmsFault.pendingDeletion(key);
    }
    return new Key(key.id(), key.account(), key.region(), key.manager(), key.description(), key.policy(), enabled,
        key.created(), key.rotation(), key.deletion());
  }

  NoOutput updateKeyDescription(Caller caller, UpdateKeyDescriptionRequest request) {
    keys.change(own(caller, "UpdateKeyDescription", request.keyId()), key -> {
      if (key.deletion().isPresent()) {
        throw KmsFault.pendingDeletion(key);
      }
      return new Key(key.id(), key.account(), key.region(), key.manager(), request.description(), key.policy(),
          key.enabled(), key.created(), key.rotation(), key.deletion());
    });
    return new NoOutput();
  }

  ScheduleKeyDeletionResponse scheduleKeyDeletion(Caller caller, ScheduleKeyDeletionRequest request) {
    int days = request.pendingWindowInDays() == null ? WAITING_DAYS : request.pendingWindowInDays();
    if (days < 7 || days > WAITING_DAYS) {
      throw Fault.validation("PendingWindowInDays must be between 7 and 30 days.");
    }
    Instant at = Instant.ofEpochMilli(clock.millis()).plus(Duration.ofDays(days));
    Key gone = change(own(caller, "ScheduleKeyDeletion", request.keyId()), key -> {
      if (key.deletion().isPresent()) {
        throw KmsFault.pendingDeletion(key);
      }
      return Optional.of(new Key.Deletion(at, days));
    });
    return ScheduleKeyDeletionResponse.builder().keyId(gone.arn().toString()).deletionDate(at)
        .keyState(gone.state()).pendingWindowInDays(days).build();
  }

  CancelKeyDeletionResponse cancelKeyDeletion(Caller caller, CancelKeyDeletionRequest request) {
    Key kept = change(own(caller, "CancelKeyDeletion", request.keyId()), key -> {
      if (key.deletion().isEmpty()) {
        throw KmsFault.invalidState(key.arn() + " is not pending deletion.");
      }
      return Optional.empty();
    });
    return CancelKeyDeletionResponse.builder().keyId(kept.arn().toString()).build();
  }

  /** A key is disabled when its deletion is scheduled, and stays so when it is cancelled. */
  private Key change(Key key, Function<Key, Optional<Key.Deletion>> deletion) {
    return keys.change(key, present -> new Key(present.id(), present.account(), present.region(), present.manager(),
        present.description(), present.policy(), false, present.created(), present.rotation(),
        deletion.apply(present)));
  }

  private Key authorised(Caller caller, String action, String keyId) {
    return access.require(keys, caller, action, keyId, Circumstances.of(Map.of(), keyId));
  }

  /** A key that the caller may change: none of AWS's, and not through an alias. */
  private Key own(Caller caller, String action, String keyId) {
    return own(keys, access, caller, action, keyId);
  }

  static Key own(Keys keys, KeyAccess access, Caller caller, String action, String keyId) {
    if (keyId.contains(Keys.ALIAS)) {
      throw KmsFault.notFound("Invalid keyId '" + keyId + "'");
    }
    Key key = access.require(keys, caller, action, keyId, Circumstances.NONE);
    if (key.manager() == Key.Manager.AWS) {
      throw Fault.accessDenied("User: " + caller.arn() + " is not authorized to perform: kms:" + action
          + " on resource: " + key.arn() + " because the key is managed by AWS");
    }
    return key;
  }

  private static KeyMetadata metadata(Key key) {
    return KeyMetadata.builder()
        .awsAccountId(key.account().value()).keyId(key.id()).arn(key.arn().toString()).creationDate(key.created())
        .enabled(key.state().equals("Enabled")).description(key.description()).keyUsage("ENCRYPT_DECRYPT")
        .keyState(key.state()).deletionDate(key.deletion().map(Key.Deletion::at).orElse(null))
        .origin("AWS_KMS").keyManager(key.manager().name()).customerMasterKeySpec("SYMMETRIC_DEFAULT")
        .keySpec("SYMMETRIC_DEFAULT").encryptionAlgorithms(List.of("SYMMETRIC_DEFAULT")).multiRegion(false).build();
  }
}
