package dev.atelier.trialmetrics;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemakermetrics.BatchGetMetricsRequest;
import dev.atelier.models.sagemakermetrics.BatchGetMetricsResponse;
import dev.atelier.models.sagemakermetrics.BatchPutMetricsError;
import dev.atelier.models.sagemakermetrics.BatchPutMetricsRequest;
import dev.atelier.models.sagemakermetrics.BatchPutMetricsResponse;
import dev.atelier.models.sagemakermetrics.RawMetricData;
import dev.atelier.models.sagemakermetrics.SageMakerMetricsOperations;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/** BatchPutMetrics and BatchGetMetrics. */
final class TrialMetricsApi {
  private static final Duration BACK = Duration.ofDays(14);
  private static final Duration AHEAD = Duration.ofHours(2);

  private final TrialMetricStore store;
  private final TrialComponents components;
  private final Queries queries;
  private final Clock clock;

  TrialMetricsApi(TrialMetricStore store, TrialComponents components, Clock clock) {
    this.store = store;
    this.components = components;
    this.queries = new Queries(store, components);
    this.clock = clock;
  }

  void register(OperationTable table) {
    table.on(SageMakerMetricsOperations.batchPutMetrics(), this::batchPutMetrics)
        .on(SageMakerMetricsOperations.batchGetMetrics(), this::batchGetMetrics);
  }

  /** What can be stored is; the answer names the others by their places in the request. */
  BatchPutMetricsResponse batchPutMetrics(Caller caller, BatchPutMetricsRequest request) {
    Arn component = Arn.of("sagemaker", caller.region(), caller.account(),
        "experiment-trial-component/" + request.trialComponentName());
    if (!components.exist(component)) {
      throw Fault.resourceNotFound("Trial component '" + component + "' does not exist.");
    }
    Instant now = clock.instant();
    List<BatchPutMetricsError> errors = new ArrayList<>();
    List<Datum> data = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < request.metricData().size(); place++) {
      RawMetricData given = request.metricData().get(place);
      if (Double.isFinite(given.value()) && !given.timestamp().isBefore(now.minus(BACK))
          && !given.timestamp().isAfter(now.plus(AHEAD))) {
        places.add(place);
        data.add(new Datum(given.metricName(), given.timestamp(),
            given.step() == null ? OptionalInt.empty() : OptionalInt.of(given.step()), given.value()));
      } else {
        errors.add(error("VALIDATION_ERROR", place));
      }
    }
    store.put(component, data).forEach(excess -> errors.add(error("METRIC_LIMIT_EXCEEDED", places.get(excess))));
    errors.sort(Comparator.comparing(BatchPutMetricsError::metricIndex));
    // the model's list of errors has one at least
    return errors.isEmpty() ? BatchPutMetricsResponse.builder().build()
        : BatchPutMetricsResponse.builder().errors(errors).build();
  }

  private static BatchPutMetricsError error(String code, int place) {
    return BatchPutMetricsError.builder().code(code).metricIndex(place).build();
  }

  BatchGetMetricsResponse batchGetMetrics(Caller caller, BatchGetMetricsRequest request) {
    return BatchGetMetricsResponse.builder()
        .metricQueryResults(request.metricQueries().stream().map(query -> queries.answer(caller, query)).toList())
        .build();
  }
}
