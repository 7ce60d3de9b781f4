package dev.atelier.logs;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.logs.LogQueries.Question;
import dev.atelier.logs.LogQueries.Run;
import dev.atelier.logs.insights.Query;
import dev.atelier.logs.insights.QueryError;
import dev.atelier.logs.insights.Row;
import dev.atelier.models.logs.DescribeQueriesRequest;
import dev.atelier.models.logs.DescribeQueriesResponse;
import dev.atelier.models.logs.GetLogGroupFieldsRequest;
import dev.atelier.models.logs.GetLogGroupFieldsResponse;
import dev.atelier.models.logs.GetLogRecordRequest;
import dev.atelier.models.logs.GetLogRecordResponse;
import dev.atelier.models.logs.GetQueryResultsRequest;
import dev.atelier.models.logs.GetQueryResultsResponse;
import dev.atelier.models.logs.LogGroupField;
import dev.atelier.models.logs.LogsOperations;
import dev.atelier.models.logs.QueryInfo;
import dev.atelier.models.logs.QueryStatistics;
import dev.atelier.models.logs.ResultField;
import dev.atelier.models.logs.StartQueryRequest;
import dev.atelier.models.logs.StartQueryResponse;
import dev.atelier.models.logs.StopQueryRequest;
import dev.atelier.models.logs.StopQueryResponse;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operations of Logs Insights. */
final class QueryApi {
  private static final int MOST_ROWS = 10_000;
  private static final int MOST_GROUPS = 50;
  private static final int SAMPLE = 1_000;
  private static final long FIELDS_BEFORE = 8 * 60_000;

  private final LogStore store;
  private final LogQueries queries;
  private final Clock clock;

  QueryApi(LogStore store, LogQueries queries, Clock clock) {
    this.store = store;
    this.queries = queries;
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(LogsOperations.startQuery(), this::startQuery)
        .on(LogsOperations.getQueryResults(), this::getQueryResults)
        .on(LogsOperations.stopQuery(), this::stopQuery)
        .on(LogsOperations.describeQueries(), this::describeQueries)
        .on(LogsOperations.getLogRecord(), this::getLogRecord)
        .on(LogsOperations.getLogGroupFields(), this::getLogGroupFields);
  }

  StartQueryResponse startQuery(Caller caller, StartQueryRequest request) {
    if (request.queryLanguage() != null && !request.queryLanguage().equals("CWLI")) {
      throw new Fault("UnsupportedOperation", 400, "logs:StartQuery with the query language "
          + request.queryLanguage() + " is not supported by this version of Atelier.");
    }
    List<String> groups = new ArrayList<>(request.logGroupNames());
    request.logGroupIdentifiers().forEach(each -> groups.add(LogsApi.groupName(null, each)));
    if (request.logGroupName() != null) {
      groups.add(request.logGroupName());
    }
    if (groups.isEmpty() || groups.size() > MOST_GROUPS) {
      throw new Fault("InvalidParameterException", 400, groups.isEmpty()
          ? "At least one log group must be specified." : "At most " + MOST_GROUPS + " log groups can be queried.");
    }
    if (request.startTime() > request.endTime()) {
      throw new Fault("InvalidParameterException", 400, "Query's end date and time must be after its start.");
    }
    // clients give seconds, some milliseconds
    long from = millis(request.startTime());
    for (String group : groups) {
      from = Math.max(from, LogsApi.requireGroup(store, caller, group).expiredBefore(clock.millis()));
    }
    Question question = new Question(LogsApi.place(caller), groups, request.queryString(), from,
        millis(request.endTime()) + 1_000, request.limit() == null ? MOST_ROWS : request.limit());
    return StartQueryResponse.builder().queryId(queries.start(question, parse(request.queryString())).id()).build();
  }

  private static long millis(long given) {
    return given < 100_000_000_000L ? given * 1_000 : given;
  }

  private static Query parse(String text) {
    try {
      return Query.parse(text);
    } catch (QueryError e) {
      throw new Fault("MalformedQueryException", 400, e.getMessage(), Map.of("queryCompileError",
          Map.of("location", Map.of("startCharOffset", e.from(), "endCharOffset", e.to()), "message", e.getMessage())));
    }
  }

  private Run require(Caller caller, String id) {
    return queries.find(LogsApi.place(caller), id).orElseThrow(() ->
        new Fault("ResourceNotFoundException", 400, "Query " + id + " does not exist."));
  }

  GetQueryResultsResponse getQueryResults(Caller caller, GetQueryResultsRequest request) {
    LogQueries.Progress progress = require(caller, request.queryId()).progress();
    return GetQueryResultsResponse.builder().queryLanguage("CWLI").status(progress.status())
        .results(progress.rows().stream().map(row -> row.entrySet().stream()
            .map(each -> ResultField.builder().field(each.getKey()).value(each.getValue()).build()).toList()).toList())
        .statistics(QueryStatistics.builder().recordsMatched((double) progress.matched())
            .recordsScanned((double) progress.scanned()).bytesScanned((double) progress.bytes()).build())
        .build();
  }

  StopQueryResponse stopQuery(Caller caller, StopQueryRequest request) {
    if (!queries.stop(require(caller, request.queryId()))) {
      throw new Fault("InvalidParameterException", 400, "Query " + request.queryId() + " has ended.");
    }
    return StopQueryResponse.builder().success(true).build();
  }

  DescribeQueriesResponse describeQueries(Caller caller, DescribeQueriesRequest request) {
    return DescribeQueriesResponse.builder().queries(queries.all(LogsApi.place(caller))
        .filter(run -> request.logGroupName() == null || run.question().groups().contains(request.logGroupName()))
        .filter(run -> request.status() == null || request.status().equals(run.progress().status()))
        .limit(request.maxResults() == null ? MOST_ROWS : request.maxResults())
        .map(run -> QueryInfo.builder().queryId(run.id()).queryLanguage("CWLI").queryString(run.question().text())
            .status(run.progress().status()).createTime(run.startedAt())
            .logGroupName(run.question().groups().getFirst()).build()).toList()).build();
  }

  GetLogRecordResponse getLogRecord(Caller caller, GetLogRecordRequest request) {
    return GetLogRecordResponse.builder().logRecord(queries.record(LogsApi.place(caller), request.logRecordPointer())
        .orElseThrow(() -> new Fault("ResourceNotFoundException", 400, "The log record does not exist."))).build();
  }

  /** From a sample of the events around the time, or of the last quarter of an hour. */
  GetLogGroupFieldsResponse getLogGroupFields(Caller caller, GetLogGroupFieldsRequest request) {
    String group = LogsApi.groupName(request.logGroupName(), request.logGroupIdentifier());
    LogsApi.requireGroup(store, caller, group);
    long now = clock.millis();
    long from = request.time() == null ? now - 15 * 60_000 : millis(request.time()) - FIELDS_BEFORE;
    long to = request.time() == null ? now + 1 : millis(request.time()) + FIELDS_BEFORE;
    Map<String, Integer> counts = new TreeMap<>();
    int sampled = 0;
    for (LogStore.Stream stream : store.streams(LogsApi.place(caller), group, "")) {
      int left = SAMPLE - sampled;
      if (left > 0) {
        for (Segment.Placed placed : store.with(stream, segment -> segment.read(0, left, from, to))) {
          Row row = LogQueries.row(LogsApi.place(caller), group, stream, placed);
          row.fields().stream().filter(field -> !field.equals("@ptr"))
              .forEach(field -> counts.merge(field, 1, Integer::sum));
          sampled++;
        }
      }
    }
    int all = sampled;
    return GetLogGroupFieldsResponse.builder().logGroupFields(counts.entrySet().stream()
        .map(each -> LogGroupField.builder().name(each.getKey()).percent(each.getValue() * 100 / all).build())
        .toList()).build();
  }
}
