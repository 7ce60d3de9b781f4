package dev.atelier.training;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
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
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.training.TrainingJobStore.Change;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Takes what a job's program leaves behind: its log, metrics, model, output, checkpoints and failure file. */
final class TrainingOutput {
  private static final String GROUP = "/aws/sagemaker/TrainingJobs";
  private static final int FAILURE_BYTES = 8_192;
  private static final int MOST_TOLD = 100;
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
    S3Location base = base(job);
    RoleObjects objects = roles.objects(job.request().roleArn(), job.region(), job.name())
        .encryptingWith(Optional.ofNullable(job.request().outputDataConfig().kmsKeyId()).filter(key -> !key.isEmpty()));
    List<String> all = job.cluster().hosts();
    // no host holds more than its disk, however large a file with holes looks
    CollectionLimits limits = new CollectionLimits(job.volumeBytes(), MAX_FILES, leftOut(job));
    Optional<String> model = Optional.empty();
    if (job.state() != TrainingState.UPLOADING_FAILED) {
      S3Location target = model(job);
      store(objects, id, all, TrainingWorkload.MODEL, limits, target);
      model = Optional.of(target.toString());
    }
    store(objects, id, all, TrainingWorkload.OUTPUT + "/data", limits,
        compressed(job) ? base.child("output.tar.gz") : base.child("data/"));
    checkpoints.finish(job);
    written.finish(job);
    Optional<String> reason = job.state() == TrainingState.UPLOADING_FAILED
        ? Optional.of(reason(job, hosts, lastLines)) : Optional.empty();
    return new Change(Optional.empty(), reason, model, scanner.latest());
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

  /** Under a key that ends in a slash the files themselves, else an archive of them. */
  private void store(RoleObjects objects, WorkloadId id, List<String> hosts, String inside, CollectionLimits limits,
      S3Location target) {
    if (target.key().endsWith("/")) {
      new FileUpload(backend, objects).store(id, hosts, inside, limits, target);
    } else {
      new ArchiveUpload(backend, objects).store(id, hosts, inside, limits, target);
    }
  }

  /** Tells of the first of what is not stored, since a program can leave any number of links. */
  private Consumer<String> leftOut(TrainingJob job) {
    AtomicInteger told = new AtomicInteger();
    return left -> {
      int count = told.incrementAndGet();
      if (count <= MOST_TOLD) {
        logs.platform(log(job, 0), "not stored: " + left);
      } else if (count == MOST_TOLD + 1) {
        logs.platform(log(job, 0), "not stored: more of this kind");
      }
    };
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
    return report.tell(new FailureReport.Failed(explanation(job), job.attempts().beganAt(), job.request().roleArn(),
        job.region(), job.name(), limits), exited, own, lines);
  }

  /** Where a failure is explained in full: {@code <job>/explanation}. */
  private static JobLogs.Name explanation(TrainingJob job) {
    return new JobLogs.Name(job.account(), job.region(), GROUP, job.name() + "/explanation");
  }
}
