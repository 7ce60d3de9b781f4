package dev.atelier.tuning;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.CreateHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.HyperParameterTrainingJobDefinition;
import dev.atelier.models.sagemaker.HyperParameterTuningJobWarmStartConfig;
import dev.atelier.models.sagemaker.ParameterRanges;
import dev.atelier.tuning.search.Parameter;
import dev.atelier.tuning.search.SearchSpace;
import dev.atelier.tuning.search.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** What a tuning job learns from tuning jobs that ended before it, and when it may. */
final class WarmStart {
  private static final int MOST_CHANGES = 10;
  private static final int MOST_JOBS = 500;
  private static final String IDENTICAL = "IdenticalDataAndAlgorithm";

  private final TuningStore jobs;
  private final TrialStore trials;

  WarmStart(TuningStore jobs, TrialStore trials) {
    this.jobs = jobs;
    this.trials = trials;
  }

  /** A trial of another tuning job. */
  record Past(TuningJob job, Trial trial) {}

  static boolean identical(CreateHyperParameterTuningJobRequest request) {
    return request.warmStartConfig() != null && request.warmStartConfig().warmStartType().equals(IDENTICAL);
  }

  /** @throws Fault ValidationException: the parents, or what has changed since, cannot be learnt from */
  void check(Caller caller, CreateHyperParameterTuningJobRequest request) {
    HyperParameterTuningJobWarmStartConfig config = request.warmStartConfig();
    if (config == null) {
      return;
    }
    if (request.trainingJobDefinition() == null) {
      throw Fault.validation("WarmStartConfig is not supported with TrainingJobDefinitions.");
    }
    String strategy = request.hyperParameterTuningJobConfig().strategy();
    if (strategy.equals("Hyperband") || strategy.equals("Grid")) {
      throw Fault.validation("WarmStartConfig is not supported with the " + strategy + " strategy.");
    }
    Set<String> names = new HashSet<>();
    int before = 0;
    for (String name : names(config)) {
      if (!names.add(name)) {
        throw Fault.validation("The parent hyperparameter tuning job [" + name + "] is specified more than once.");
      }
      TuningJob parent = jobs.find(caller.account(), caller.region(), name).orElseThrow(() -> Fault.validation(
          "The parent hyperparameter tuning job [" + name + "] does not exist."));
      if (!parent.state().ended()) {
        throw Fault.validation("The parent hyperparameter tuning job [" + name + "] must be in a terminal state, and "
            + "is [" + parent.state().status() + "].");
      }
      compare(parent, request);
      before += trials.of(parent.arn()).size();
    }
    Integer most = request.hyperParameterTuningJobConfig().resourceLimits().maxNumberOfTrainingJobs();
    if (before + (most == null ? 0 : most) > MOST_JOBS) {
      throw Fault.validation("A hyperparameter tuning job and the parents that it is warm started with can have at "
          + "most " + MOST_JOBS + " training jobs together; the parents have [" + before + "].");
    }
  }

  private static List<String> names(HyperParameterTuningJobWarmStartConfig config) {
    return config.parentHyperParameterTuningJobs().stream().map(each -> each.hyperParameterTuningJobName())
        .map(name -> Optional.ofNullable(name).orElseThrow(() -> Fault.validation(
            "Each of the ParentHyperParameterTuningJobs must have a HyperParameterTuningJobName."))).toList();
  }

  private static void compare(TuningJob parent, CreateHyperParameterTuningJobRequest request) {
    String named = "parent hyperparameter tuning job [" + parent.name() + "]";
    if (parent.request().trainingJobDefinition() == null) {
      throw Fault.validation("The " + named + " has TrainingJobDefinitions, with which no warm start is possible.");
    }
    HyperParameterTrainingJobDefinition old = parent.request().trainingJobDefinition();
    HyperParameterTrainingJobDefinition now = request.trainingJobDefinition();
    if (!parent.objective(0).equals(request.hyperParameterTuningJobConfig().hyperParameterTuningJobObjective())) {
      throw Fault.validation("The objective of the hyperparameter tuning job must be the same as that of the " + named
          + ".");
    }
    Map<String, String> kinds = kinds(parent.config().parameterRanges());
    Map<String, String> kindsNow = kinds(request.hyperParameterTuningJobConfig().parameterRanges());
    Set<String> all = names(kinds, old);
    if (!all.equals(names(kindsNow, now)) && all.size() != names(kindsNow, now).size()) {
      throw Fault.validation("The total number of static and tunable hyperparameters [" + names(kindsNow, now).size()
          + "] must be the same as in the " + named + " [" + all.size() + "].");
    }
    int changes = 0;
    for (Map.Entry<String, String> each : kindsNow.entrySet()) {
      String before = kinds.get(each.getKey());
      if (before != null && !before.equals(each.getValue())) {
        throw Fault.validation("The type of the hyperparameter [" + each.getKey() + "] is [" + each.getValue()
            + "] and was [" + before + "] in the " + named + ".");
      }
      changes += before == null ? 1 : 0;
    }
    for (Map.Entry<String, String> each : now.staticHyperParameters().entrySet()) {
      changes += each.getValue().equals(old.staticHyperParameters().get(each.getKey())) ? 0 : 1;
    }
    if (changes > MOST_CHANGES) {
      throw Fault.validation("The number of changes of hyperparameters [" + changes + "] since the " + named
          + " is greater than the limit [" + MOST_CHANGES + "].");
    }
    if (identical(request) && !(old.algorithmSpecification().equals(now.algorithmSpecification())
        && old.inputDataConfig().equals(now.inputDataConfig()))) {
      throw Fault.validation("For the warm start type IdenticalDataAndAlgorithm, the input data and the training image "
          + "must be the same as in the " + named + ". Use TransferLearning if they are not.");
    }
  }

  private static Set<String> names(Map<String, String> kinds, HyperParameterTrainingJobDefinition definition) {
    Set<String> names = new TreeSet<>(definition.staticHyperParameters().keySet());
    names.addAll(kinds.keySet());
    names.remove(TrialRequest.OBJECTIVE);
    return names;
  }

  private static Map<String, String> kinds(ParameterRanges ranges) {
    Map<String, String> kinds = new HashMap<>();
    for (Parameter each : Ranges.space(ranges).parameters()) {
      kinds.put(each.name(), each.getClass().getSimpleName());
    }
    return kinds;
  }

  /** Every trial of a job's parents that are still there. */
  List<Past> past(TuningJob job) {
    List<Past> past = new ArrayList<>();
    if (job.request().warmStartConfig() != null) {
      for (String name : names(job.request().warmStartConfig())) {
        jobs.find(job.account(), job.region(), name)
            .ifPresent(parent -> trials.of(parent.arn()).forEach(trial -> past.add(new Past(parent, trial))));
      }
    }
    return past;
  }

  /** What was tried before and is a point of the job's space now; jobs on other data count as other tasks. */
  List<Seen> history(TuningJob job, SearchSpace space) {
    List<Seen> history = new ArrayList<>();
    Map<String, Integer> tasks = new HashMap<>();
    for (Past each : past(job)) {
      Map<String, String> values = new HashMap<>(
          each.job.definitions().get(each.trial.definition()).staticHyperParameters());
      values.putAll(each.trial.tuned());
      if (each.trial.scored() && space.holds(values)) {
        values.keySet().retainAll(space.parameters().stream().map(Parameter::name).toList());
        int task = identical(job.request()) ? 0
            : tasks.computeIfAbsent(each.job.name(), name -> tasks.size() + 1);
        history.add(new Seen(values, OptionalDouble.of(each.job.loss(each.trial.definition(), each.trial.objective())),
            false, task));
      }
    }
    return history;
  }
}
