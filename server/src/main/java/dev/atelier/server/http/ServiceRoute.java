package dev.atelier.server.http;

import dev.atelier.models.ServiceModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which service a request is for: AWS's own host name, else the target header, else the path, else the service that the
 * signature's scope names; what is left is S3's.
 *
 * @param service botocore's name of the service
 * @param bucket the bucket of a virtual-hosted S3 request
 */
record ServiceRoute(String service, Optional<String> bucket) {
  private static final Pattern S3_HOST = Pattern.compile("(?:(.+)\\.)?s3(?:[.-][a-z0-9-]+)?\\.(?:amazonaws\\.com(?:\\.cn)?|localhost)");
  private static final Pattern SERVICE_HOST = Pattern.compile(
      "(api\\.sagemaker|runtime\\.sagemaker|featurestore-runtime\\.sagemaker|metrics\\.sagemaker|sts|iam|logs|monitoring|kms"
          + "|api\\.ecr|ecr)"
          + "(?:\\.[a-z0-9-]+)?\\.(?:amazonaws\\.com(?:\\.cn)?|api\\.aws)");
  private static final Map<String, String> BY_HOST = Map.ofEntries(
      Map.entry("api.sagemaker", "sagemaker"),
      Map.entry("runtime.sagemaker", "sagemaker-runtime"),
      Map.entry("featurestore-runtime.sagemaker", "sagemaker-featurestore-runtime"),
      Map.entry("metrics.sagemaker", "sagemaker-metrics"),
      Map.entry("sts", "sts"),
      Map.entry("iam", "iam"),
      Map.entry("logs", "logs"),
      Map.entry("monitoring", "cloudwatch"),
      Map.entry("kms", "kms"),
      Map.entry("api.ecr", "ecr"),
      Map.entry("ecr", "ecr"));
  private static final Map<String, String> BY_TARGET = byTarget();
  private static final List<String> SAGEMAKER_DATA_PLANES =
      List.of("sagemaker-runtime", "sagemaker-featurestore-runtime", "sagemaker-metrics");
  private static final Map<String, String> BY_SCOPE = Map.of(
      "sts", "sts", "iam", "iam", "logs", "logs", "monitoring", "cloudwatch", "kms", "kms", "s3", "s3",
      "ecr", "ecr");

  private static Map<String, String> byTarget() {
    Map<String, String> services = new LinkedHashMap<>();
    for (String service : ServiceModel.SERVICES) {
      String prefix = ServiceModel.load(service).metadata().targetPrefix();
      if (!prefix.isEmpty()) {
        services.put(prefix, service);
      }
    }
    return Map.copyOf(services);
  }

  /** Hosts of AWS's that no service here answers for. */
  static Optional<ServiceRoute> ofAwsHost(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    Matcher s3 = S3_HOST.matcher(lower);
    if (s3.matches()) {
      return Optional.of(new ServiceRoute("s3", Optional.ofNullable(s3.group(1))));
    }
    Matcher service = SERVICE_HOST.matcher(lower);
    return service.matches()
        ? Optional.of(new ServiceRoute(BY_HOST.get(service.group(1)), Optional.empty())) : Optional.empty();
  }

  /**
   * The service of a request that came by address rather than by AWS's host name.
   *
   * @param target the X-Amz-Target header, or what the path of an RPC request says in the same form
   * @param scope the service of the signature's scope
   * @param hasPath whether a REST service has an operation at the request's method and path
   */
  static ServiceRoute of(Optional<String> target, Optional<String> scope, Predicate<String> hasPath) {
    Optional<String> byTarget = target.map(text -> text.substring(0, Math.max(0, text.lastIndexOf('.'))))
        .map(BY_TARGET::get);
    if (byTarget.isPresent()) {
      return new ServiceRoute(byTarget.get(), Optional.empty());
    }
    if (scope.equals(Optional.of("sagemaker"))) {
      return new ServiceRoute(
          SAGEMAKER_DATA_PLANES.stream().filter(hasPath).findFirst().orElse("sagemaker"), Optional.empty());
    }
    return new ServiceRoute(scope.map(BY_SCOPE::get).orElse("s3"), Optional.empty());
  }
}
