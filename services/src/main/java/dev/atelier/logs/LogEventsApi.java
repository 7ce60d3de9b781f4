package dev.atelier.logs;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.logs.Segment.Placed;
import dev.atelier.models.logs.FilterLogEventsRequest;
import dev.atelier.models.logs.FilterLogEventsResponse;
import dev.atelier.models.logs.FilteredLogEvent;
import dev.atelier.models.logs.GetLogEventsRequest;
import dev.atelier.models.logs.GetLogEventsResponse;
import dev.atelier.models.logs.InputLogEvent;
import dev.atelier.models.logs.LogsOperations;
import dev.atelier.models.logs.OutputLogEvent;
import dev.atelier.models.logs.PutLogEventsRequest;
import dev.atelier.models.logs.PutLogEventsResponse;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The operations on log events. */
final class LogEventsApi {
  private static final int MOST = 10_000;

  private final LogStore store;
  private final LogSearch search;
  private final Clock clock;

  LogEventsApi(LogStore store, Clock clock) {
    this.store = store;
    this.search = new LogSearch(store);
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(LogsOperations.putLogEvents(), this::putLogEvents)
        .on(LogsOperations.getLogEvents(), this::getLogEvents)
        .on(LogsOperations.filterLogEvents(), this::filterLogEvents);
  }

  static LogStore.Stream requireStream(LogStore store, Caller caller, String group, String name) {
    return store.stream(LogsApi.place(caller), group, name).orElseThrow(
        () -> new Fault("ResourceNotFoundException", 400, store.group(LogsApi.place(caller), group).isEmpty()
            ? "The specified log group does not exist." : "The specified log stream does not exist."));
  }

  PutLogEventsResponse putLogEvents(Caller caller, PutLogEventsRequest request) {
    LogStore.Stream stream = requireStream(store, caller, request.logGroupName(), request.logStreamName());
    long now = clock.millis();
    long previous = 0;
    for (InputLogEvent event : request.logEvents()) {
      if (event.timestamp() < previous) {
        throw new Fault("InvalidParameterException", 400,
            "Log events in a single PutLogEvents request must be in chronological order.");
      }
      previous = event.timestamp();
    }
    store.append(stream, request.logEvents().stream()
        .map(event -> new LogEvent(event.timestamp(), now, event.message())).toList());
    return PutLogEventsResponse.builder().nextSequenceToken("0").build();
  }

  /** Tokens are a direction and a place in the stream; a caller at the end gets its own token back. */
  GetLogEventsResponse getLogEvents(Caller caller, GetLogEventsRequest request) {
    String group = LogsApi.groupName(request.logGroupName(), request.logGroupIdentifier());
    return store.with(requireStream(store, caller, group, request.logStreamName()),
        segment -> events(segment, request));
  }

  private static GetLogEventsResponse events(Segment segment, GetLogEventsRequest request) {
    int most = request.limit() == null ? MOST : request.limit();
    long from = request.startTime() == null ? 0 : request.startTime();
    long to = request.endTime() == null ? Long.MAX_VALUE : request.endTime();
    List<Placed> events;
    long at;
    if (request.nextToken() != null) {
      at = place(request.nextToken());
      events = request.nextToken().startsWith("f/")
          ? segment.read(at, most, from, to) : segment.readBefore(at, most, from, to);
    } else if (Boolean.TRUE.equals(request.startFromHead())) {
      at = 0;
      events = segment.read(0, most, from, to);
    } else {
      at = segment.count();
      events = segment.readBefore(at, most, from, to);
    }
    long first = events.isEmpty() ? at : events.getFirst().place();
    long after = events.isEmpty() ? at : events.getLast().place() + 1;
    return GetLogEventsResponse.builder()
        .events(events.stream().map(placed -> OutputLogEvent.builder()
            .timestamp(placed.event().timestamp())
            .ingestionTime(placed.event().ingested())
            .message(placed.event().message())
            .build()).toList())
        .nextForwardToken(token("f/", after))
        .nextBackwardToken(token("b/", first))
        .build();
  }

  private static String token(String direction, long place) {
    return direction + String.format("%056d", place);
  }

  private static long place(String token) {
    if (!token.matches("[fb]/\\d{56}") || !token.substring(2, 40).matches("0*")) {
      throw new Fault("InvalidParameterException", 400, "The specified nextToken is invalid.");
    }
    return Long.parseLong(token.substring(40));
  }

  FilterLogEventsResponse filterLogEvents(Caller caller, FilterLogEventsRequest request) {
    String group = LogsApi.groupName(request.logGroupName(), request.logGroupIdentifier());
    if (store.group(LogsApi.place(caller), group).isEmpty()) {
      throw new Fault("ResourceNotFoundException", 400, "The specified log group does not exist.");
    }
    String prefix = request.logStreamNamePrefix() == null ? "" : request.logStreamNamePrefix();
    List<LogStore.Stream> streams = request.logStreamNames().isEmpty()
        ? store.streams(LogsApi.place(caller), group, prefix)
        : request.logStreamNames().stream().map(name -> requireStream(store, caller, group, name)).toList();
    LogSearch.Page page = search.page(streams,
        FilterPattern.parse(request.filterPattern() == null ? "" : request.filterPattern()),
        request.startTime() == null ? 0 : request.startTime(),
        request.endTime() == null ? Long.MAX_VALUE : request.endTime(),
        request.limit() == null ? MOST : request.limit(), Optional.ofNullable(request.nextToken()));
    return FilterLogEventsResponse.builder()
        .events(page.hits().stream().map(LogEventsApi::wire).toList())
        .searchedLogStreams(List.of())
        .nextToken(page.next().orElse(null))
        .build();
  }

  private static FilteredLogEvent wire(LogSearch.Hit hit) {
    return FilteredLogEvent.builder()
        .logStreamName(hit.stream().name())
        .timestamp(hit.placed().event().timestamp())
        .ingestionTime(hit.placed().event().ingested())
        .message(hit.placed().event().message())
        .eventId(String.format("%028d%028d", hit.stream().id(), hit.placed().place()))
        .build();
  }
}
