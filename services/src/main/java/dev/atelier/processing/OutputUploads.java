package dev.atelier.processing;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.FailureReport;
import dev.atelier.jobs.FileUpload;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.LogPump;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.models.sagemaker.ProcessingOutput;
import dev.atelier.processing.ProcessingJobStore.Change;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes what a job's program leaves behind: its log, its message and its outputs. The files of all hosts lie under the one
 * prefix of their output.
 */
final class OutputUploads {
  private static final String GROUP = "/aws/sagemaker/ProcessingJobs";
  private static final int MOST_TOLD = 100;
  private static final long MAX_FILES = 1_000_000;

  private final ComputeBackend backend;
  private final JobRoles roles;
  private final JobLogs logs;
  private final LogPump pump;
  private final ProcessingJobStore store;
  private final ContinuousOutputs continuous;
  private final Capacity capacity;
  private final FailureReport report;

  OutputUploads(JobPlatform platform, ProcessingJobStore store, ContinuousOutputs continuous) {
    this.backend = platform.backend();
    this.roles = platform.roles();
    this.logs = platform.logs();
    this.pump = platform.pump();
    this.store = store;
    this.continuous = continuous;
    this.capacity = platform.capacity();
    this.report = new FailureReport(platform);
  }

  /** The log stream of a host: {@code <job>/algo-1-<epoch seconds>}. */
  static JobLogs.Name log(ProcessingJob job, int host) {
    return new JobLogs.Name(job.account(), job.region(), GROUP,
        job.name() + "/" + ProcessingWorkload.host(host) + "-" + job.createdAt().getEpochSecond());
  }

  /** The objects, stored under the key that the job's outputs ask for. */
  static RoleObjects encrypting(RoleObjects objects, ProcessingJob job) {
    return objects.encryptingWith(Optional.ofNullable(job.request().processingOutputConfig())
        .map(config -> config.kmsKeyId()).filter(key -> !key.isEmpty()));
  }

  static boolean isContinuous(ProcessingOutput output) {
    return output.s3Output().s3UploadMode().equals("Continuous");
  }

  void follow(ProcessingJob job) {
    for (int host = 0; host < job.hosts(); host++) {
      pump.follow(ProcessingWorkload.id(job), ProcessingWorkload.host(host), logs.open(log(job, host)));
    }
  }

  /**
   * Stores everything; may be done again after a crash, with the same result. Outputs that are stored at the end of a job
   * are so when its program did not fail.
   */
  Change collect(ProcessingJob job, Map<String, WorkloadState> hosts) {
    WorkloadId id = ProcessingWorkload.id(job);
    for (int host = 0; host < job.hosts(); host++) {
      pump.drain(id, ProcessingWorkload.host(host), logs.open(log(job, host)));
    }
    boolean failed = job.state() == ProcessingState.UPLOADING_FAILED;
    ExitMessage message = ExitMessage.read(backend, id, job.hostNames());
    // kept before anything can fail: it is shown of every job that has ended
    message.text().ifPresent(text -> store.keep(job, text));
    continuous.finish(job);
    Notes notes = new Notes(job);
    job.storedOutputs().stream().filter(output -> !isContinuous(output)).forEach(output -> {
      if (failed) {
        notes.accept(output.outputName() + ", since the program failed and its mode is EndOfJob");
      } else {
        store(job, output, notes);
      }
    });
    if (failed) {
      return Change.failure(reason(job, hosts));
    }
    message.complain();
    return Change.NONE;
  }

  private void store(ProcessingJob job, ProcessingOutput output, Consumer<String> notes) {
    RoleObjects objects = encrypting(roles.objects(job.request().roleArn(), job.region(), job.name()), job);
    // no host holds more than its disk, however large a file with holes looks
    CollectionLimits limits = new CollectionLimits(job.volumeBytes(), MAX_FILES, notes);
    Prefixes.of(job, output).forEach((folder, prefix) -> new FileUpload(backend, objects)
        .store(ProcessingWorkload.id(job), job.hostNames(), folder, limits, prefix));
  }

  private String reason(ProcessingJob job, Map<String, WorkloadState> hosts) {
    for (Map.Entry<String, WorkloadState> host : hosts.entrySet()) {
      if (host.getValue() instanceof WorkloadState.Exited exited && exited.exitCode() != 0) {
        return report.tell(new FailureReport.Failed(
                new JobLogs.Name(job.account(), job.region(), GROUP, job.name() + "/explanation"),
                job.createdAt(), job.request().roleArn(), job.region(), job.name(),
                capacity.cut(job.type(), job.hosts(), job.volumeBytes()).each()),
            exited, Optional.empty(), report.lines(ProcessingWorkload.id(job), host.getKey()));
      }
    }
    return "AlgorithmError: the program failed";
  }

  /** Tells of the first of what is not stored, since a program can leave any number of links. */
  private final class Notes implements Consumer<String> {
    private final ProcessingJob job;
    private final Set<String> told = new HashSet<>();

    Notes(ProcessingJob job) {
      this.job = job;
    }

    @Override
    public void accept(String left) {
      if (told.size() < MOST_TOLD && told.add(left)) {
        logs.platform(log(job, 0), "not stored: " + left);
        if (told.size() == MOST_TOLD) {
          logs.platform(log(job, 0), "not stored: more of this kind");
        }
      }
    }
  }
}
