package dev.atelier.jobs;

import dev.atelier.kernel.Arn;
import java.util.Map;

/** How urgent a job is among those that wait. */
public final class JobPriority {
  /** The tag by which a job says it: a whole number from -100 to 100. */
  private static final String TAG = "atelier:priority";
  private static final int MOST = 100;

  private JobPriority() {}

  /** The priority that a job's tags give it now; 0 where they give none that can be read. */
  public static int of(JobPlatform platform, Arn job) {
    Map<String, String> tags = platform.metadata().read(tx -> platform.tags().all(tx, job.toString()));
    String wanted = tags.getOrDefault(TAG, "0");
    return wanted.matches("-?\\d{1,3}") ? Math.clamp(Integer.parseInt(wanted), -MOST, MOST) : 0;
  }
}
