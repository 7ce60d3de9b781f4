package dev.atelier.training;

import dev.atelier.jobs.MetricScanner;
import dev.atelier.kernel.Arn;
import java.util.List;

/** Listens to the training jobs of tuning jobs. What it throws is not the training job's failure. */
public interface TrainingWatch {

  /** A training job of the tuning job stands elsewhere than before. */
  void changed(Arn tuningJob);

  /** A training job's program has written values of its metrics, told once each and in order. */
  void measured(Arn tuningJob, Arn trainingJob, List<MetricScanner.Found> values);
}
