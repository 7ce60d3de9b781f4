package dev.atelier.logs;

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
import dev.atelier.models.logs.PutRetentionPolicyRequest;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The operations on log groups and streams. */
final class LogsApi {
  private static final int PAGE = 50;

  private final LogStore store;
  private final Clock clock;

  LogsApi(LogStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(LogsOperations.createLogGroup(), this::createLogGroup)
        .on(LogsOperations.deleteLogGroup(), this::deleteLogGroup)
        .on(LogsOperations.describeLogGroups(), this::describeLogGroups)
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
    if (!store.insertGroup(place(caller), request.logGroupName(), clock.instant())) {
      throw new Fault("ResourceAlreadyExistsException", 400, "The specified log group already exists");
    }
    return new NoOutput();
  }

  NoOutput deleteLogGroup(Caller caller, DeleteLogGroupRequest request) {
    requireGroup(caller, request.logGroupName());
    store.deleteGroup(place(caller), request.logGroupName());
    return new NoOutput();
  }

  DescribeLogGroupsResponse describeLogGroups(Caller caller, DescribeLogGroupsRequest request) {
    String prefix = request.logGroupNamePrefix() == null ? "" : request.logGroupNamePrefix();
    List<LogStore.Group> all = store.groups(place(caller), prefix).stream()
        .filter(group -> request.logGroupNamePattern() == null || group.name().contains(request.logGroupNamePattern()))
        .toList();
    Slice<LogStore.Group> page = Slice.of(all, LogStore.Group::name, request.nextToken(), request.limit());
    return DescribeLogGroupsResponse.builder()
        .logGroups(page.items().stream().map(group -> wire(caller, group)).toList())
        .nextToken(page.next().orElse(null))
        .build();
  }

  private static LogGroup wire(Caller caller, LogStore.Group group) {
    Arn arn = Arn.of("logs", caller.region(), caller.account(), "log-group:" + group.name());
    return LogGroup.builder()
        .logGroupName(group.name())
        .creationTime(group.createdAt().toEpochMilli())
        .retentionInDays(group.retentionDays().orElse(null))
        .metricFilterCount(0)
        .storedBytes(0L)
        .arn(arn + ":*")
        .logGroupArn(arn.toString())
        .build();
  }

  NoOutput putRetentionPolicy(Caller caller, PutRetentionPolicyRequest request) {
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
        .lastIngestionTime(empty ? null : segment.lastTimestamp())
        .uploadSequenceToken("0")
        .arn(Arn.of("logs", caller.region(), caller.account(),
            "log-group:" + stream.group() + ":log-stream:" + stream.name()).toString())
        .storedBytes(0L)
        .build();
  }

  private void requireGroup(Caller caller, String name) {
    if (store.group(place(caller), name).isEmpty()) {
      throw new Fault("ResourceNotFoundException", 400, "The specified log group does not exist.");
    }
  }

  /** A group is named by its name, or by an identifier that is its name or ARN. */
  static String groupName(String name, String identifier) {
    if (name != null) {
      return name;
    }
    if (identifier == null) {
      throw new Fault("InvalidParameterException", 400, "Either logGroupName or logGroupIdentifier is required.");
    }
    return Arn.parse(identifier).map(arn -> arn.resource().replaceFirst("^log-group:", "").replaceFirst(":\\*$", ""))
        .orElse(identifier);
  }

  /** A page cut out of a sorted list; the token is the last item's key. */
  private record Slice<T>(List<T> items, Optional<String> next) {
    static <T> Slice<T> of(List<T> sorted, Function<T, String> key, String token, Integer limit) {
      return cut(sorted.stream().filter(item -> token == null || key.apply(item).compareTo(token) > 0).toList(), key,
          limit);
    }

    static <T> Slice<T> descending(List<T> sorted, Function<T, String> key, String token, Integer limit) {
      return cut(sorted.reversed().stream()
          .filter(item -> token == null || key.apply(item).compareTo(token) < 0).toList(), key, limit);
    }

    private static <T> Slice<T> cut(List<T> rest, Function<T, String> key, Integer limit) {
      int most = limit == null ? PAGE : limit;
      return rest.size() <= most ? new Slice<>(rest, Optional.empty())
          : new Slice<>(rest.subList(0, most), Optional.of(key.apply(rest.get(most - 1))));
    }
  }
}
