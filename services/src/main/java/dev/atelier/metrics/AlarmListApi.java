package dev.atelier.metrics;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.models.cloudwatch.AlarmHistoryItem;
import dev.atelier.models.cloudwatch.CloudWatchOperations;
import dev.atelier.models.cloudwatch.CompositeAlarm;
import dev.atelier.models.cloudwatch.DescribeAlarmHistoryInput;
import dev.atelier.models.cloudwatch.DescribeAlarmHistoryOutput;
import dev.atelier.models.cloudwatch.DescribeAlarmsForMetricInput;
import dev.atelier.models.cloudwatch.DescribeAlarmsForMetricOutput;
import dev.atelier.models.cloudwatch.DescribeAlarmsInput;
import dev.atelier.models.cloudwatch.DescribeAlarmsOutput;
import dev.atelier.models.cloudwatch.MetricAlarm;
import dev.atelier.models.cloudwatch.PutCompositeAlarmInput;
import dev.atelier.models.cloudwatch.PutMetricAlarmInput;
import dev.atelier.operation.OperationTable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The operations that tell of alarms. */
final class AlarmListApi {
  private static final int PAGE = 50;

  private final AlarmStore store;

  AlarmListApi(AlarmStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(CloudWatchOperations.describeAlarms(), this::describeAlarms)
        .on(CloudWatchOperations.describeAlarmsForMetric(), this::describeAlarmsForMetric)
        .on(CloudWatchOperations.describeAlarmHistory(), this::describeAlarmHistory);
  }

  /** Only metric alarms are told of unless types are given, as AWS documents. */
  DescribeAlarmsOutput describeAlarms(Caller caller, DescribeAlarmsInput request) {
    if (!request.alarmNames().isEmpty() && request.alarmNamePrefix() != null) {
      throw MetricFault.validation("AlarmNamePrefix and AlarmNames cannot be specified together.");
    }
    Place place = MetricDataApi.place(caller);
    List<String> types = request.alarmTypes().isEmpty() && request.childrenOfAlarmName() == null
        && request.parentsOfAlarmName() == null ? List.of("MetricAlarm")
        : request.alarmTypes().isEmpty() ? List.of("MetricAlarm", "CompositeAlarm") : request.alarmTypes();
    Predicate<Alarm> family = family(place, request);
    String after = request.nextToken() == null ? "" : decode(request.nextToken());
    int most = request.maxRecords() == null ? PAGE : request.maxRecords();
    List<Alarm> found = store.list(place).stream()
        .filter(alarm -> alarm.name().compareTo(after) > 0)
        .filter(alarm -> types.contains(alarm.settings().kind()))
        .filter(alarm -> request.alarmNames().isEmpty() || request.alarmNames().contains(alarm.name()))
        .filter(alarm -> request.alarmNamePrefix() == null || alarm.name().startsWith(request.alarmNamePrefix()))
        .filter(alarm -> request.stateValue() == null || alarm.standing().state().name().equals(request.stateValue()))
        .filter(alarm -> request.actionPrefix() == null
            || alarm.allActions().stream().anyMatch(action -> action.startsWith(request.actionPrefix())))
        .filter(family).limit(most + 1L).toList();
    List<Alarm> page = found.subList(0, Math.min(most, found.size()));
    return DescribeAlarmsOutput.builder()
        .metricAlarms(page.stream().filter(alarm -> alarm.settings() instanceof Alarm.Metric)
            .map(AlarmListApi::metric).toList())
        .compositeAlarms(page.stream().flatMap(alarm -> alarm.settings() instanceof Alarm.Composite composite
            ? Stream.of(composite(alarm, composite.request())) : Stream.empty()).toList())
        .nextToken(found.size() > most ? encode(page.getLast().name()) : null)
        .build();
  }

  private Predicate<Alarm> family(Place place, DescribeAlarmsInput request) {
    if (request.childrenOfAlarmName() != null) {
      Set<String> children = new HashSet<>();
      store.find(AlarmApi.arn(place, request.childrenOfAlarmName()))
          .ifPresent(parent -> children.addAll(children(place, parent)));
      return alarm -> children.contains(alarm.arn().toString());
    }
    if (request.parentsOfAlarmName() != null) {
      String child = AlarmApi.arn(place, request.parentsOfAlarmName()).toString();
      return alarm -> children(place, alarm).contains(child);
    }
    return alarm -> true;
  }

  private static List<String> children(Place place, Alarm parent) {
    return parent.settings() instanceof Alarm.Composite composite
        ? AlarmRule.parse(composite.request().alarmRule()).alarms().stream()
            .map(name -> AlarmApi.arn(place, name)).map(Arn::toString).toList()
        : List.of();
  }

  DescribeAlarmsForMetricOutput describeAlarmsForMetric(Caller caller, DescribeAlarmsForMetricInput request) {
    Place place = MetricDataApi.place(caller);
    SeriesKey key = MetricDataApi.key(place, request.namespace(), request.metricName(), request.dimensions());
    return DescribeAlarmsForMetricOutput.builder().metricAlarms(store.list(place).stream()
        .filter(alarm -> alarm.settings() instanceof Alarm.Metric metric && watches(metric.request(), key, request))
        .map(AlarmListApi::metric).toList()).build();
  }

  private static boolean watches(PutMetricAlarmInput alarm, SeriesKey key, DescribeAlarmsForMetricInput request) {
    return alarm.metricName() != null
        && MetricDataApi.key(key.place(), alarm.namespace(), alarm.metricName(), alarm.dimensions()).equals(key)
        && fits(request.statistic(), alarm.statistic()) && fits(request.unit(), alarm.unit())
        && fits(request.extendedStatistic(), alarm.extendedStatistic()) && fits(request.period(), alarm.period());
  }

  private static boolean fits(Object asked, Object present) {
    return asked == null || Objects.equals(asked, present);
  }

  DescribeAlarmHistoryOutput describeAlarmHistory(Caller caller, DescribeAlarmHistoryInput request) {
    List<String> types = request.alarmTypes().isEmpty() ? List.of("MetricAlarm") : request.alarmTypes();
    int most = request.maxRecords() == null ? 100 : request.maxRecords();
    boolean ascending = "TimestampAscending".equals(request.scanBy());
    List<AlarmStore.Past> all =
        store.history(MetricDataApi.place(caller), Optional.ofNullable(request.alarmName()));
    long skip = request.nextToken() == null ? 0 : number(decode(request.nextToken()));
    List<AlarmStore.Past> found = (ascending ? all : all.reversed()).stream()
        .filter(past -> types.contains(past.kind()))
        .filter(past -> request.historyItemType() == null || request.historyItemType().equals(past.item().type()))
        .filter(past -> request.startDate() == null || !past.at().isBefore(request.startDate()))
        .filter(past -> request.endDate() == null || past.at().isBefore(request.endDate()))
        .filter(past -> skip == 0 || (ascending ? past.id() > skip : past.id() < skip)).limit(most + 1L).toList();
    List<AlarmStore.Past> page = found.subList(0, Math.min(most, found.size()));
    return DescribeAlarmHistoryOutput.builder()
        .alarmHistoryItems(page.stream().map(past -> AlarmHistoryItem.builder().alarmName(past.alarm())
            .alarmType(past.kind()).timestamp(past.at()).historyItemType(past.item().type())
            .historySummary(past.item().summary()).historyData(past.item().data()).build()).toList())
        .nextToken(found.size() > most ? encode(Long.toString(page.getLast().id())) : null)
        .build();
  }

  private static MetricAlarm metric(Alarm alarm) {
    PutMetricAlarmInput request = ((Alarm.Metric) alarm.settings()).request();
    return MetricAlarm.builder()
        .alarmName(alarm.name()).alarmArn(alarm.arn().toString()).alarmDescription(request.alarmDescription())
        .alarmConfigurationUpdatedTimestamp(alarm.configuredAt())
        .actionsEnabled(!Boolean.FALSE.equals(request.actionsEnabled()))
        .okActions(request.okActions()).alarmActions(request.alarmActions())
        .insufficientDataActions(request.insufficientDataActions())
        .stateValue(alarm.standing().state().name()).stateReason(alarm.standing().reason())
        .stateReasonData(alarm.standing().reasonData().orElse(null))
        .stateUpdatedTimestamp(alarm.standing().updatedAt())
        .stateTransitionedTimestamp(alarm.standing().transitionedAt())
        .metricName(request.metricName()).namespace(request.namespace()).statistic(request.statistic())
        .extendedStatistic(request.extendedStatistic()).dimensions(request.dimensions()).period(request.period())
        .unit(request.unit()).evaluationPeriods(request.evaluationPeriods())
        .datapointsToAlarm(request.datapointsToAlarm()).threshold(request.threshold())
        .comparisonOperator(request.comparisonOperator()).treatMissingData(request.treatMissingData())
        .evaluateLowSampleCountPercentile(request.evaluateLowSampleCountPercentile()).metrics(request.metrics())
        .build();
  }

  private static CompositeAlarm composite(Alarm alarm, PutCompositeAlarmInput request) {
    return CompositeAlarm.builder()
        .alarmName(alarm.name()).alarmArn(alarm.arn().toString()).alarmDescription(request.alarmDescription())
        .alarmConfigurationUpdatedTimestamp(alarm.configuredAt()).alarmRule(request.alarmRule())
        .actionsEnabled(!Boolean.FALSE.equals(request.actionsEnabled()))
        .okActions(request.okActions()).alarmActions(request.alarmActions())
        .insufficientDataActions(request.insufficientDataActions())
        .stateValue(alarm.standing().state().name()).stateReason(alarm.standing().reason())
        .stateReasonData(alarm.standing().reasonData().orElse(null))
        .stateUpdatedTimestamp(alarm.standing().updatedAt())
        .stateTransitionedTimestamp(alarm.standing().transitionedAt())
        .build();
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw MetricFault.nextToken();
    }
  }

  private static long number(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw MetricFault.nextToken();
    }
    return Long.parseLong(text);
  }
}
