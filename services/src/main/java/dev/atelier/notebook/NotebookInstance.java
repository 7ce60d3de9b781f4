package dev.atelier.notebook;

import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.InstanceType;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A notebook instance as stored.
 *
 * @param document what Describe answers of what was asked for
 * @param version counts changes
 * @param attempt counts starts; each has a workload of its own
 * @param configured whether a start has run the OnCreate script to the end
 * @param logStart where the attempt's output begins in its log stream, in bytes
 */
record NotebookInstance(
    Arn arn,
    AccountId account,
    Region region,
    String name,
    Map<String, Object> document,
    NotebookState state,
    int version,
    int attempt,
    boolean configured,
    long logStart,
    Instant createdAt,
    Instant modifiedAt,
    Optional<String> failureReason) {

  static final String LIFECYCLE_CONFIG = "NotebookInstanceLifecycleConfigName";
  static final String DEFAULT_REPOSITORY = "DefaultCodeRepository";
  static final String REPOSITORIES = "AdditionalCodeRepositories";

  Optional<String> text(String member) {
    return Optional.ofNullable((String) document.get(member));
  }

  InstanceType type() {
    return InstanceType.require(text("InstanceType").orElseThrow());
  }

  long volumeBytes() {
    return Capacity.volumeBytes(Optional.of((Integer) document.get("VolumeSizeInGB")));
  }

  /** Whether programs reach hosts other than Atelier. */
  boolean internet() {
    return enabled("DirectInternetAccess");
  }

  boolean rootAccess() {
    return enabled("RootAccess");
  }

  private boolean enabled(String member) {
    return text(member).filter("Enabled"::equals).isPresent();
  }

  /** Names or URLs of repositories, the default one first. */
  List<String> repositories() {
    List<String> all = new ArrayList<>();
    text(DEFAULT_REPOSITORY).ifPresent(all::add);
    if (document.get(REPOSITORIES) instanceof List<?> more) {
      more.forEach(each -> all.add((String) each));
    }
    return all;
  }
}
