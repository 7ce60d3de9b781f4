package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.NoOutput;
import dev.atelier.models.s3.DeleteBucketReplicationRequest;
import dev.atelier.models.s3.DeleteBucketWebsiteRequest;
import dev.atelier.models.s3.GetBucketAccelerateConfigurationOutput;
import dev.atelier.models.s3.GetBucketAccelerateConfigurationRequest;
import dev.atelier.models.s3.GetBucketLoggingOutput;
import dev.atelier.models.s3.GetBucketLoggingRequest;
import dev.atelier.models.s3.GetBucketNotificationConfigurationRequest;
import dev.atelier.models.s3.GetBucketReplicationRequest;
import dev.atelier.models.s3.GetBucketRequestPaymentOutput;
import dev.atelier.models.s3.GetBucketRequestPaymentRequest;
import dev.atelier.models.s3.GetBucketWebsiteRequest;
import dev.atelier.models.s3.GetObjectLegalHoldRequest;
import dev.atelier.models.s3.GetObjectLockConfigurationRequest;
import dev.atelier.models.s3.GetObjectRetentionRequest;
import dev.atelier.models.s3.NotificationConfiguration;
import dev.atelier.models.s3.PutBucketAccelerateConfigurationRequest;
import dev.atelier.models.s3.PutBucketLoggingRequest;
import dev.atelier.models.s3.PutBucketNotificationConfigurationRequest;
import dev.atelier.models.s3.PutBucketRequestPaymentRequest;
import dev.atelier.models.s3.PutObjectLegalHoldRequest;
import dev.atelier.models.s3.PutObjectRetentionRequest;
import dev.atelier.models.s3.RestoreObjectRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.operation.OperationTable;
import java.util.Map;
import java.util.Set;

/**
 * What S3 answers of features that a bucket does not use. They cannot be used here, so these are the only true answers;
 * whatever would set them up is refused by name.
 */
final class UnsetConfigurationApi {
  private static final String ACCELERATION = "accelerate";
  private static final String SUSPENDED = "Suspended";
  private static final Set<String> ARCHIVED = Set.of("GLACIER", "DEEP_ARCHIVE");

  private final ObjectStore store;

  UnsetConfigurationApi(ObjectStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.getBucketAccelerateConfiguration(), this::getBucketAccelerateConfiguration)
        .on(S3Operations.getBucketRequestPayment(), this::getBucketRequestPayment)
        .on(S3Operations.putBucketRequestPayment(), this::putBucketRequestPayment)
        .on(S3Operations.getBucketLogging(), this::getBucketLogging)
        .on(S3Operations.putBucketLogging(), this::putBucketLogging)
        .on(S3Operations.getBucketNotificationConfiguration(), this::getBucketNotificationConfiguration)
        .on(S3Operations.putBucketNotificationConfiguration(), this::putBucketNotificationConfiguration)
        .refuse(S3Operations.getBucketWebsite(), this::getBucketWebsite)
        .on(S3Operations.deleteBucketWebsite(), this::deleteBucketWebsite)
        .refuse(S3Operations.getBucketReplication(), this::getBucketReplication)
        .on(S3Operations.deleteBucketReplication(), this::deleteBucketReplication)
        .refuse(S3Operations.getObjectLockConfiguration(), this::getObjectLockConfiguration)
        .on(S3Operations.putBucketAccelerateConfiguration(), this::putBucketAccelerateConfiguration)
        .refuse(S3Operations.getObjectRetention(), this::getObjectRetention)
        .refuse(S3Operations.putObjectRetention(), this::putObjectRetention)
        .refuse(S3Operations.putObjectLegalHold(), this::putObjectLegalHold)
        .refuse(S3Operations.getObjectLegalHold(), this::getObjectLegalHold)
        .refuse(S3Operations.restoreObject(), this::restoreObject);
  }

  GetBucketAccelerateConfigurationOutput getBucketAccelerateConfiguration(
      Caller caller, GetBucketAccelerateConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return GetBucketAccelerateConfigurationOutput.builder()
        .status(store.buckets().document(request.bucket(), ACCELERATION).orElse(null)).build();
  }

  /** Content is not accelerated here; that it is suspended can be said, and is told from then on as AWS does. */
  NoOutput putBucketAccelerateConfiguration(Caller caller, PutBucketAccelerateConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    if (request.bucket().contains(".")) {
      throw S3Fault.invalidRequest(
          "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names");
    }
    if (request.accelerateConfiguration() == null || request.accelerateConfiguration().status() == null) {
      throw S3Fault.of("MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
    if (!request.accelerateConfiguration().status().equals(SUSPENDED)) {
      throw Fault.unsupportedOperation("s3", "PutBucketAccelerateConfiguration for a status other than Suspended");
    }
    store.buckets().putDocument(request.bucket(), ACCELERATION, SUSPENDED);
    return new NoOutput();
  }

  GetBucketRequestPaymentOutput getBucketRequestPayment(Caller caller, GetBucketRequestPaymentRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return GetBucketRequestPaymentOutput.builder().payer("BucketOwner").build();
  }

  NoOutput putBucketRequestPayment(Caller caller, PutBucketRequestPaymentRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    if (request.requestPaymentConfiguration() == null
        || !"BucketOwner".equals(request.requestPaymentConfiguration().payer())) {
      throw Fault.unsupportedOperation("s3", "PutBucketRequestPayment for a payer other than BucketOwner");
    }
    return new NoOutput();
  }

  GetBucketLoggingOutput getBucketLogging(Caller caller, GetBucketLoggingRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return GetBucketLoggingOutput.builder().build();
  }

  NoOutput putBucketLogging(Caller caller, PutBucketLoggingRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    if (request.bucketLoggingStatus() != null && request.bucketLoggingStatus().loggingEnabled() != null) {
      throw Fault.unsupportedOperation("s3", "PutBucketLogging");
    }
    return new NoOutput();
  }

  NotificationConfiguration getBucketNotificationConfiguration(
      Caller caller, GetBucketNotificationConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return NotificationConfiguration.builder().build();
  }

  NoOutput putBucketNotificationConfiguration(Caller caller, PutBucketNotificationConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    NotificationConfiguration wanted = request.notificationConfiguration();
    if (wanted != null && !wanted.toDocument().isEmpty()) {
      throw Fault.unsupportedOperation("s3", "PutBucketNotificationConfiguration");
    }
    return new NoOutput();
  }

  Fault getBucketWebsite(Caller caller, GetBucketWebsiteRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration",
        request.bucket());
  }

  NoOutput deleteBucketWebsite(Caller caller, DeleteBucketWebsiteRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return new NoOutput();
  }

  Fault getBucketReplication(Caller caller, GetBucketReplicationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent("ReplicationConfigurationNotFoundError", "The replication configuration was not found",
        request.bucket());
  }

  NoOutput deleteBucketReplication(Caller caller, DeleteBucketReplicationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return new NoOutput();
  }

  Fault getObjectLockConfiguration(Caller caller, GetObjectLockConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent("ObjectLockConfigurationNotFoundError",
        "Object Lock configuration does not exist for this bucket", request.bucket());
  }

  Fault getObjectRetention(Caller caller, GetObjectRetentionRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return S3Fault.invalidRequest("Bucket is missing Object Lock Configuration");
  }

  Fault putObjectRetention(Caller caller, PutObjectRetentionRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return S3Fault.invalidRequest("Bucket is missing Object Lock Configuration");
  }

  Fault putObjectLegalHold(Caller caller, PutObjectLegalHoldRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return S3Fault.invalidRequest("Bucket is missing Object Lock Configuration");
  }

  Fault getObjectLegalHold(Caller caller, GetObjectLegalHoldRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return S3Fault.invalidRequest("Bucket is missing Object Lock Configuration");
  }

  /** Every class is at hand at all times, so there is nothing to restore. */
  Fault restoreObject(Caller caller, RestoreObjectRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    String stored = store.require(ObjectApi.name(request.bucket(), request.key(), request.versionId()))
        .attributes().storageClass();
    if (ARCHIVED.contains(stored)) {
      throw Fault.unsupportedOperation("s3", "RestoreObject");
    }
    return new Fault("InvalidObjectState", 403, "Restore is not allowed for the object's current storage class",
        Map.of("StorageClass", stored));
  }

  private static Fault absent(String code, String message, String bucket) {
    return new Fault(code, 404, message, Map.of("BucketName", bucket));
  }
}
