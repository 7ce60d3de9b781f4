package dev.atelier.trialmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.jobs.JobBench;
import dev.atelier.jobs.MetricSink;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.models.sagemakermetrics.BatchGetMetricsRequest;
import dev.atelier.models.sagemakermetrics.BatchPutMetricsError;
import dev.atelier.models.sagemakermetrics.BatchPutMetricsRequest;
import dev.atelier.models.sagemakermetrics.MetricQueryResult;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialMetricsApiTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:30Z");
  private static final String OWN = "arn:aws:sagemaker:us-east-1:123456789012:";
  private static final String COMPONENT = "fit-aws-training-job";
  private static final String ARN = OWN + "experiment-trial-component/" + COMPONENT;
  private MetadataStore metadata;
  private TrialMetricStore store;
  private TrialMetricsApi api;

  @BeforeEach
  void open(@TempDir Path folder) {
    metadata = MetadataStore.open(folder.resolve("meta.db"), "db/meta");
    store = new TrialMetricStore(metadata, 3);
    api = new TrialMetricsApi(store, new JobComponents(job -> job.toString().endsWith("/fit")),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    metadata.close();
  }

  private static Map<String, Object> datum(String name, Instant at, Integer step, double value) {
    Map<String, Object> datum = new HashMap<>(Map.of("MetricName", name, "Timestamp", at, "Value", value));
    if (step != null) {
      datum.put("Step", step);
    }
    return datum;
  }

  @SafeVarargs
  private List<BatchPutMetricsError> put(Map<String, Object>... data) {
    return api.batchPutMetrics(JobBench.CALLER, BatchPutMetricsRequest.fromDocument(
        Map.of("TrialComponentName", COMPONENT, "MetricData", List.of(data)))).errors();
  }

  private MetricQueryResult get(String arn, String name, String statistic, String period, Map<String, Object> more) {
    Map<String, Object> query = new HashMap<>(Map.of("MetricName", name, "ResourceArn", arn, "MetricStat", statistic,
        "Period", period, "XAxisType", period.equals("IterationNumber") ? "IterationNumber" : "Timestamp"));
    query.putAll(more);
    return api.batchGetMetrics(JobBench.CALLER, BatchGetMetricsRequest.fromDocument(
        Map.of("MetricQueries", List.of(query)))).metricQueryResults().getFirst();
  }

  private List<Double> minutes(String statistic) {
    return get(ARN, "loss", statistic, "OneMinute", Map.of()).metricValues();
  }

  @Test
  void statisticsAreOfEachPeriod() {
    Instant minute = Instant.parse("2026-03-01T11:59:00Z");
    assertThat(put(datum("loss", minute.plusSeconds(50), null, 4), datum("loss", minute, null, 2),
        datum("loss", minute, null, 2), datum("loss", minute.plusSeconds(60), null, -1))).isEmpty();
    MetricQueryResult average = get(ARN, "loss", "Avg", "OneMinute", Map.of());
    assertThat(average.status()).isEqualTo("Complete");
    assertThat(average.xAxisValues()).containsExactly(minute.toEpochMilli(), minute.toEpochMilli() + 60_000);
    assertThat(average.metricValues().getFirst()).isBetween(2.666, 2.667);
    assertThat(minutes("Count")).containsExactly(3.0, 1.0);
    assertThat(minutes("Min")).containsExactly(2.0, -1.0);
    assertThat(minutes("Max")).containsExactly(4.0, -1.0);
    assertThat(minutes("Last")).containsExactly(4.0, -1.0);
    assertThat(minutes("StdDev").getFirst()).isBetween(0.942, 0.943);
    assertThat(minutes("StdDev").getLast()).isZero();
    assertThat(get(ARN, "loss", "Count", "OneHour", Map.of()).xAxisValues())
        .containsExactly(Instant.parse("2026-03-01T11:00:00Z").toEpochMilli(), minute.toEpochMilli() + 60_000);
    assertThat(get(ARN, "loss", "Max", "FiveMinute", Map.of("Start", minute.toEpochMilli() + 1,
        "End", minute.toEpochMilli() + 59_999)).metricValues()).containsExactly(4.0);
  }

  @Test
  void stepsAreAnAxisOfTheirOwn() {
    put(datum("acc", NOW, 2, 0.5), datum("acc", NOW.minusSeconds(5), 1, 0.25), datum("acc", NOW, null, 9),
        datum("acc", NOW.minusSeconds(90), 2, 0.75));
    MetricQueryResult steps = get(ARN, "acc", "Last", "IterationNumber", Map.of());
    assertThat(steps.xAxisValues()).containsExactly(1L, 2L);
    assertThat(steps.metricValues()).containsExactly(0.25, 0.5);
    assertThat(get(ARN, "acc", "Max", "IterationNumber", Map.of("Start", 2L, "End", 2L)).metricValues())
        .containsExactly(0.75);
    assertThat(get(OWN + "training-job/Fit", "acc", "Min", "IterationNumber", Map.of()).metricValues())
        .containsExactly(0.25, 0.5);
  }

  @Test
  void whatCannotBeStoredIsNamedByItsPlace() {
    List<BatchPutMetricsError> errors = put(datum("a", NOW, null, Double.NaN), datum("a", NOW, 0, 1),
        datum("b", NOW.minus(Duration.ofDays(15)), null, 1), datum("b", NOW.plus(Duration.ofHours(3)), null, 1),
        datum("c", NOW, null, 1), datum("d", NOW, null, 1), datum("e", NOW, null, 1), datum("c", NOW, null, 2));
    assertThat(errors.stream().map(each -> each.metricIndex() + each.code())).containsExactly(
        "0VALIDATION_ERROR", "2VALIDATION_ERROR", "3VALIDATION_ERROR", "6METRIC_LIMIT_EXCEEDED");
    assertThat(get(ARN, "c", "Count", "OneMinute", Map.of()).metricValues()).containsExactly(2.0);
    assertThat(put(datum("a", NOW, 1, 1))).isEmpty();
  }

  @Test
  void queriesThatCannotBeAnsweredSayWhyEachByItself() {
    put(datum("loss", NOW, 1, 1));
    assertThat(get(ARN, "none", "Min", "OneMinute", Map.of()).message()).contains("has no metric none");
    assertThat(get(ARN.replace("123456789012", "999999999999"), "loss", "Min", "OneMinute", Map.of()).message())
        .contains("does not exist");
    assertThat(get(OWN + "model/fit", "loss", "Min", "OneMinute", Map.of()).status()).isEqualTo("ValidationError");
    for (String unasked : List.of("TRAINING-JOB/fit", "processing-job/fit", "transform-job/fit")) {
      assertThat(get(OWN + unasked, "loss", "Min", "OneMinute", Map.of()).message()).contains("does not exist");
    }
    assertThat(get(ARN, "loss", "Min", "OneMinute", Map.of("XAxisType", "IterationNumber")).message())
        .contains("does not go with");
    assertThat(get(ARN, "loss", "Min", "OneMinute", Map.of("Start", 2L, "End", 1L)).message()).contains("after the End");
    assertThat(get(ARN, "loss", "Min", "OneMinute", Map.of("End", 1L)).status()).isEqualTo("Complete");
    assertThatThrownBy(() -> api.batchPutMetrics(JobBench.CALLER, BatchPutMetricsRequest.fromDocument(Map.of(
        "TrialComponentName", "other-aws-training-job", "MetricData", List.of(datum("a", NOW, null, 1))))))
        .isInstanceOf(Fault.class).hasMessageContaining("other-aws-training-job' does not exist");
  }

  @Test
  void manyPointsAreCutOff() {
    List<Datum> data = new ArrayList<>();
    IntStream.rangeClosed(0, Queries.MOST_POINTS).forEach(step ->
        data.add(new Datum("loss", NOW, OptionalInt.of(step), step)));
    store.put(Arn.parse(ARN).orElseThrow(), data);
    MetricQueryResult cut = get(ARN, "loss", "Last", "IterationNumber", Map.of());
    assertThat(cut.status()).isEqualTo("Truncated");
    assertThat(cut.metricValues()).hasSize(Queries.MOST_POINTS);
    assertThat(get(ARN, "loss", "Last", "IterationNumber", Map.of("Start", cut.xAxisValues().getLast() + 1)).status())
        .isEqualTo("Complete");
  }

  @Test
  void whatATrainingJobsLinesSayIsKeptUntilTheJobIsDeleted() {
    List<MetricSink.Value> told = new ArrayList<>();
    new TrialMetricsFeature(metadata).beside((account, region, namespace, values) -> told.addAll(values))
        .publish(JobBench.CALLER.account(), JobBench.CALLER.region(), "/aws/sagemaker/TrainingJobs", List.of(
            value("loss", "TrainingJobName", "Fit"), value("CPUUtilization", "Host", "Fit/algo-1")));
    assertThat(told).hasSize(2);
    assertThat(get(OWN + "training-job/fit", "loss", "Last", "OneMinute", Map.of()).metricValues())
        .containsExactly(0.5);
    assertThat(store.find(Arn.parse(ARN).orElseThrow(), "CPUUtilization")).isEmpty();
    metadata.write(tx -> tx.execute("""
        insert into training_job (arn, account, region, name, request, state, status, version, attempt, created_at,
          modified_at, final_metrics, attempt_at, created_by)
        values (?, '', '', 'fit', '{}', 'COMPLETED', 'Completed', 0, 1, 0, 0, '[]', 0, '')""", OWN + "training-job/fit"));
    metadata.write(tx -> tx.execute("delete from training_job"));
    assertThat(store.find(Arn.parse(ARN).orElseThrow(), "loss")).isEmpty();
  }

  private static MetricSink.Value value(String metric, String dimension, String of) {
    return new MetricSink.Value(metric, Map.of(dimension, of), 0.5, "None", NOW, false);
  }
}
