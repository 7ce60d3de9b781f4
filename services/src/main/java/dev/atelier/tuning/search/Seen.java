package dev.atelier.tuning.search;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What is known of one point that was tried.
 *
 * @param task 0 for points of the job itself and of jobs whose losses mean the same; another number for each job whose
 *     losses only resemble them
 * @param running whether its loss is still to come; without a loss and not running it has failed
 */
public record Seen(Map<String, String> values, OptionalDouble loss, boolean running, int task) {
  public Seen {
    values = Map.copyOf(values);
  }

  public static Seen running(Map<String, String> values) {
    return new Seen(values, OptionalDouble.empty(), true, 0);
  }

  public static Seen scored(Map<String, String> values, double loss) {
    return new Seen(values, OptionalDouble.of(loss), false, 0);
  }

  public static Seen failed(Map<String, String> values) {
    return new Seen(values, OptionalDouble.empty(), false, 0);
  }
}
