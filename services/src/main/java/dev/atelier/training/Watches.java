package dev.atelier.training;

import dev.atelier.jobs.MetricScanner;
import dev.atelier.kernel.Arn;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells everybody who listens; whose failure is told to nobody but the log. */
final class Watches implements TrainingWatch {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

  private final List<TrainingWatch> all = new CopyOnWriteArrayList<>();

  void add(TrainingWatch watch) {
    all.add(watch);
  }

  @Override
  public void changed(Arn tuningJob) {
    each(tuningJob, watch -> watch.changed(tuningJob));
  }

  @Override
  public void measured(Arn tuningJob, Arn trainingJob, List<MetricScanner.Found> values) {
    each(tuningJob, watch -> watch.measured(tuningJob, trainingJob, values));
  }

  private void each(Arn tuningJob, Consumer<TrainingWatch> told) {
    for (TrainingWatch watch : all) {
      try {
        told.accept(watch);
      } catch (RuntimeException e) {
        LOG.warn("{} cannot be told of its training jobs now", tuningJob, e);
      }
    }
  }
}
