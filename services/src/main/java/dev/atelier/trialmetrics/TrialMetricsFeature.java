package dev.atelier.trialmetrics;

import dev.atelier.jobs.MetricSink;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/** The service sagemaker-metrics, assembled. */
public final class TrialMetricsFeature {
  private static final int MOST_METRICS = 1_000;
  private static final String TRAINING = "/aws/sagemaker/TrainingJobs";
  private static final String JOB = "TrainingJobName";

  private final TrialMetricStore store;

  public TrialMetricsFeature(MetadataStore metadata) {
    store = new TrialMetricStore(metadata, MOST_METRICS);
  }

  /** What keeps, beside {@code cloudWatch}, the metrics that training jobs define as those of their components. */
  public MetricSink beside(MetricSink cloudWatch) {
    return (account, region, namespace, values) -> {
      cloudWatch.publish(account, region, namespace, values);
      if (namespace.equals(TRAINING)) {
        values.stream().filter(value -> value.dimensions().keySet().equals(Set.of(JOB)))
            .map(value -> value.dimensions().get(JOB)).distinct()
            .forEach(job -> keep(account, region, job, values));
      }
    };
  }

  private void keep(AccountId account, Region region, String job, List<MetricSink.Value> values) {
    Arn component = JobComponents.of(Arn.of("sagemaker", region, account,
        "training-job/" + job.toLowerCase(Locale.ROOT))).orElseThrow();
    store.put(component, values.stream().filter(value -> job.equals(value.dimensions().get(JOB)))
        .map(value -> new Datum(value.metric(), value.at(), OptionalInt.empty(), value.value())).toList());
  }

  /** Registers the operations. */
  public void register(TrialComponents components, Clock clock, OperationTable table) {
    new TrialMetricsApi(store, components, clock).register(table);
  }
}
