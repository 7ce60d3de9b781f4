package dev.atelier.processing;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.FailureReport;
import dev.atelier.jobs.FileUpload;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.LogPump;
import dev.atelier.jobs.NotStored;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.ProcessingOutput;
import dev.atelier.processing.ProcessingJobStore.Change;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes what a job's program leaves behind: its log, its message and its outputs. The files of all hosts lie under the one
 * prefix of their output.
 */
final class OutputUploads {
  private static final String GROUP = "/aws/sagemaker/ProcessingJobs";
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
    NotStored notes = new NotStored(text -> logs.platform(log(job, 0), text));
    try {
      continuous.finish(job);
    } catch (Fault | ComputeException e) {
      if (!failed) {
        throw e;
      }
      // how the program failed is what its owner is told, whatever else fails
      notes.tell(e.getMessage());
    }
    job.storedOutputs().stream().filter(output -> !isContinuous(output)).forEach(output -> {
      if (failed) {
        notes.tell(output.outputName() + ", since the program failed and its mode is EndOfJob");
      } else {
        store(job, output, notes);
      }
    });
    if (failed) {
      return Change.failure(reason(job, hosts));
    }
    message.complain();
    if (job.state() == ProcessingState.UPLOADING) {
      notes.complaint().ifPresent(complaint -> {
        throw new ComputeException(complaint);
      });
    }
    return Change.NONE;
  }

  private void store(ProcessingJob job, ProcessingOutput output, NotStored notes) {
    RoleObjects objects = encrypting(roles.objects(job.request().roleArn(), job.region(), job.name()), job);
    Prefixes.of(job, output).forEach((folder, prefix) -> new FileUpload(backend, objects)
        .store(ProcessingWorkload.id(job), job.hostNames(), folder,
            notes.limits(folder, job.volumeBytes(), MAX_FILES), prefix));
  }

  private String reason(ProcessingJob job, Map<String, WorkloadState> hosts) {
    for (Map.Entry<String, WorkloadState> host : hosts.entrySet()) {
      if (host.getValue() instanceof WorkloadState.Exited exited && exited.exitCode() != 0) {
        return report.tell(failed(job), capacity.cut(job.type(), job.hosts(), job.volumeBytes()).each(),
            exited, Optional.empty(), report.lines(ProcessingWorkload.id(job), host.getKey()));
      }
    }
    return "AlgorithmError: the program failed";
  }

  /** Explains a failure that is not the program's. */
  void explain(ProcessingJob job, Change failure) {
    failure.failureReason().ifPresent(reason -> report.tell(failed(job), reason));
  }

  private static FailureReport.Failed failed(ProcessingJob job) {
    return new FailureReport.Failed(
        new JobLogs.Name(job.account(), job.region(), GROUP, job.name() + "/explanation"), job.createdAt(),
        job.request().roleArn(), job.region(), job.name());
  }
}
