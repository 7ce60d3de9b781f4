package dev.atelier.compute;

import java.util.regex.Pattern;

/**
 * Names one attempt to run something, for ever: a retry gets a new id. Short, because socket paths hold it.
 *
 * @param value lower-case letters, digits and hyphens, at most 32
 */
public record WorkloadId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

  public WorkloadId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a workload id: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
