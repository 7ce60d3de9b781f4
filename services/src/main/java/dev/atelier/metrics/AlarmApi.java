package dev.atelier.metrics;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.models.NoOutput;
import dev.atelier.models.cloudwatch.CloudWatchOperations;
import dev.atelier.models.cloudwatch.DeleteAlarmsInput;
import dev.atelier.models.cloudwatch.DisableAlarmActionsInput;
import dev.atelier.models.cloudwatch.EnableAlarmActionsInput;
import dev.atelier.models.cloudwatch.PutCompositeAlarmInput;
import dev.atelier.models.cloudwatch.PutMetricAlarmInput;
import dev.atelier.models.cloudwatch.SetAlarmStateInput;
import dev.atelier.models.cloudwatch.Tag;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The operations that make, change and delete alarms. */
final class AlarmApi {
  private final AlarmStore store;
  private final Clock clock;

  AlarmApi(AlarmStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(CloudWatchOperations.putMetricAlarm(), this::putMetricAlarm)
        .on(CloudWatchOperations.putCompositeAlarm(), this::putCompositeAlarm)
        .on(CloudWatchOperations.setAlarmState(), this::setAlarmState)
        .on(CloudWatchOperations.enableAlarmActions(), this::enableAlarmActions)
        .on(CloudWatchOperations.disableAlarmActions(), this::disableAlarmActions)
        .on(CloudWatchOperations.deleteAlarms(), this::deleteAlarms);
  }

  /** The ARN of an alarm that is named by its name or its ARN. */
  static Arn arn(Place place, String nameOrArn) {
    return Arn.parse(nameOrArn).filter(arn -> arn.service().equals("cloudwatch"))
        .orElseGet(() -> Arn.of("cloudwatch", place.region(), place.account(), "alarm:" + nameOrArn));
  }

  static Map<String, String> tags(List<Tag> tags) {
    Map<String, String> all = new LinkedHashMap<>();
    tags.forEach(tag -> all.put(tag.key(), tag.value()));
    if (all.size() > 50) {
      throw MetricFault.value("A resource has at most 50 tags.");
    }
    return all;
  }

  NoOutput putMetricAlarm(Caller caller, PutMetricAlarmInput request) {
    AlarmChecks.check(MetricDataApi.place(caller), request);
    put(caller, request.alarmName(), new Alarm.Metric(request.toBuilder().tags(List.of()).build()),
        tags(request.tags()));
    return new NoOutput();
  }

  NoOutput putCompositeAlarm(Caller caller, PutCompositeAlarmInput request) {
    if (request.actionsSuppressor() != null) {
      throw new Fault("UnsupportedOperation", 400,
          "cloudwatch:PutCompositeAlarm with ActionsSuppressor is not supported by this version of Atelier.");
    }
    AlarmChecks.actions(request.okActions(), request.alarmActions(), request.insufficientDataActions());
    Place place = MetricDataApi.place(caller);
    Arn own = arn(place, request.alarmName());
    for (String child : AlarmRule.parse(request.alarmRule()).alarms()) {
      requireAcyclic(place, own, arn(place, child), new HashSet<>());
    }
    put(caller, request.alarmName(), new Alarm.Composite(request.toBuilder().tags(List.of()).build()),
        tags(request.tags()));
    return new NoOutput();
  }

  private void requireAcyclic(Place place, Arn own, Arn child, Set<Arn> seen) {
    if (child.equals(own)) {
      throw MetricFault.validation("AlarmRule must not lead back to the alarm itself.");
    }
    Alarm alarm = store.find(child).filter(each -> each.place().equals(place)).orElseThrow(() ->
        MetricFault.validation("AlarmRule names the alarm " + child + ", which does not exist."));
    if (seen.add(child) && alarm.settings() instanceof Alarm.Composite composite) {
      AlarmRule.parse(composite.request().alarmRule()).alarms()
          .forEach(each -> requireAcyclic(place, own, arn(place, each), seen));
    }
  }

  private void put(Caller caller, String name, Alarm.Settings settings, Map<String, String> tags) {
    Place place = MetricDataApi.place(caller);
    Arn arn = arn(place, name);
    Instant now = Instant.ofEpochMilli(clock.millis());
    Optional<Alarm> present = store.find(arn);
    if (present.isPresent() && !present.get().settings().kind().equals(settings.kind())) {
      throw MetricFault.validation("An alarm of this name and of another type exists already.");
    }
    store.put(new Alarm(arn, place, name, settings, now, present.map(Alarm::standing).orElseGet(() ->
        new Alarm.Standing(AlarmState.INSUFFICIENT_DATA, "Unchecked: Initial alarm creation", Optional.empty(), now,
            now))), tags);
  }

  NoOutput setAlarmState(Caller caller, SetAlarmStateInput request) {
    Alarm alarm = find(caller, request.alarmName()).orElseThrow(() -> MetricFault.notFound(
        "Could not find alarm " + request.alarmName()));
    if (request.stateReasonData() != null && !Dashboards.isJson(request.stateReasonData())) {
      throw new Fault("InvalidFormat", 400, "StateReasonData must be valid JSON.");
    }
    AlarmState state = AlarmState.valueOf(request.stateValue());
    Instant now = Instant.ofEpochMilli(clock.millis());
    store.move(alarm, new Alarm.Standing(state, request.stateReason(), Optional.ofNullable(request.stateReasonData()),
        now, state == alarm.standing().state() ? alarm.standing().transitionedAt() : now));
    return new NoOutput();
  }

  private Optional<Alarm> find(Caller caller, String name) {
    return store.find(arn(MetricDataApi.place(caller), name))
        .filter(alarm -> alarm.place().equals(MetricDataApi.place(caller)));
  }

  NoOutput enableAlarmActions(Caller caller, EnableAlarmActionsInput request) {
    actions(caller, request.alarmNames(), true);
    return new NoOutput();
  }

  NoOutput disableAlarmActions(Caller caller, DisableAlarmActionsInput request) {
    actions(caller, request.alarmNames(), false);
    return new NoOutput();
  }

  /** Names of alarms that are not there are passed over, as AWS does. */
  private void actions(Caller caller, List<String> names, boolean enabled) {
    for (String name : names) {
      find(caller, name).ifPresent(alarm -> put(caller, alarm.name(), switch (alarm.settings()) {
        case Alarm.Metric metric -> new Alarm.Metric(metric.request().toBuilder().actionsEnabled(enabled).build());
        case Alarm.Composite composite ->
            new Alarm.Composite(composite.request().toBuilder().actionsEnabled(enabled).build());
      }, Map.of()));
    }
  }

  NoOutput deleteAlarms(Caller caller, DeleteAlarmsInput request) {
    if (request.alarmNames().size() > 100) {
      throw MetricFault.validation("At most 100 alarms can be deleted in one call.");
    }
    Place place = MetricDataApi.place(caller);
    List<Alarm> doomed = request.alarmNames().stream().distinct().flatMap(name -> find(caller, name).stream()).toList();
    Set<String> arns = new HashSet<>();
    doomed.forEach(alarm -> arns.add(alarm.arn().toString()));
    for (Alarm other : store.list(place)) {
      if (other.settings() instanceof Alarm.Composite composite && !arns.contains(other.arn().toString())) {
        AlarmRule.parse(composite.request().alarmRule()).alarms().stream()
            .map(child -> arn(place, child).toString()).filter(arns::contains).findFirst().ifPresent(child -> {
              throw new Fault("ResourceConflict", 409, "The alarm " + child + " is part of the rule of the composite "
                  + "alarm " + other.name() + " and cannot be deleted.");
            });
      }
    }
    store.delete(doomed, clock.instant());
    return new NoOutput();
  }
}
