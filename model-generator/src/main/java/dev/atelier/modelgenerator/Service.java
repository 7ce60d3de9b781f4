package dev.atelier.modelgenerator;

/** The pinned services: botocore's name, the Java package, and the prefix of classes made for the whole service. */
enum Service {
  SAGEMAKER("sagemaker", "sagemaker", "SageMaker"),
  SAGEMAKER_RUNTIME("sagemaker-runtime", "sagemakerruntime", "SageMakerRuntime"),
  FEATURE_STORE_RUNTIME("sagemaker-featurestore-runtime", "featurestoreruntime", "FeatureStoreRuntime"),
  SAGEMAKER_METRICS("sagemaker-metrics", "sagemakermetrics", "SageMakerMetrics"),
  S3("s3", "s3", "S3"),
  STS("sts", "sts", "Sts"),
  IAM("iam", "iam", "Iam"),
  LOGS("logs", "logs", "Logs"),
  CLOUDWATCH("cloudwatch", "cloudwatch", "CloudWatch"),
  KMS("kms", "kms", "Kms"),
  ECR("ecr", "ecr", "Ecr");

  private final String id;
  private final String packageName;
  private final String prefix;

  Service(String id, String packageName, String prefix) {
    this.id = id;
    this.packageName = packageName;
    this.prefix = prefix;
  }

  String id() {
    return id;
  }

  String packageName() {
    return "dev.atelier.models." + packageName;
  }

  String prefix() {
    return prefix;
  }

  String fileOf(String type) {
    return packageName().replace('.', '/') + "/" + type + ".java";
  }
}
