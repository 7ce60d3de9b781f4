package dev.atelier.faults;

import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobBench;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The kinds of jobs whose servers die. */
final class Lives {
  private static final String TRAINING = "/aws/sagemaker/TrainingJobs";
  private static final String PROCESSING = "/aws/sagemaker/ProcessingJobs";
  private static final String OUT = "/opt/ml/processing/out";
  private static final Map<String, Object> ALGORITHM = Map.of("TrainingImage", "image", "TrainingInputMode", "File");
  private static final Map<String, Object> ONE_HOST =
      Map.of("InstanceType", "ml.t3.medium", "InstanceCount", 1, "VolumeSizeInGB", 1);

  /** Makes a life of a kind. */
  interface Kind {
    Life make(World world, Account account, String name);
  }

  static final List<Kind> KINDS = List.of(
      (world, account, name) -> new Training(world, account, "plain-" + name, Map.of()),
      Failing::new, Stopped::new, Spot::new, Retried::new, Cluster::new, Processing::new, Tuning::new);

  private Lives() {}

  /** Writes lines and a model, and ends well. */
  private static class Training extends Life {
    private final Map<String, Object> members;
    private final TreeMap<Integer, String> said = new TreeMap<>();
    private final List<String> lines = new ArrayList<>();

    Training(World world, Account account, String name, Map<String, Object> members) {
      super(world, account, "TrainingJob", name);
      this.members = members;
    }

    @Override
    Map<String, Object> request() {
      Map<String, Object> request = new HashMap<>(Map.of("TrainingJobName", name, "RoleArn", JobBench.ROLE,
          "AlgorithmSpecification", ALGORITHM, "ResourceConfig", ONE_HOST,
          "OutputDataConfig", Map.of("S3OutputPath", "s3://data/output"),
          "StoppingCondition", Map.of("MaxRuntimeInSeconds", 600)));
      request.putAll(members);
      return request;
    }

    /** What it says from now on has to be in the log, once. */
    final void say(WorkloadId id, String host, String line) {
      lines.add(line);
      world.backend().print(id, host, line + "\n");
    }

    /** The first line of an attempt, which the program wrote at its start. */
    final void begun(int attempt) {
      if (said.put(attempt, "line 0") == null) {
        lines.add("line 0");
      }
    }

    @Override
    void act(WorkloadId id, int attempt, int step) {
      begun(attempt);
      switch (step) {
        case 0 -> say(id, "algo-1", "line " + attempt + ".1");
        case 1 -> world.backend().write(id, "algo-1", "/opt/ml/model/weights", "w".repeat(5000));
        case 2 -> say(id, "algo-1", "line " + attempt + ".2");
        default -> finish(id, attempt);
      }
    }

    void finish(WorkloadId id, int attempt) {
      world.backend().finish(id, "algo-1", 0, false);
    }

    String status() {
      return "Completed";
    }

    @Override
    void verify(Map<String, Object> job) {
      expect(job, status());
      if (!status().equals("Failed")) {
        expectStored("output/" + name + "/output/model.tar.gz");
      }
      expectLines(TRAINING, lines);
      List<String> statuses = statuses(job);
      for (int i = 1; i < statuses.size(); i++) {
        if (statuses.get(i).equals(statuses.get(i - 1))) {
          account.blame("duplicated", name + " went through " + statuses);
        }
      }
    }

    static List<String> statuses(Map<String, Object> job) {
      return ((List<?>) job.get("SecondaryStatusTransitions")).stream()
          .map(each -> (String) ((Map<?, ?>) each).get("Status")).toList();
    }
  }

  /** Ends badly. */
  private static final class Failing extends Training {
    Failing(World world, Account account, String name) {
      super(world, account, "failing-" + name, Map.of());
    }

    @Override
    void finish(WorkloadId id, int attempt) {
      world.backend().write(id, "algo-1", "/opt/ml/output/failure", "the loss is not a number");
      world.backend().finish(id, "algo-1", 3, false);
    }

    @Override
    String status() {
      return "Failed";
    }

    @Override
    void verify(Map<String, Object> job) {
      super.verify(job);
      if (!String.valueOf(job.get("FailureReason")).contains("the loss is not a number")) {
        account.blame("lost", name + " failed with " + job.get("FailureReason"));
      }
    }
  }

  /** Runs until somebody stops it. */
  private static final class Stopped extends Training {
    Stopped(World world, Account account, String name) {
      super(world, account, "stopped-" + name, Map.of());
    }

    @Override
    void finish(WorkloadId id, int attempt) {
      stop();
    }

    @Override
    String status() {
      return "Stopped";
    }
  }

  /** Loses its spot instances once. */
  private static final class Spot extends Training {
    private boolean interrupted;

    Spot(World world, Account account, String name) {
      super(world, account, "spot-" + name, Map.of("EnableManagedSpotTraining", true,
          "StoppingCondition", Map.of("MaxRuntimeInSeconds", 600, "MaxWaitTimeInSeconds", 900),
          "CheckpointConfig", Map.of("S3Uri", "s3://data/checkpoints/spot-" + name)));
    }

    @Override
    void finish(WorkloadId id, int attempt) {
      if (interrupted || attempt > 1) {
        super.finish(id, attempt);
        return;
      }
      world.backend().write(id, "algo-1", "/opt/ml/checkpoints/step", "at 7");
      if ("Training".equals(last().get("SecondaryStatus"))) {
        interrupted = world.interrupt(name);
      }
    }

    @Override
    void verify(Map<String, Object> job) {
      super.verify(job);
      expectText("checkpoints/" + name + "/step", "at 7");
      long interruptions = statuses(job).stream().filter("Interrupted"::equals).count();
      if (interruptions != 1) {
        account.blame(interruptions == 0 ? "lost" : "duplicated", name + " was interrupted " + statuses(job));
      }
    }
  }

  /** Loses its host once and is tried again. */
  private static final class Retried extends Training {
    Retried(World world, Account account, String name) {
      super(world, account, "retried-" + name, Map.of("RetryStrategy", Map.of("MaximumRetryAttempts", 2)));
    }

    @Override
    void finish(WorkloadId id, int attempt) {
      if (attempt == 1) {
        world.backend().lose(id, "algo-1", "host lost: power cut");
      } else {
        super.finish(id, attempt);
      }
    }

    @Override
    void verify(Map<String, Object> job) {
      super.verify(job);
      if (statuses(job).stream().filter("Restarting"::equals).count() != 1) {
        account.blame("wrong", name + " was restarted " + statuses(job));
      }
    }
  }

  /** Has two hosts, both of which write. */
  private static final class Cluster extends Training {
    Cluster(World world, Account account, String name) {
      super(world, account, "cluster-" + name, Map.of("ResourceConfig",
          Map.of("InstanceType", "ml.t3.medium", "InstanceCount", 2, "VolumeSizeInGB", 1)));
    }

    @Override
    void act(WorkloadId id, int attempt, int step) {
      if (step == 0) {
        begun(attempt);
        // the second host's first line
        begun(attempt + 1);
        say(id, "algo-2", "line two");
      }
      super.act(id, attempt, step);
    }

    @Override
    void finish(WorkloadId id, int attempt) {
      super.finish(id, attempt);
      world.backend().finish(id, "algo-2", 0, false);
    }
  }

  /** Stores one folder at its end and another one as it goes. */
  private static final class Processing extends Life {
    private final List<String> lines = new ArrayList<>(List.of("line 0"));

    Processing(World world, Account account, String name) {
      super(world, account, "ProcessingJob", "processing-" + name);
    }

    private Map<String, Object> output(String output, String mode) {
      return Map.of("OutputName", output, "S3Output", Map.of("S3Uri", "s3://data/" + name + "/" + output,
          "LocalPath", OUT + "/" + output, "S3UploadMode", mode));
    }

    @Override
    Map<String, Object> request() {
      return Map.of("ProcessingJobName", name, "RoleArn", JobBench.ROLE,
          "AppSpecification", Map.of("ImageUri", "image", "ContainerEntrypoint", List.of("python3", "run.py")),
          "ProcessingResources", Map.of("ClusterConfig", ONE_HOST),
          "ProcessingOutputConfig", Map.of("Outputs", List.of(output("end", "EndOfJob"), output("on", "Continuous"))));
    }

    @Override
    void act(WorkloadId id, int attempt, int step) {
      switch (step) {
        case 0 -> world.backend().write(id, "algo-1", OUT + "/end/rows", "1,2,3");
        case 1 -> {
          lines.add("line 1");
          world.backend().print(id, "algo-1", "line 1\n");
        }
        case 2 -> world.backend().write(id, "algo-1", OUT + "/on/rows", "4,5,6");
        default -> world.backend().finish(id, "algo-1", 0, false);
      }
    }

    @Override
    void verify(Map<String, Object> job) {
      expect(job, "Completed");
      expectText(name + "/end/rows", "1,2,3");
      expectText(name + "/on/rows", "4,5,6");
      expectLines(PROCESSING, lines);
    }
  }

  /** Three trials, two at a time, whose programs end by themselves. */
  private static final class Tuning extends Life {
    private static final int TRIALS = 3;

    Tuning(World world, Account account, String name) {
      super(world, account, "HyperParameterTuningJob", "tune-" + name);
    }

    @Override
    Map<String, Object> request() {
      Map<String, Object> algorithm = new HashMap<>(ALGORITHM);
      algorithm.put("MetricDefinitions", List.of(Map.of("Name", "loss", "Regex", "loss=([-0-9.eE]+);")));
      return Map.of("HyperParameterTuningJobName", name,
          "HyperParameterTuningJobConfig", Map.of("Strategy", "Random", "RandomSeed", 7,
              "HyperParameterTuningJobObjective", Map.of("Type", "Minimize", "MetricName", "loss"),
              "ResourceLimits", Map.of("MaxNumberOfTrainingJobs", TRIALS, "MaxParallelTrainingJobs", 2),
              "ParameterRanges", Map.of("ContinuousParameterRanges",
                  List.of(Map.of("Name", "x", "MinValue", "0", "MaxValue", "1")))),
          "TrainingJobDefinition", Map.of("RoleArn", JobBench.ROLE, "AlgorithmSpecification", algorithm,
              "OutputDataConfig", Map.of("S3OutputPath", "s3://data/output"), "ResourceConfig", ONE_HOST,
              "StoppingCondition", Map.of("MaxRuntimeInSeconds", 600)));
    }

    @Override
    void act(WorkloadId id, int attempt, int step) {
      // its trials run by themselves
    }

    @Override
    void verify(Map<String, Object> job) {
      expect(job, "Completed");
      Map<String, Object> found = world.ask("ListTrainingJobsForHyperParameterTuningJob",
          Map.of("HyperParameterTuningJobName", name, "MaxResults", 100)).orElseThrow();
      List<?> trials = (List<?>) found.get("TrainingJobSummaries");
      if (trials.size() != TRIALS) {
        account.blame(trials.size() < TRIALS ? "lost" : "duplicated", name + " has the trials " + trials);
      }
      Object counted = ((Map<?, ?>) job.get("TrainingJobStatusCounters")).get("Completed");
      if (!Integer.valueOf(TRIALS).equals(counted)) {
        account.blame("wrong", name + " counts " + job.get("TrainingJobStatusCounters"));
      }
    }
  }
}
