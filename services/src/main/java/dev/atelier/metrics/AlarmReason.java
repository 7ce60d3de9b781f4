package dev.atelier.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.models.cloudwatch.PutMetricAlarmInput;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Why an alarm is in its state, as AWS words it for people and as JSON. */
final class AlarmReason {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 1_023;
  private static final DateTimeFormatter SHORT =
      DateTimeFormatter.ofPattern("dd/MM/yy HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LONG =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'+0000'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private AlarmReason() {}

  static String text(PutMetricAlarmInput alarm, Evaluation.Decision decision, AlarmState before) {
    if (decision.state() == AlarmState.INSUFFICIENT_DATA) {
      return "Insufficient Data: " + count(decision.filled(), "datapoint") + (decision.filled() == 1 ? " was" : " were")
          + " unknown.";
    }
    int counted = decision.state() == AlarmState.ALARM ? decision.breaching()
        : decision.used().size() - decision.breaching();
    String treated = decision.filled() == 0 || treatment(alarm).equals("missing") ? ""
        : " and " + count(decision.filled(), "missing datapoint") + (decision.filled() == 1 ? " was" : " were")
            + " treated as [" + (treatment(alarm).equals("breaching") ? "Breaching" : "NonBreaching") + "]";
    if (decision.used().isEmpty()) {
      return "Threshold Crossed: no datapoints were received for " + count(decision.filled(), "period") + treated + ".";
    }
    String shown = decision.used().stream().limit(10)
        .map(slot -> slot.value().getAsDouble() + " (" + SHORT.format(Instant.ofEpochSecond(slot.second())) + ")")
        .collect(Collectors.joining(", "));
    String text = "Threshold Crossed: " + counted + " out of the last " + count(alarm.evaluationPeriods(), "datapoint")
        + " [" + shown + "] " + (counted == 1 ? "was " : "were ")
        + (decision.state() == AlarmState.ALARM ? "" : "not ") + comparison(alarm) + " the threshold ("
        + threshold(alarm) + ")" + treated + " (minimum "
        + count(decision.state() == AlarmState.ALARM ? needed(alarm) : alarm.evaluationPeriods() - needed(alarm) + 1,
            "datapoint") + " for " + before + " -> " + decision.state() + " transition).";
    return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }

  static String data(PutMetricAlarmInput alarm, Evaluation.Decision decision, int period, Instant now) {
    ObjectNode data = JSON.createObjectNode().put("version", "1.0").put("queryDate", LONG.format(now));
    if (!decision.used().isEmpty()) {
      data.put("startDate", LONG.format(Instant.ofEpochSecond(decision.used().getLast().second())));
    }
    if (alarm.statistic() != null) {
      data.put("statistic", alarm.statistic());
    } else if (alarm.extendedStatistic() != null) {
      data.put("statistic", alarm.extendedStatistic());
    }
    if (alarm.unit() != null) {
      data.put("unit", alarm.unit());
    }
    data.put("period", period);
    ArrayNode recent = data.putArray("recentDatapoints");
    List<Evaluation.Slot> oldestFirst = decision.used().reversed();
    oldestFirst.forEach(slot -> recent.add(slot.value().getAsDouble()));
    data.put("threshold", threshold(alarm));
    ArrayNode evaluated = data.putArray("evaluatedDatapoints");
    decision.used().forEach(slot -> evaluated.addObject()
        .put("timestamp", LONG.format(Instant.ofEpochSecond(slot.second()))).put("value", slot.value().getAsDouble()));
    return data.toString();
  }

  static int needed(PutMetricAlarmInput alarm) {
    return alarm.datapointsToAlarm() == null ? alarm.evaluationPeriods() : alarm.datapointsToAlarm();
  }

  static String treatment(PutMetricAlarmInput alarm) {
    return alarm.treatMissingData() == null ? "missing" : alarm.treatMissingData();
  }

  static double threshold(PutMetricAlarmInput alarm) {
    return alarm.threshold() == null ? 0 : alarm.threshold();
  }

  private static String comparison(PutMetricAlarmInput alarm) {
    return switch (alarm.comparisonOperator()) {
      case "GreaterThanThreshold" -> "greater than";
      case "GreaterThanOrEqualToThreshold" -> "greater than or equal to";
      case "LessThanThreshold" -> "less than";
      default -> "less than or equal to";
    };
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
