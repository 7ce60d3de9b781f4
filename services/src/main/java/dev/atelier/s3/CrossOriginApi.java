package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.NoOutput;
import dev.atelier.models.s3.CORSConfiguration;
import dev.atelier.models.s3.CORSRule;
import dev.atelier.models.s3.DeleteBucketCorsRequest;
import dev.atelier.models.s3.GetBucketCorsOutput;
import dev.atelier.models.s3.GetBucketCorsRequest;
import dev.atelier.models.s3.PutBucketCorsRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a bucket lets pages of other origins ask. */
final class CrossOriginApi {
  private static final String KIND = "cors";
  private static final int MOST = 100;
  private static final Set<String> METHODS = Set.of("GET", "PUT", "HEAD", "POST", "DELETE");

  private final ObjectStore store;

  CrossOriginApi(ObjectStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.getBucketCors(), this::getBucketCors)
        .on(S3Operations.putBucketCors(), this::putBucketCors)
        .on(S3Operations.deleteBucketCors(), this::deleteBucketCors);
  }

  GetBucketCorsOutput getBucketCors(Caller caller, GetBucketCorsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return GetBucketCorsOutput.builder().corsRules(stored(request.bucket()).orElseThrow(() ->
        new Fault("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist",
            Map.of("BucketName", request.bucket()))).corsRules()).build();
  }

  NoOutput putBucketCors(Caller caller, PutBucketCorsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    CORSConfiguration wanted = request.corsConfiguration();
    if (wanted == null || wanted.corsRules().isEmpty() || wanted.corsRules().size() > MOST) {
      throw malformed();
    }
    wanted.corsRules().forEach(CrossOriginApi::check);
    store.buckets().putDocument(request.bucket(), KIND, StoredDocument.write(wanted.toDocument()));
    return new NoOutput();
  }

  NoOutput deleteBucketCors(Caller caller, DeleteBucketCorsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    store.buckets().deleteDocument(request.bucket(), KIND);
    return new NoOutput();
  }

  private static void check(CORSRule rule) {
    if (rule.allowedMethods().isEmpty() || rule.allowedOrigins().isEmpty()
        || rule.id() != null && rule.id().length() > 255) {
      throw malformed();
    }
    rule.allowedMethods().stream().filter(method -> !METHODS.contains(method)).findFirst().ifPresent(method -> {
      throw S3Fault.invalidRequest("Found unsupported HTTP method in CORS config. Unsupported method is " + method);
    });
    requireOneStar("AllowedOrigin", rule.allowedOrigins());
    requireOneStar("AllowedHeader", rule.allowedHeaders());
    rule.exposeHeaders().stream().filter(name -> name.contains("*")).findFirst().ifPresent(name -> {
      throw S3Fault.invalidRequest("ExposeHeader \"" + name + "\" contains wildcard. We currently do not support "
          + "wildcard for ExposeHeader.");
    });
    if (rule.maxAgeSeconds() != null && rule.maxAgeSeconds() < 0) {
      throw malformed();
    }
  }

  private static void requireOneStar(String what, List<String> patterns) {
    patterns.stream().filter(pattern -> pattern.indexOf('*') != pattern.lastIndexOf('*')).findFirst()
        .ifPresent(pattern -> {
          throw S3Fault.invalidRequest(what + " \"" + pattern + "\" can not have more than one wildcard.");
        });
  }

  /** The rules of a bucket; none when it has none or is not there. */
  List<CrossOriginRule> rules(String bucket) {
    return store.buckets().find(bucket).flatMap(known -> stored(known.name())).map(CORSConfiguration::corsRules)
        .orElse(List.of()).stream().map(rule -> new CrossOriginRule(rule.allowedOrigins(), rule.allowedMethods(),
            rule.allowedHeaders(), rule.exposeHeaders(), Optional.ofNullable(rule.maxAgeSeconds()))).toList();
  }

  private Optional<CORSConfiguration> stored(String bucket) {
    return store.buckets().document(bucket, KIND).map(text ->
        CORSConfiguration.fromDocument(StoredDocument.read(text)));
  }

  private static Fault malformed() {
    return S3Fault.of("MalformedXML", 400,
        "The XML you provided was not well-formed or did not validate against our published schema");
  }
}
