package dev.atelier.kernel;

/** The AWS partitions; the second part of every ARN and the suffix of every host name. */
public enum Partition {
  AWS("aws", "amazonaws.com"),
  CHINA("aws-cn", "amazonaws.com.cn"),
  US_GOV("aws-us-gov", "amazonaws.com");

  private final String id;
  private final String dnsSuffix;

  Partition(String id, String dnsSuffix) {
    this.id = id;
    this.dnsSuffix = dnsSuffix;
  }

  public String id() {
    return id;
  }

  /** The domain under which the partition's services have their hosts. */
  public String dnsSuffix() {
    return dnsSuffix;
  }
}
