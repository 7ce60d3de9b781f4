package dev.atelier.trialmetrics;

import dev.atelier.kernel.Arn;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The trial components that jobs have of their own, {@code <job>-aws-training-job} for a training job. */
public final class JobComponents implements TrialComponents {
  private static final String TYPE = "experiment-trial-component/";
  private static final Map<String, String> SUFFIXES = Map.of(
      "training-job/", "-aws-training-job",
      "processing-job/", "-aws-processing-job",
      "transform-job/", "-aws-transform-job");

  private final Predicate<Arn> jobExists;

  public JobComponents(Predicate<Arn> jobExists) {
    this.jobExists = jobExists;
  }

  @Override
  public boolean exist(Arn component) {
    return SUFFIXES.entrySet().stream()
        .filter(each -> component.resource().startsWith(TYPE) && component.resource().endsWith(each.getValue()))
        .map(each -> named(component, each.getKey() + component.resource().substring(TYPE.length(),
            component.resource().length() - each.getValue().length())))
        .anyMatch(jobExists);
  }

  /** The component of a job; empty for what is no job that has one. */
  static Optional<Arn> of(Arn job) {
    return SUFFIXES.entrySet().stream().filter(each -> job.resource().startsWith(each.getKey()))
        .map(each -> named(job, TYPE + job.resource().substring(each.getKey().length()) + each.getValue())).findFirst();
  }

  private static Arn named(Arn like, String resource) {
    return new Arn(like.partition(), like.service(), like.region(), like.account(), resource);
  }
}
