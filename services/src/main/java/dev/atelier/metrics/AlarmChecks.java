package dev.atelier.metrics;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.models.cloudwatch.PutMetricAlarmInput;
import java.util.List;
import java.util.stream.Stream;

/** What a metric alarm must be, beyond what the model says. */
final class AlarmChecks {
  private static final int DAY = 86_400;
  private static final int WEEK = 7 * DAY;

  private AlarmChecks() {}

  static void check(Place place, PutMetricAlarmInput alarm) {
    unsupported(alarm);
    actions(alarm.okActions(), alarm.alarmActions(), alarm.insufficientDataActions());
    option("EvaluateLowSampleCountPercentile", alarm.evaluateLowSampleCountPercentile(), List.of("evaluate", "ignore"));
    option("TreatMissingData", alarm.treatMissingData(), List.of("breaching", "notBreaching", "ignore", "missing"));
    require(alarm.evaluationPeriods(), "EvaluationPeriods");
    require(alarm.comparisonOperator(), "ComparisonOperator");
    int period;
    if (alarm.metrics().isEmpty()) {
      metric(alarm);
      period = alarm.period();
    } else {
      List<MetricQuery> queries = queries(place, alarm);
      period = AlarmRunner.period(queries);
    }
    require(alarm.threshold(), "Threshold");
    if (alarm.datapointsToAlarm() != null && alarm.datapointsToAlarm() > alarm.evaluationPeriods()) {
      throw MetricFault.validation("The parameter DatapointsToAlarm must be less than or equal to EvaluationPeriods.");
    }
    int most = period >= 3600 ? WEEK : DAY;
    if ((long) period * alarm.evaluationPeriods() > most) {
      throw MetricFault.validation("Metrics cannot be checked across more than " + (most == DAY ? "a day" : "a week")
          + " (EvaluationPeriods * Period must be <= " + most + ").");
    }
  }

  /** @throws Fault ValidationError for an action that is no ARN */
  @SafeVarargs
  static void actions(List<String>... lists) {
    Stream.of(lists).flatMap(List::stream).filter(action -> Arn.parse(action).isEmpty()).findFirst()
        .ifPresent(action -> {
          throw MetricFault.validation("Invalid arn syntax: " + action);
        });
  }

  private static void unsupported(PutMetricAlarmInput alarm) {
    boolean band = alarm.comparisonOperator() != null
        && (alarm.comparisonOperator().contains("Upper") || alarm.comparisonOperator().contains("Lower"));
    String what = alarm.thresholdMetricId() != null || band ? "an anomaly detection band"
        : alarm.evaluationCriteria() != null ? "EvaluationCriteria"
        : alarm.evaluationWindow() != null ? "EvaluationWindow" : "";
    if (!what.isEmpty()) {
      throw new Fault("UnsupportedOperation", 400,
          "cloudwatch:PutMetricAlarm with " + what + " is not supported by this version of Atelier.");
    }
  }

  private static void option(String parameter, String value, List<String> supported) {
    if (value != null && !supported.contains(value)) {
      throw MetricFault.validation("Option " + value + " is not supported. Supported options for parameter " + parameter
          + " are " + String.join(", ", supported.subList(0, supported.size() - 1)) + " and " + supported.getLast()
          + ".");
    }
  }

  private static void require(Object value, String parameter) {
    if (value == null) {
      throw MetricFault.missing("The parameter " + parameter + " is required.");
    }
  }

  private static void metric(PutMetricAlarmInput alarm) {
    require(alarm.metricName(), "MetricName");
    require(alarm.namespace(), "Namespace");
    require(alarm.period(), "Period");
    if (alarm.statistic() == null && alarm.extendedStatistic() == null) {
      throw MetricFault.missing("Must specify either Statistic or ExtendedStatistic.");
    }
    if (alarm.statistic() != null && alarm.extendedStatistic() != null) {
      throw MetricFault.combination("The parameters Statistic and ExtendedStatistic are mutually exclusive and you have "
          + "specified both.");
    }
    if (alarm.extendedStatistic() != null && Statistic.parse(alarm.extendedStatistic())
        .filter(statistic -> !(statistic instanceof Statistic.Plain)).isEmpty()) {
      throw MetricFault.value("The value " + alarm.extendedStatistic()
          + " for parameter ExtendedStatistic is not supported.");
    }
    if (alarm.period() != 10 && alarm.period() != 20 && alarm.period() != 30 && alarm.period() % 60 != 0) {
      throw MetricFault.validation("Period must be 10, 20, 30 or a multiple of 60");
    }
  }

  private static List<MetricQuery> queries(Place place, PutMetricAlarmInput alarm) {
    if (alarm.metricName() != null || alarm.namespace() != null || alarm.statistic() != null
        || alarm.extendedStatistic() != null || alarm.period() != null || !alarm.dimensions().isEmpty()) {
      throw MetricFault.combination("The parameter Metrics cannot be used together with MetricName, Namespace, "
          + "Dimensions, Period, Statistic, ExtendedStatistic or Unit.");
    }
    List<MetricQuery> queries = MetricQuery.of(place, alarm.metrics(), "Metrics");
    if (queries.size() > 20 || queries.stream().filter(MetricQuery::returned).count() != 1) {
      throw MetricFault.validation(queries.size() > 20 ? "Metrics must not have more than 20 queries."
          : "Exactly one element of the metrics list should return data.");
    }
    if (AlarmRunner.period(queries) == 0) {
      throw MetricFault.validation("Period must not be null");
    }
    return queries;
  }
}
