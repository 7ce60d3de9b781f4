package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.NoOutput;
import dev.atelier.models.s3.BucketLifecycleConfiguration;
import dev.atelier.models.s3.DeleteBucketLifecycleRequest;
import dev.atelier.models.s3.GetBucketLifecycleConfigurationOutput;
import dev.atelier.models.s3.GetBucketLifecycleConfigurationRequest;
import dev.atelier.models.s3.PutBucketLifecycleConfigurationOutput;
import dev.atelier.models.s3.PutBucketLifecycleConfigurationRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.operation.OperationTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The rules by which a bucket's objects expire or change their class. */
final class LifecycleApi {
  private static final String MINIMUM = "TransitionDefaultMinimumObjectSize";
  private static final String DEFAULT_MINIMUM = "all_storage_classes_128K";

  private final ObjectStore store;

  LifecycleApi(ObjectStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.getBucketLifecycleConfiguration(), this::getBucketLifecycleConfiguration)
        .on(S3Operations.putBucketLifecycleConfiguration(), this::putBucketLifecycleConfiguration)
        .on(S3Operations.deleteBucketLifecycle(), this::deleteBucketLifecycle);
  }

  GetBucketLifecycleConfigurationOutput getBucketLifecycleConfiguration(Caller caller,
      GetBucketLifecycleConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return GetBucketLifecycleConfigurationOutput.fromDocument(
        store.buckets().document(request.bucket(), LifecycleRules.KIND).map(StoredDocument::read).orElseThrow(() ->
            new Fault("NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist",
                Map.of("BucketName", request.bucket()))));
  }

  PutBucketLifecycleConfigurationOutput putBucketLifecycleConfiguration(Caller caller,
      PutBucketLifecycleConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    BucketLifecycleConfiguration wanted = Optional.ofNullable(request.lifecycleConfiguration())
        .orElseThrow(LifecycleChecks::malformed);
    String minimum = Optional.ofNullable(request.transitionDefaultMinimumObjectSize()).orElse(DEFAULT_MINIMUM);
    if (!List.of(DEFAULT_MINIMUM, "varies_by_storage_class").contains(minimum)) {
      throw S3Fault.invalidArgument("x-amz-transition-default-minimum-object-size", minimum, "Invalid value");
    }
    List<Map<String, Object>> rules = wanted.rules().stream().map(rule -> named(rule.toDocument())).toList();
    LifecycleChecks.check(rules);
    store.buckets().putDocument(request.bucket(), LifecycleRules.KIND,
        StoredDocument.write(Map.of("Rules", rules, MINIMUM, minimum)));
    return PutBucketLifecycleConfigurationOutput.builder().transitionDefaultMinimumObjectSize(minimum).build();
  }

  private static Map<String, Object> named(Map<String, Object> rule) {
    Map<String, Object> named = new HashMap<>(rule);
    named.putIfAbsent("ID", UUID.randomUUID().toString());
    return named;
  }

  NoOutput deleteBucketLifecycle(Caller caller, DeleteBucketLifecycleRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    store.buckets().deleteDocument(request.bucket(), LifecycleRules.KIND);
    return new NoOutput();
  }
}
