package dev.atelier.kernel;

import java.util.regex.Pattern;

/** A region name of AWS's form, such as {@code us-east-1}; it decides the partition. */
public record Region(String name) {
  private static final Pattern FORM = Pattern.compile("[a-z]{2,}(-[a-z]+)+-\\d{1,2}");

  public Region {
    if (!isRegion(name)) {
      throw new IllegalArgumentException("not a region name: " + name);
    }
  }

  /** Whether {@code name} has the form of a region name. */
  public static boolean isRegion(String name) {
    return name.length() <= 40 && FORM.matcher(name).matches();
  }

  public Partition partition() {
    if (name.startsWith("cn-")) {
      return Partition.CHINA;
    }
    return name.startsWith("us-gov-") ? Partition.US_GOV : Partition.AWS;
  }

  @Override
  public String toString() {
    return name;
  }
}
