package dev.atelier.metrics;

import dev.atelier.kernel.Caller;
import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.models.NoOutput;
import dev.atelier.models.cloudwatch.CloudWatchOperations;
import dev.atelier.models.cloudwatch.Dimension;
import dev.atelier.models.cloudwatch.MetricDatum;
import dev.atelier.models.cloudwatch.PutMetricDataInput;
import dev.atelier.models.cloudwatch.StatisticSet;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** PutMetricData. */
final class MetricDataApi {
  private static final int MOST_DATA = 1_000;
  private static final int MOST_VALUES = 150;
  private static final Duration BACK = Duration.ofDays(14);
  private static final Duration AHEAD = Duration.ofHours(2);
  /** AWS takes values from 2 to the power of -360 up to 360, of either sign, and zero. */
  private static final double LARGEST = Math.scalb(1.0, 360);

  private final MetricStore store;
  private final Clock clock;

  MetricDataApi(MetricStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(CloudWatchOperations.putMetricData(), this::putMetricData);
  }

  static Place place(Caller caller) {
    return new Place(caller.account(), caller.region());
  }

  static SeriesKey key(Place place, String namespace, String name, List<Dimension> dimensions) {
    return new SeriesKey(place, namespace, name,
        dimensions.stream().map(each -> new SeriesKey.Dimension(each.name(), each.value())).toList());
  }

  NoOutput putMetricData(Caller caller, PutMetricDataInput request) {
    if (request.namespace().startsWith("AWS/")) {
      throw MetricFault.value("The value " + request.namespace() + " for parameter Namespace is invalid.");
    }
    int entities = request.entityMetricData().stream().mapToInt(each -> each.metricData().size()).sum();
    int count = request.metricData().size() + entities;
    if (count == 0) {
      throw MetricFault.missing("The parameter MetricData is required.");
    }
    if (count > MOST_DATA) {
      throw MetricFault.value("The collection MetricData must not have a size greater than " + MOST_DATA + ".");
    }
    List<Sample> samples = new ArrayList<>();
    add(samples, caller, request.namespace(), request.metricData(), "MetricData");
    for (int i = 0; i < request.entityMetricData().size(); i++) {
      add(samples, caller, request.namespace(), request.entityMetricData().get(i).metricData(),
          "EntityMetricData.member." + (i + 1) + ".MetricData");
    }
    store.put(samples);
    return new NoOutput();
  }

  private void add(List<Sample> samples, Caller caller, String namespace, List<MetricDatum> data, String path) {
    Instant now = clock.instant();
    for (int i = 0; i < data.size(); i++) {
      MetricDatum datum = data.get(i);
      String at = path + ".member." + (i + 1);
      printable(at + ".MetricName", datum.metricName());
      datum.dimensions().forEach(each -> {
        printable(at + ".Dimensions.Name", each.name());
        printable(at + ".Dimensions.Value", each.value());
      });
      int resolution = resolution(datum, at);
      Instant time = datum.timestamp() == null ? now : datum.timestamp();
      if (time.isBefore(now.minus(BACK))) {
        throw MetricFault.value("The parameter " + at + ".Timestamp must specify a time within the past two weeks.");
      }
      if (time.isAfter(now.plus(AHEAD))) {
        throw MetricFault.value("The parameter " + at
            + ".Timestamp must specify a time no more than two hours in the future.");
      }
      samples.add(new Sample(key(place(caller), namespace, datum.metricName(), datum.dimensions()),
          Math.floorDiv(time.getEpochSecond(), resolution) * resolution,
          datum.unit() == null ? "None" : datum.unit(), values(datum, at)));
    }
  }

  private static void printable(String parameter, String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw MetricFault.value("The parameter " + parameter + " must not contain control characters.");
    }
  }

  private static int resolution(MetricDatum datum, String at) {
    int resolution = datum.storageResolution() == null ? 60 : datum.storageResolution();
    if (resolution != 1 && resolution != 60) {
      throw MetricFault.value("The parameter " + at + ".StorageResolution must be a value in the set [ 1, 60 ].");
    }
    return resolution;
  }

  private static Distribution values(MetricDatum datum, String at) {
    if (datum.value() != null && datum.statisticValues() != null) {
      throw exclusive(at, "Value", "StatisticValues");
    }
    if (datum.value() != null && !datum.values().isEmpty()) {
      throw exclusive(at, "Value", "Values");
    }
    if (datum.statisticValues() != null && !datum.values().isEmpty()) {
      throw exclusive(at, "StatisticValues", "Values");
    }
    if (datum.value() != null) {
      return Distribution.of(number(datum.value(), at + ".Value"));
    }
    if (datum.statisticValues() != null) {
      return set(datum.statisticValues(), at + ".StatisticValues");
    }
    if (datum.values().isEmpty()) {
      throw MetricFault.combination("At least one of the parameters " + at + ".Value and " + at
          + ".StatisticValues must be specified.");
    }
    return counted(datum, at);
  }

  private static RuntimeException exclusive(String at, String one, String other) {
    return MetricFault.combination("The parameters " + at + "." + one + " and " + at + "." + other
        + " are mutually exclusive and you have specified both.");
  }

  private static Distribution counted(MetricDatum datum, String at) {
    if (!datum.counts().isEmpty() && datum.counts().size() != datum.values().size()) {
      throw MetricFault.value("The parameters " + at + ".Values and " + at + ".Counts must be of the same size.");
    }
    if (datum.values().size() > MOST_VALUES) {
      throw MetricFault.value("The collection " + at + ".Values must not have a size greater than "
          + MOST_VALUES + ".");
    }
    Distribution values = Distribution.empty();
    for (int i = 0; i < datum.values().size(); i++) {
      double times = datum.counts().isEmpty() ? 1
          : number(datum.counts().get(i), at + ".Counts.member." + (i + 1));
      if (times < 0) {
        throw invalid(times, at + ".Counts.member." + (i + 1));
      }
      double value = number(datum.values().get(i), at + ".Values.member." + (i + 1));
      if (times > 0) {
        values.add(value, times);
      }
    }
    if (values.count() == 0) {
      throw MetricFault.value("The parameter " + at + ".Counts must hold a count greater than 0.");
    }
    return values;
  }

  private static Distribution set(StatisticSet set, String at) {
    double count = number(set.sampleCount(), at + ".SampleCount");
    if (count <= 0) {
      throw invalid(count, at + ".SampleCount");
    }
    double least = number(set.minimum(), at + ".Minimum");
    double most = number(set.maximum(), at + ".Maximum");
    if (least > most) {
      throw MetricFault.value("The parameter " + at + ".Maximum must be greater than or equal to " + at + ".Minimum.");
    }
    return Distribution.ofSet(count, number(set.sum(), at + ".Sum"), least, most);
  }

  private static double number(Double value, String at) {
    if (value == null || !Double.isFinite(value) || Math.abs(value) > LARGEST) {
      throw invalid(value == null ? Double.NaN : value, at);
    }
    return value;
  }

  private static RuntimeException invalid(double value, String at) {
    return MetricFault.value("The value " + value + " for parameter " + at + " is invalid.");
  }
}
