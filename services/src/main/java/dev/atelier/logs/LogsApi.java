package dev.atelier.logs;

import dev.atelier.identity.NamedResources;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.logs.LogStore.Place;
import dev.atelier.models.NoOutput;
import dev.atelier.models.logs.CreateLogGroupRequest;
import dev.atelier.models.logs.CreateLogStreamRequest;
import dev.atelier.models.logs.DeleteLogGroupRequest;
import dev.atelier.models.logs.DeleteLogStreamRequest;
import dev.atelier.models.logs.DeleteRetentionPolicyRequest;
import dev.atelier.models.logs.DescribeLogGroupsRequest;
import dev.atelier.models.logs.DescribeLogGroupsResponse;
import dev.atelier.models.logs.DescribeLogStreamsRequest;
import dev.atelier.models.logs.DescribeLogStreamsResponse;
import dev.atelier.models.logs.LogGroup;
import dev.atelier.models.logs.LogStream;
import dev.atelier.models.logs.LogsOperations;
import dev.atelier.models.logs.PutLogGroupDeletionProtectionRequest;
import dev.atelier.models.logs.PutRetentionPolicyRequest;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The operations on log groups and streams. */
final class LogsApi {
  private static final Set<Integer> RETENTIONS = Set.of(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
      1096, 1827, 2192, 2557, 2922, 3288, 3653);

  private final LogStore store;
  private final LogTags tags;
  private final MetricFilters filters;
  private final Clock clock;

  LogsApi(LogStore store, LogTags tags, MetricFilters filters, Clock clock) {
    this.store = store;
    this.tags = tags;
    this.filters = filters;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(LogsOperations.createLogGroup(), this::createLogGroup)
        .on(LogsOperations.deleteLogGroup(), this::deleteLogGroup)
        .on(LogsOperations.describeLogGroups(), this::describeLogGroups)
        .on(LogsOperations.putLogGroupDeletionProtection(), this::putLogGroupDeletionProtection)
        .on(LogsOperations.putRetentionPolicy(), this::putRetentionPolicy)
        .on(LogsOperations.deleteRetentionPolicy(), this::deleteRetentionPolicy)
        .on(LogsOperations.createLogStream(), this::createLogStream)
        .on(LogsOperations.deleteLogStream(), this::deleteLogStream)
        .on(LogsOperations.describeLogStreams(), this::describeLogStreams);
  }

  static Place place(Caller caller) {
    return new Place(caller.account(), caller.region());
  }

  NoOutput createLogGroup(Caller caller, CreateLogGroupRequest request) {
    if (request.logGroupName().startsWith("aws/")) {
      throw new Fault("InvalidParameterException", 400, "Log groups starting with AWS/ are reserved for AWS.");
    }
    LogStore.Group group = new LogStore.Group(request.logGroupName(), clock.instant(), Optional.empty(),
        request.logGroupClass() == null ? "STANDARD" : request.logGroupClass(), Optional.ofNullable(request.kmsKeyId()),
        Boolean.TRUE.equals(request.deletionProtectionEnabled()));
    if (!store.insertGroup(place(caller), group,
        tx -> tags.add(tx, LogTags.arn(place(caller), request.logGroupName()), request.tags()))) {
      throw new Fault("ResourceAlreadyExistsException", 400, "The specified log group already exists");
    }
    return new NoOutput();
  }

  NoOutput deleteLogGroup(Caller caller, DeleteLogGroupRequest request) {
    if (requireGroup(caller, request.logGroupName()).isProtected()) {
      throw Fault.validation("The log group " + request.logGroupName()
          + " has deletion protection and cannot be deleted.");
    }
    store.deleteGroup(place(caller), request.logGroupName(),
        tx -> tags.deleteAll(tx, LogTags.arn(place(caller), request.logGroupName())));
    filters.forget();
    return new NoOutput();
  }

  NoOutput putLogGroupDeletionProtection(Caller caller, PutLogGroupDeletionProtectionRequest request) {
    String name = groupName(null, request.logGroupIdentifier());
    requireGroup(caller, name);
    store.setProtected(place(caller), name, request.deletionProtectionEnabled());
    return new NoOutput();
  }

  DescribeLogGroupsResponse describeLogGroups(Caller caller, DescribeLogGroupsRequest request) {
    if (request.logGroupNamePrefix() != null && request.logGroupNamePattern() != null) {
      throw new Fault("InvalidParameterException", 400,
          "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
    }
    String prefix = request.logGroupNamePrefix() == null ? "" : request.logGroupNamePrefix();
    String part = request.logGroupNamePattern() == null ? "" : request.logGroupNamePattern().toLowerCase(Locale.ROOT);
    List<String> wanted =
        request.logGroupIdentifiers().stream().map(identifier -> groupName(null, identifier)).toList();
    List<LogStore.Group> all = store.groups(place(caller), prefix).stream()
        .filter(group -> group.name().toLowerCase(Locale.ROOT).contains(part))
        .filter(group -> request.logGroupClass() == null || request.logGroupClass().equals(group.logClass()))
        .filter(group -> wanted.isEmpty() || wanted.contains(group.name()))
        .toList();
    Map<String, Long> counts = filters.list(place(caller)).stream()
        .collect(Collectors.groupingBy(MetricFilters.Filter::group, Collectors.counting()));
    Slice<LogStore.Group> page = Slice.of(all, LogStore.Group::name, request.nextToken(), request.limit());
    return DescribeLogGroupsResponse.builder()
        .logGroups(page.items().stream().map(group -> wire(caller, group,
            counts.getOrDefault(group.name(), 0L).intValue())).toList())
        .nextToken(page.next().orElse(null))
        .build();
  }

  private LogGroup wire(Caller caller, LogStore.Group group, int metricFilters) {
    Arn arn = Arn.of("logs", caller.region(), caller.account(), "log-group:" + group.name());
    return LogGroup.builder()
        .logGroupName(group.name())
        .creationTime(group.createdAt().toEpochMilli())
        .retentionInDays(group.retentionDays().orElse(null))
        .metricFilterCount(metricFilters)
        .storedBytes(store.size(place(caller), group.name()))
        .kmsKeyId(group.kmsKey().orElse(null))
        .logGroupClass(group.logClass())
        .deletionProtectionEnabled(group.isProtected())
        .arn(arn + ":*")
        .logGroupArn(arn.toString())
        .build();
  }

  NoOutput putRetentionPolicy(Caller caller, PutRetentionPolicyRequest request) {
    if (!RETENTIONS.contains(request.retentionInDays())) {
      throw new Fault("InvalidParameterException", 400, "1 validation error detected: Value '"
          + request.retentionInDays() + "' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum "
          + "value set: " + RETENTIONS.stream().sorted().toList());
    }
    requireGroup(caller, request.logGroupName());
    store.setRetention(place(caller), request.logGroupName(), Optional.of(request.retentionInDays()));
    return new NoOutput();
  }

  NoOutput deleteRetentionPolicy(Caller caller, DeleteRetentionPolicyRequest request) {
    requireGroup(caller, request.logGroupName());
    store.setRetention(place(caller), request.logGroupName(), Optional.empty());
    return new NoOutput();
  }

  NoOutput createLogStream(Caller caller, CreateLogStreamRequest request) {
    requireGroup(caller, request.logGroupName());
    if (!store.insertStream(place(caller), request.logGroupName(), request.logStreamName(), clock.instant())) {
      throw new Fault("ResourceAlreadyExistsException", 400, "The specified log stream already exists");
    }
    return new NoOutput();
  }

  NoOutput deleteLogStream(Caller caller, DeleteLogStreamRequest request) {
    store.deleteStream(LogEventsApi.requireStream(store, caller, request.logGroupName(), request.logStreamName()));
    return new NoOutput();
  }

  DescribeLogStreamsResponse describeLogStreams(Caller caller, DescribeLogStreamsRequest request) {
    String group = groupName(request.logGroupName(), request.logGroupIdentifier());
    requireGroup(caller, group);
    String prefix = request.logStreamNamePrefix() == null ? "" : request.logStreamNamePrefix();
    boolean byTime = "LastEventTime".equals(request.orderBy());
    if (byTime && request.logStreamNamePrefix() != null) {
      throw new Fault("InvalidParameterException", 400,
          "Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    Function<LogStore.Stream, String> key = byTime
        ? stream -> String.format("%019d %s", store.with(stream, Segment::lastTimestamp), stream.name())
        : LogStore.Stream::name;
    List<LogStore.Stream> all = store.streams(place(caller), group, prefix).stream()
        .sorted(Comparator.comparing(key)).toList();
    Slice<LogStore.Stream> page = Boolean.TRUE.equals(request.descending())
        ? Slice.descending(all, key, request.nextToken(), request.limit())
        : Slice.of(all, key, request.nextToken(), request.limit());
    return DescribeLogStreamsResponse.builder()
        .logStreams(page.items().stream().map(stream -> wire(caller, stream)).toList())
        .nextToken(page.next().orElse(null))
        .build();
  }

  private LogStream wire(Caller caller, LogStore.Stream stream) {
    return store.with(stream, segment -> wire(caller, stream, segment));
  }

  private static LogStream wire(Caller caller, LogStore.Stream stream, Segment segment) {
    boolean empty = segment.count() == 0;
    return LogStream.builder()
        .logStreamName(stream.name())
        .creationTime(stream.createdAt().toEpochMilli())
        .firstEventTimestamp(empty ? null : segment.firstTimestamp())
        .lastEventTimestamp(empty ? null : segment.lastTimestamp())
        .lastIngestionTime(empty ? null : segment.lastIngestion())
        .uploadSequenceToken(LogEventsApi.sequence(segment.count()))
        .arn(Arn.of("logs", caller.region(), caller.account(),
            "log-group:" + stream.group() + ":log-stream:" + stream.name()).toString())
        .storedBytes(0L)
        .build();
  }

  private LogStore.Group requireGroup(Caller caller, String name) {
    return requireGroup(store, caller, name);
  }

  static LogStore.Group requireGroup(LogStore store, Caller caller, String name) {
    return store.group(place(caller), name).orElseThrow(() ->
        new Fault("ResourceNotFoundException", 400, "The specified log group does not exist."));
  }

  /** A group is named by its name, or by an identifier that is its name or ARN. */
  static String groupName(String name, String identifier) {
    if (name != null && identifier != null) {
      throw Fault.validation("LogGroup name and LogGroup ARN are mutually exclusive parameters.");
    }
    if (name != null) {
      return name;
    }
    if (identifier == null) {
      throw new Fault("InvalidParameterException", 400, "Either logGroupName or logGroupIdentifier is required.");
    }
    return NamedResources.logGroup(identifier);
  }
}
