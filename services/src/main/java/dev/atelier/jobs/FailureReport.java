package dev.atelier.jobs;

import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.kernel.Region;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Tells why a job failed: in full in the stream {@code <job>/explanation}, in short as its reason. */
public final class FailureReport {
  private static final int LAST_LINES = 20;

  private final JobPlatform platform;

  public FailureReport(JobPlatform platform) {
    this.platform = platform;
  }

  /**
   * A job that failed.
   *
   * @param explanation where it is told in full
   * @param began when the attempt began that failed
   * @param roleArn whose rights are asked
   */
  public record Failed(JobLogs.Name explanation, Instant began, String roleArn, Region region, String job) {}

  /** The lines of a host that its failure is explained by. */
  public List<String> lines(WorkloadId id, String host) {
    return platform.logs().lastLines(platform.backend(), id, host, FailureExplanation.SEARCHED_LINES).stream()
        .map(FailureExplanation::searched).toList();
  }

  /**
   * Explains a program's failure.
   *
   * @param limits what the host had that failed
   * @param failureFile what the program wrote for its reason
   * @param lines the last that the failed host wrote, as {@link #lines} has them
   * @return the reason
   */
  public String tell(Failed failed, Resources limits, WorkloadState.Exited exited, Optional<String> failureFile,
      List<String> lines) {
    FailureText.End end = new FailureText.End(exited.exitCode(), exited.outOfMemory(), exited.peakMemoryBytes(),
        failureFile);
    tell(failed, new FailureExplanation(end, lines, limits, denial(failed)).lines());
    return FailureText.of(end, Optional.of(limits),
        lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  /** Explains any other failure, such as one to store what the program left. */
  public void tell(Failed failed, String reason) {
    tell(failed, FailureExplanation.of(reason, denial(failed)));
  }

  private BiFunction<String, String, Optional<String>> denial(Failed failed) {
    return (action, resource) ->
        platform.roles().denial(failed.roleArn(), failed.region(), failed.job(), action, resource);
  }

  private void tell(Failed failed, List<String> lines) {
    List<String> told = new ArrayList<>(lines);
    // a job that is made again under the name fails for itself, be it for the same reason
    told.set(0, told.getFirst() + " The attempt began at " + failed.began() + ".");
    platform.logs().platform(failed.explanation(), told);
  }
}
