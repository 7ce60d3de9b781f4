package dev.atelier.metrics;

import dev.atelier.jobs.MetricSink;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.operation.OperationTable;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** CloudWatch metrics and alarms, assembled. */
public final class MetricsFeature implements AutoCloseable {
  private final MetricStore store;
  private final AlarmRunner runner;

  private MetricsFeature(MetricStore store, AlarmRunner runner) {
    this.store = store;
    this.runner = runner;
  }

  /** Builds the feature over a folder of segments and registers its operations; alarms are evaluated from now on. */
  public static MetricsFeature open(Path folder, MetadataStore metadata, TagStore tags, Clock clock,
      OperationTable table) {
    MetricStore store = new MetricStore(folder, metadata, clock);
    AlarmStore alarms = new AlarmStore(metadata, tags);
    AlarmRunner runner = new AlarmRunner(alarms, store, clock);
    DashboardApi dashboards = new DashboardApi(metadata, tags, clock);
    new MetricDataApi(store, clock).register(table);
    new StatisticsApi(store, clock).register(table);
    new QueryApi(store, clock).register(table);
    new AlarmApi(alarms, clock).register(table);
    new AlarmListApi(alarms).register(table);
    dashboards.register(table);
    new MetricTagApi(metadata, tags, arn -> alarms.find(arn).isPresent() || dashboards.exists(arn.toString()))
        .register(table);
    runner.start();
    return new MetricsFeature(store, runner);
  }

  /** Where jobs and endpoints tell what they measure. */
  public MetricSink sink() {
    return this::publish;
  }

  private void publish(AccountId account, Region region, String namespace, List<MetricSink.Value> values) {
    Place place = new Place(account, region);
    store.put(values.stream().map(value -> {
      int grain = value.fine() ? 1 : 60;
      return new Sample(new SeriesKey(place, namespace, value.metric(), value.dimensions().entrySet().stream()
          .map(each -> new SeriesKey.Dimension(each.getKey(), each.getValue())).toList()),
          Math.floorDiv(value.at().getEpochSecond(), grain) * grain, value.unit(), Distribution.of(value.value()));
    }).toList());
  }

  @Override
  public void close() {
    runner.close();
    store.close();
  }
}
