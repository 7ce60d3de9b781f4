package dev.atelier.tuning;

import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.HyperParameterTrainingJobDefinition;
import dev.atelier.models.sagemaker.HyperParameterTuningJobConfig;
import dev.atelier.models.sagemaker.HyperbandStrategyConfig;
import dev.atelier.models.sagemaker.ParameterRanges;
import dev.atelier.tuning.search.BayesianSearcher;
import dev.atelier.tuning.search.GridSearcher;
import dev.atelier.tuning.search.Hyperband;
import dev.atelier.tuning.search.RandomSearcher;
import dev.atelier.tuning.search.SearchSpace;
import dev.atelier.tuning.search.Searcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The searchers and rules that a tuning job's configuration names. */
final class Strategies {
  /** Where SageMaker looks for the number of epochs that Hyperband may give a training job. */
  private static final List<String> EPOCHS = List.of("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs");
  private static final int MOST_EPOCHS = 20_000;
  /** Draws of Hyperband are not those of random search, whatever the seed. */
  private static final long HYPERBAND = 0x48594245524C494EL;
  /** Each definition has draws of its own. */
  private static final long DEFINITION = 0x5851F42D4C957F2DL;

  private Strategies() {}

  static SearchSpace space(TuningJob job, int definition) {
    ParameterRanges own = job.definitions().get(definition).hyperParameterRanges();
    return Ranges.space(own == null ? job.config().parameterRanges() : own);
  }

  static Searcher searcher(TuningJob job, int definition) {
    SearchSpace space = space(job, definition);
    long seed = job.seed() + definition * DEFINITION;
    return switch (job.strategy()) {
      case "Grid" -> new GridSearcher(space);
      case "Random" -> new RandomSearcher(space, seed);
      case "Hyperband" -> new RandomSearcher(space, seed ^ HYPERBAND);
      default -> new BayesianSearcher(space, seed);
    };
  }

  /**
   * Hyperband's resources, the greatest number of epochs from a static hyperparameter where the request does not say
   * it.
   *
   * @throws Fault ValidationException: they are not known or contradict each other
   */
  static Hyperband hyperband(HyperParameterTuningJobConfig config, HyperParameterTrainingJobDefinition definition) {
    Optional<HyperbandStrategyConfig> own = Optional.ofNullable(config.strategyConfig())
        .map(each -> each.hyperbandStrategyConfig());
    Integer most = own.map(HyperbandStrategyConfig::maxResource).orElse(null);
    Integer least = own.map(HyperbandStrategyConfig::minResource).orElse(null);
    int max = most != null ? most : epochs(definition.staticHyperParameters()).orElseThrow(() -> Fault.validation(
        "MaxResource of the HyperbandStrategyConfig is not specified, and none of the static hyperparameters "
            + EPOCHS + " tells it."));
    int min = least != null ? least : 1;
    if (max > MOST_EPOCHS) {
      throw Fault.validation("MaxResource [" + max + "] is greater than the limit [" + MOST_EPOCHS + "].");
    }
    if (min >= max) {
      throw Fault.validation("MinResource [" + min + "] must be less than MaxResource [" + max + "].");
    }
    return new Hyperband(min, max);
  }

  private static Optional<Integer> epochs(Map<String, String> hyperParameters) {
    for (String name : EPOCHS) {
      String text = hyperParameters.get(name);
      if (text != null) {
        try {
          // the SDKs write values as JSON, numbers as texts included
          return Optional.of(Integer.parseInt(text.replace("\"", "").strip())).filter(value -> value > 0);
        } catch (NumberFormatException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
