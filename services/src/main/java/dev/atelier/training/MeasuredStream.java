package dev.atelier.training;

import dev.atelier.jobs.LogSink;
import dev.atelier.jobs.MetricScanner;
import dev.atelier.jobs.MetricSink;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job's log stream whose lines are searched for the job's metrics, which go to CloudWatch as they are written. */
final class MeasuredStream implements LogSink.Stream {
  private static final Logger LOG = LoggerFactory.getLogger(MeasuredStream.class);
  private static final String NAMESPACE = "/aws/sagemaker/TrainingJobs";

  private final LogSink.Stream stream;
  private final TrainingJob job;
  private final MetricSink metrics;
  private final TrainingWatch watch;
  private final MetricScanner scanner;

  MeasuredStream(LogSink.Stream stream, TrainingJob job, MetricSink metrics, TrainingWatch watch) {
    this.stream = stream;
    this.job = job;
    this.metrics = metrics;
    this.watch = watch;
    this.scanner = TrainingRules.definitions(job.request());
  }

  @Override
  public long sourceOffset() {
    return stream.sourceOffset();
  }

  @Override
  public void appendOnce(List<LogSink.Line> lines) {
    stream.appendOnce(lines);
  }

  @Override
  public boolean append(List<LogSink.Line> lines, long from, long to) {
    boolean added = stream.append(lines, from, to);
    if (added) {
      publish(lines);
    }
    return added;
  }

  private void publish(List<LogSink.Line> lines) {
    List<MetricScanner.Found> measured = lines.stream()
        .flatMap(line -> scanner.found(line.text(), line.at()).stream()).toList();
    List<MetricSink.Value> values = measured.stream()
        .map(found -> new MetricSink.Value(
            found.name(), Map.of("TrainingJobName", job.name()), found.value(), "None", found.at(), false))
        .toList();
    try {
      if (!values.isEmpty()) {
        metrics.publish(job.account(), job.region(), NAMESPACE, values);
        job.tuningJob().ifPresent(tuning -> watch.measured(tuning, job.arn(), measured));
      }
    } catch (RuntimeException e) {
      // the lines are stored: that their metrics are not must not hold them up
      LOG.warn("metrics of {} cannot be published now", job.arn(), e);
    }
  }
}
