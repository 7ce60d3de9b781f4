package dev.atelier.logs;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.logs.Segment.Placed;
import dev.atelier.logs.filter.FilterPattern;
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
import dev.atelier.models.logs.RejectedLogEventsInfo;
import dev.atelier.operation.OperationTable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The operations on log events. */
final class LogEventsApi {
  private static final int MOST = 10_000;
  private static final int BATCH_BYTES = 1 << 20;
  private static final long DAY = 86_400_000;
  private static final long OLDEST = 14 * DAY;
  private static final long NEWEST = 2 * 3_600_000;
  /** Stands in a token for the place before the first event. */
  private static final long BEFORE_ALL = 999_999_999_999_999L;

  private final LogStore store;
  private final LogSearch search;
  private final MetricFilters filters;
  private final Clock clock;

  LogEventsApi(LogStore store, MetricFilters filters, Clock clock) {
    this.store = store;
    this.search = new LogSearch(store);
    this.filters = filters;
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
    check(request.logEvents());
    long now = clock.millis();
    long expired = LogsApi.requireGroup(store, caller, request.logGroupName()).expiredBefore(now);
    List<InputLogEvent> sent = request.logEvents();
    int old = (int) sent.stream().filter(event -> event.timestamp() < now - OLDEST).count();
    int gone = (int) sent.stream().filter(event -> event.timestamp() < expired).count();
    int fresh = (int) sent.stream().filter(event -> event.timestamp() <= now + NEWEST).count();
    List<LogEvent> kept = sent.subList(Math.max(old, gone), Math.max(fresh, Math.max(old, gone))).stream()
        .map(event -> new LogEvent(event.timestamp(), now, event.message())).toList();
    if (!kept.isEmpty() && kept.getLast().timestamp() - kept.getFirst().timestamp() > DAY) {
      throw new Fault("InvalidParameterException", 400,
          "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
    }
    if (!kept.isEmpty()) {
      store.append(stream, kept);
      filters.added(LogsApi.place(caller), stream.group(), kept);
    }
    PutLogEventsResponse.Builder response = PutLogEventsResponse.builder()
        .nextSequenceToken(sequence(store.with(stream, Segment::count)));
    if (old > 0 || gone > old || fresh < sent.size()) {
      // events are in order of time: the old ones come first, the new ones last; the ends of the old are exclusive
      response.rejectedLogEventsInfo(RejectedLogEventsInfo.builder()
          .tooOldLogEventEndIndex(old > 0 ? old : null).expiredLogEventEndIndex(gone > old ? gone : null)
          .tooNewLogEventStartIndex(fresh < sent.size() ? fresh : null).build());
    }
    return response.build();
  }

  private static void check(List<InputLogEvent> events) {
    long previous = 0;
    long bytes = 0;
    for (InputLogEvent event : events) {
      if (event.timestamp() < previous) {
        throw new Fault("InvalidParameterException", 400,
            "Log events in a single PutLogEvents request must be in chronological order.");
      }
      previous = event.timestamp();
      bytes += event.message().getBytes(StandardCharsets.UTF_8).length + Segment.EVENT_BYTES;
    }
    if (bytes > BATCH_BYTES) {
      throw new Fault("InvalidParameterException", 400,
          "Upload too large: " + bytes + " bytes exceeds limit of " + BATCH_BYTES);
    }
  }

  /** Clients still send sequence tokens; they mean nothing. */
  static String sequence(long count) {
    return String.format(Locale.ROOT, "%056d", count);
  }

  /** Tokens are a direction and the last event seen in it; a caller at the end gets its own token back. */
  GetLogEventsResponse getLogEvents(Caller caller, GetLogEventsRequest request) {
    String group = LogsApi.groupName(request.logGroupName(), request.logGroupIdentifier());
    LogStore.Stream stream = requireStream(store, caller, group, request.logStreamName());
    long expired = LogsApi.requireGroup(store, caller, group).expiredBefore(clock.millis());
    return store.with(stream, segment -> events(segment, request, expired));
  }

  private static GetLogEventsResponse events(Segment segment, GetLogEventsRequest request, long expired) {
    int most = request.limit() == null ? MOST : request.limit();
    long from = Math.max(expired, request.startTime() == null ? 0 : request.startTime());
    long to = request.endTime() == null ? Long.MAX_VALUE : request.endTime();
    List<Placed> events;
    long first;
    long last;
    if (request.nextToken() != null) {
      first = place(request.nextToken());
      last = first;
      events = request.nextToken().startsWith("f/")
          ? segment.read(last + 1, most, from, to) : segment.readBefore(first, most, from, to);
    } else {
      boolean head = Boolean.TRUE.equals(request.startFromHead());
      first = head ? 0 : segment.count();
      last = segment.count() - 1;
      events = head ? segment.read(0, most, from, to) : segment.readBefore(first, most, from, to);
    }
    first = events.isEmpty() ? first : events.getFirst().place();
    last = events.isEmpty() ? last : events.getLast().place();
    return GetLogEventsResponse.builder()
        .events(events.stream().map(placed -> OutputLogEvent.builder()
            .timestamp(placed.event().timestamp())
            .ingestionTime(placed.event().ingested())
            .message(placed.event().message())
            .build()).toList())
        .nextForwardToken(token("f/", last))
        .nextBackwardToken(token("b/", first))
        .build();
  }

  private static String token(String direction, long place) {
    return direction + String.format(Locale.ROOT, "%056d", place < 0 ? BEFORE_ALL : place);
  }

  private static long place(String token) {
    if (!token.matches("[fb]/\\d{56}") || !token.substring(2, 40).matches("0*")) {
      throw new Fault("InvalidParameterException", 400, "The specified nextToken is invalid.");
    }
    long place = Long.parseLong(token.substring(40));
    return place == BEFORE_ALL ? -1 : place;
  }

  FilterLogEventsResponse filterLogEvents(Caller caller, FilterLogEventsRequest request) {
    String group = LogsApi.groupName(request.logGroupName(), request.logGroupIdentifier());
    long expired = LogsApi.requireGroup(store, caller, group).expiredBefore(clock.millis());
    if (!request.logStreamNames().isEmpty() && request.logStreamNamePrefix() != null) {
      throw new Fault("InvalidParameterException", 400,
          "logStreamNamePrefix and logStreamNames are mutually exclusive parameters.");
    }
    String prefix = request.logStreamNamePrefix() == null ? "" : request.logStreamNamePrefix();
    List<LogStore.Stream> streams = request.logStreamNames().isEmpty()
        ? store.streams(LogsApi.place(caller), group, prefix)
        : request.logStreamNames().stream().map(name -> requireStream(store, caller, group, name)).toList();
    LogSearch.Page page = search.page(new LogSearch.Question(streams,
        FilterPattern.parse(request.filterPattern() == null ? "" : request.filterPattern()),
        Math.max(expired, request.startTime() == null ? 0 : request.startTime()),
        request.endTime() == null ? Long.MAX_VALUE : request.endTime()),
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
