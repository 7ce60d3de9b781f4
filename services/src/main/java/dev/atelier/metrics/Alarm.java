package dev.atelier.metrics;

import dev.atelier.kernel.Arn;
import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.models.cloudwatch.PutCompositeAlarmInput;
import dev.atelier.models.cloudwatch.PutMetricAlarmInput;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An alarm as it is stored.
 *
 * @param configuredAt when it was last put
 */
record Alarm(Arn arn, Place place, String name, Settings settings, Instant configuredAt, Standing standing) {

  /** What was asked for. */
  sealed interface Settings {
    /** AWS's name of this kind of alarm. */
    String kind();
  }

  record Metric(PutMetricAlarmInput request) implements Settings {
    @Override
    public String kind() {
      return "MetricAlarm";
    }
  }

  record Composite(PutCompositeAlarmInput request) implements Settings {
    @Override
    public String kind() {
      return "CompositeAlarm";
    }
  }

  /**
   * The state with its reason.
   *
   * @param reasonData the reason as JSON
   * @param updatedAt when it was last set, {@code transitionedAt} when it last became another
   */
  record Standing(AlarmState state, String reason, Optional<String> reasonData, Instant updatedAt,
      Instant transitionedAt) {}

  /** The actions of a state; none while actions are disabled. */
  List<String> actions(AlarmState state) {
    return switch (settings) {
      case Metric metric when !Boolean.FALSE.equals(metric.request().actionsEnabled()) -> switch (state) {
        case OK -> metric.request().okActions();
        case ALARM -> metric.request().alarmActions();
        case INSUFFICIENT_DATA -> metric.request().insufficientDataActions();
      };
      case Composite composite when !Boolean.FALSE.equals(composite.request().actionsEnabled()) -> switch (state) {
        case OK -> composite.request().okActions();
        case ALARM -> composite.request().alarmActions();
        case INSUFFICIENT_DATA -> composite.request().insufficientDataActions();
      };
      case Metric metric -> List.of();
      case Composite composite -> List.of();
    };
  }

  /** Every action of any state. */
  List<String> allActions() {
    return switch (settings) {
      case Metric metric -> joined(metric.request().okActions(), metric.request().alarmActions(),
          metric.request().insufficientDataActions());
      case Composite composite -> joined(composite.request().okActions(), composite.request().alarmActions(),
          composite.request().insufficientDataActions());
    };
  }

  @SafeVarargs
  private static List<String> joined(List<String>... lists) {
    return java.util.Arrays.stream(lists).flatMap(List::stream).toList();
  }
}
