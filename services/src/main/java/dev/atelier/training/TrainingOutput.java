package dev.atelier.training;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.ArchiveUpload;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.CollectedFile;
import dev.atelier.jobs.FailureExplanation;
import dev.atelier.jobs.FailureReport;
import dev.atelier.jobs.FileUpload;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.LogPump;
import dev.atelier.jobs.LogSink;
import dev.atelier.jobs.MetricScanner;
import dev.atelier.jobs.MetricSink;
import dev.atelier.jobs.NotStored;
import dev.atelier.jobs.OutputCheck;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.training.TrainingJobStore.Change;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes what a job's program leaves behind: its log, metrics, model, output, checkpoints and failure file. */
final class TrainingOutput {
  private static final String GROUP = "/aws/sagemaker/TrainingJobs";
  private static final int FAILURE_BYTES = 8_192;
  private static final long MAX_FILES = 1_000_000;

  private final ComputeBackend backend;
  private final JobRoles roles;
  private final JobLogs logs;
  private final MetricSink metrics;
  private final Checkpoints checkpoints;
  private final Capacity capacity;
  private final WrittenFolders written;
  private final FailureReport report;
  private final Watches watches = new Watches();

  TrainingOutput(JobPlatform platform, Checkpoints checkpoints) {
    this.written = new WrittenFolders(platform);
    this.backend = platform.backend();
    this.roles = platform.roles();
    this.logs = platform.logs();
    this.metrics = platform.metrics();
    this.checkpoints = checkpoints;
    this.capacity = platform.capacity();
    this.report = new FailureReport(platform);
  }

  /** Who listens to training jobs. */
  Watches watches() {
    return watches;
  }

  /** The log stream of a host: {@code <job>/algo-1-<epoch seconds>}, of when its attempt began. */
  static JobLogs.Name log(TrainingJob job, int host) {
    return new JobLogs.Name(job.account(), job.region(), GROUP,
        job.name() + "/" + TrainingWorkload.host(host) + "-" + job.attempts().beganAt().getEpochSecond());
  }

  /** What the program writes for people to look at while it runs. */
  WrittenFolders written() {
    return written;
  }

  void follow(TrainingJob job, LogPump pump) {
    for (int host = 0; host < job.hosts(); host++) {
      pump.follow(TrainingWorkload.id(job), TrainingWorkload.host(host), stream(job, host));
    }
  }

  /** Takes in the logs of hosts that have ended. */
  void drain(TrainingJob job, LogPump pump) {
    for (int host = 0; host < job.hosts(); host++) {
      pump.drain(TrainingWorkload.id(job), TrainingWorkload.host(host), stream(job, host));
    }
  }

  private LogSink.Stream stream(TrainingJob job, int host) {
    return new MeasuredStream(logs.open(log(job, host)), job, metrics, watches);
  }

  /** Stores everything; may be done again after a crash, with the same result. */
  Change collect(TrainingJob job, Map<String, WorkloadState> hosts, LogPump pump) {
    WorkloadId id = TrainingWorkload.id(job);
    MetricScanner scanner = TrainingRules.definitions(job.request());
    Map<String, List<String>> lastLines = new HashMap<>();
    for (int host = 0; host < job.hosts(); host++) {
      pump.drain(id, TrainingWorkload.host(host), stream(job, host));
      Deque<String> last = new ArrayDeque<>();
      logs.scan(backend, id, TrainingWorkload.host(host), line -> {
        scanner.line(line.text(), line.at());
        last.addLast(FailureExplanation.searched(line.text()));
        if (last.size() > FailureExplanation.SEARCHED_LINES) {
          last.removeFirst();
        }
      });
      lastLines.put(TrainingWorkload.host(host), List.copyOf(last));
    }
    NotStored notes = new NotStored(text -> logs.platform(log(job, 0), text));
    if (job.state() == TrainingState.UPLOADING_FAILED) {
      // how the program failed is what its owner is told, whatever else fails
      try {
        storeBesideModel(job, notes);
      } catch (Fault | ComputeException e) {
        notes.tell(e.getMessage());
      }
      return new Change(Optional.empty(), Optional.of(reason(job, hosts, lastLines)), Optional.empty(), scanner.latest());
    }
    store(job, TrainingWorkload.MODEL, notes, model(job));
    storeBesideModel(job, notes);
    return new Change(Optional.empty(), notes.complaint().map(complaint -> "ClientError: " + complaint),
        Optional.of(model(job).toString()), scanner.latest());
  }

  private void storeBesideModel(TrainingJob job, NotStored notes) {
    store(job, TrainingWorkload.OUTPUT + "/data", notes, data(job));
    checkpoints.finish(job);
    written.finish(job);
  }

  /**
   * Asks, before a job's program runs, whether what it will leave can be stored and the keys that it names be used.
   *
   * @throws Fault ValidationException which names the place or the key
   */
  void check(TrainingJob job) {
    CreateTrainingJobRequest request = job.request();
    Optional.ofNullable(request.resourceConfig().volumeKmsKeyId()).filter(key -> !key.isEmpty()).ifPresent(key ->
        OutputCheck.key("VolumeKmsKeyId", key,
            () -> roles.requireKey(request.roleArn(), job.region(), job.name(), key)));
    String what = "The OutputDataConfig" + kmsKey(job).map(key -> " with KmsKeyId " + key).orElse("");
    List.of(model(job), data(job)).forEach(target -> OutputCheck.target(what,
        request.outputDataConfig().s3OutputPath(), () -> objects(job).checkPut(target)));
    checkpoints.check(job);
    written.check(job);
  }

  private static Optional<String> kmsKey(TrainingJob job) {
    return Optional.ofNullable(job.request().outputDataConfig().kmsKeyId()).filter(key -> !key.isEmpty());
  }

  private RoleObjects objects(TrainingJob job) {
    return roles.objects(job.request().roleArn(), job.region(), job.name()).encryptingWith(kmsKey(job));
  }

  private static S3Location base(TrainingJob job) {
    return S3Location.parse(job.request().outputDataConfig().s3OutputPath()).child(job.name()).child("output");
  }

  private static boolean compressed(TrainingJob job) {
    return !"NONE".equals(job.request().outputDataConfig().compressionType());
  }

  /** Where a job's model goes: an archive, or the prefix of its files. */
  static S3Location model(TrainingJob job) {
    return compressed(job) ? base(job).child("model.tar.gz") : base(job).child("model/");
  }

  private static S3Location data(TrainingJob job) {
    return compressed(job) ? base(job).child("output.tar.gz") : base(job).child("data/");
  }

  /** Under a key that ends in a slash the files themselves, else an archive of them. */
  private void store(TrainingJob job, String inside, NotStored notes, S3Location target) {
    WorkloadId id = TrainingWorkload.id(job);
    CollectionLimits limits = notes.limits(inside, job.volumeBytes(), MAX_FILES);
    if (target.key().endsWith("/")) {
      new FileUpload(backend, objects(job)).store(id, job.cluster().hosts(), inside, limits, target);
    } else {
      new ArchiveUpload(backend, objects(job)).store(id, job.cluster().hosts(), inside, limits, target);
    }
  }

  /** Why the job failed: by the host that failed first, since the others are ended for it. */
  private String reason(TrainingJob job, Map<String, WorkloadState> hosts, Map<String, List<String>> lastLines) {
    return hosts.entrySet().stream().filter(host -> host.getValue() instanceof WorkloadState.Exited exited
            && exited.exitCode() != 0)
        .min(Comparator.comparing(host -> ((WorkloadState.Exited) host.getValue()).at()))
        .map(host -> reason(job, host.getKey(), (WorkloadState.Exited) host.getValue(), lastLines.get(host.getKey())))
        .orElse("AlgorithmError: the program failed");
  }

  private String reason(TrainingJob job, String host, WorkloadState.Exited exited, List<String> lines) {
    Optional<String> own = CollectedFile.read(backend, TrainingWorkload.id(job), host, TrainingWorkload.OUTPUT, "failure",
        FAILURE_BYTES).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    Resources limits = TrainingAdmission.hosts(capacity, job).get(job.cluster().hosts().indexOf(host));
    return report.tell(failed(job), limits, exited, own, lines);
  }

  /** Explains a failure that is not the program's. */
  void explain(TrainingJob job, Change failure) {
    failure.failureReason().ifPresent(reason -> report.tell(failed(job), reason));
  }

  /** Where a failure is explained in full: {@code <job>/explanation}. */
  private static FailureReport.Failed failed(TrainingJob job) {
    return new FailureReport.Failed(
        new JobLogs.Name(job.account(), job.region(), GROUP, job.name() + "/explanation"),
        job.attempts().beganAt(), job.request().roleArn(), job.region(), job.name());
  }
}
