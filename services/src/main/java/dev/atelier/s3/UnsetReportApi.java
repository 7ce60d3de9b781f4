package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.s3.DeleteBucketAnalyticsConfigurationRequest;
import dev.atelier.models.s3.DeleteBucketIntelligentTieringConfigurationRequest;
import dev.atelier.models.s3.DeleteBucketInventoryConfigurationRequest;
import dev.atelier.models.s3.DeleteBucketMetricsConfigurationRequest;
import dev.atelier.models.s3.GetBucketAnalyticsConfigurationRequest;
import dev.atelier.models.s3.GetBucketIntelligentTieringConfigurationRequest;
import dev.atelier.models.s3.GetBucketInventoryConfigurationRequest;
import dev.atelier.models.s3.GetBucketMetricsConfigurationRequest;
import dev.atelier.models.s3.ListBucketAnalyticsConfigurationsOutput;
import dev.atelier.models.s3.ListBucketAnalyticsConfigurationsRequest;
import dev.atelier.models.s3.ListBucketIntelligentTieringConfigurationsOutput;
import dev.atelier.models.s3.ListBucketIntelligentTieringConfigurationsRequest;
import dev.atelier.models.s3.ListBucketInventoryConfigurationsOutput;
import dev.atelier.models.s3.ListBucketInventoryConfigurationsRequest;
import dev.atelier.models.s3.ListBucketMetricsConfigurationsOutput;
import dev.atelier.models.s3.ListBucketMetricsConfigurationsRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.operation.OperationTable;

/** The named configurations of reports and tiers, of which no bucket has any: they cannot be made here. */
final class UnsetReportApi {
  private final ObjectStore store;

  UnsetReportApi(ObjectStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.listBucketInventoryConfigurations(), this::listBucketInventoryConfigurations)
        .refuse(S3Operations.getBucketInventoryConfiguration(), this::getBucketInventoryConfiguration)
        .refuse(S3Operations.deleteBucketInventoryConfiguration(), this::deleteBucketInventoryConfiguration)
        .on(S3Operations.listBucketAnalyticsConfigurations(), this::listBucketAnalyticsConfigurations)
        .refuse(S3Operations.getBucketAnalyticsConfiguration(), this::getBucketAnalyticsConfiguration)
        .refuse(S3Operations.deleteBucketAnalyticsConfiguration(), this::deleteBucketAnalyticsConfiguration)
        .on(S3Operations.listBucketMetricsConfigurations(), this::listBucketMetricsConfigurations)
        .refuse(S3Operations.getBucketMetricsConfiguration(), this::getBucketMetricsConfiguration)
        .refuse(S3Operations.deleteBucketMetricsConfiguration(), this::deleteBucketMetricsConfiguration)
        .on(S3Operations.listBucketIntelligentTieringConfigurations(), this::listBucketIntelligentTieringConfigurations)
        .refuse(S3Operations.getBucketIntelligentTieringConfiguration(), this::getBucketIntelligentTieringConfiguration)
        .refuse(S3Operations.deleteBucketIntelligentTieringConfiguration(),
            this::deleteBucketIntelligentTieringConfiguration);
  }

  ListBucketInventoryConfigurationsOutput listBucketInventoryConfigurations(
      Caller caller, ListBucketInventoryConfigurationsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return ListBucketInventoryConfigurationsOutput.builder().isTruncated(false).build();
  }

  Fault getBucketInventoryConfiguration(Caller caller, GetBucketInventoryConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent();
  }

  Fault deleteBucketInventoryConfiguration(Caller caller, DeleteBucketInventoryConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent();
  }

  ListBucketAnalyticsConfigurationsOutput listBucketAnalyticsConfigurations(
      Caller caller, ListBucketAnalyticsConfigurationsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return ListBucketAnalyticsConfigurationsOutput.builder().isTruncated(false).build();
  }

  Fault getBucketAnalyticsConfiguration(Caller caller, GetBucketAnalyticsConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent();
  }

  Fault deleteBucketAnalyticsConfiguration(Caller caller, DeleteBucketAnalyticsConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent();
  }

  ListBucketMetricsConfigurationsOutput listBucketMetricsConfigurations(
      Caller caller, ListBucketMetricsConfigurationsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return ListBucketMetricsConfigurationsOutput.builder().isTruncated(false).build();
  }

  Fault getBucketMetricsConfiguration(Caller caller, GetBucketMetricsConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent();
  }

  Fault deleteBucketMetricsConfiguration(Caller caller, DeleteBucketMetricsConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent();
  }

  ListBucketIntelligentTieringConfigurationsOutput listBucketIntelligentTieringConfigurations(
      Caller caller, ListBucketIntelligentTieringConfigurationsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return ListBucketIntelligentTieringConfigurationsOutput.builder().isTruncated(false).build();
  }

  Fault getBucketIntelligentTieringConfiguration(
      Caller caller, GetBucketIntelligentTieringConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent();
  }

  Fault deleteBucketIntelligentTieringConfiguration(
      Caller caller, DeleteBucketIntelligentTieringConfigurationRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return absent();
  }

  private static Fault absent() {
    return S3Fault.of("NoSuchConfiguration", 404, "The specified configuration does not exist.");
  }
}
