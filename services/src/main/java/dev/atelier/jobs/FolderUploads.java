package dev.atelier.jobs;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores folders of jobs while their programs write them. After a restart of the server every file is stored once more,
 * since only the memory of what was stored is lost.
 */
public final class FolderUploads {
  private static final Logger LOG = LoggerFactory.getLogger(FolderUploads.class);
  /** Of all hosts of a job, since their names are remembered; each may have its share. */
  private static final int MOST_FILES = 100_000;
  private static final long MOST_NAME_BYTES = 16L << 20;

  private final ComputeBackend backend;
  private final JobLogs logs;
  private final Map<WorkloadId, Map<String, FolderProgress>> jobs = new ConcurrentHashMap<>();

  public FolderUploads(ComputeBackend backend, JobLogs logs) {
    this.backend = backend;
    this.logs = logs;
  }

  /**
   * What of one attempt of a job is stored.
   *
   * @param log where its owner reads what cannot be
   * @param folders all of the one workload {@code id}
   */
  public record Upload(Arn job, WorkloadId id, RoleObjects objects, JobLogs.Name log, List<FolderPass.Folder> folders) {
    public Upload {
      folders = List.copyOf(folders);
    }
  }

  private FolderProgress progress(Upload upload, FolderPass.Folder folder) {
    return jobs.computeIfAbsent(upload.id(), id -> new ConcurrentHashMap<>())
        .computeIfAbsent(folder.inside() + " " + folder.prefix(), name -> FolderProgress.of(Map.of()));
  }

  /** Stores what changed; a failure is told in the job's log, since the next pass may do better. */
  public void pass(Upload upload) {
    upload.folders().forEach(folder -> attempt(upload, folder));
  }

  private void attempt(Upload upload, FolderPass.Folder folder) {
    FolderProgress progress = progress(upload, folder);
    synchronized (progress) {
      if (progress.finished()) {
        return;
      }
      try {
        store(upload, folder, progress);
      } catch (Fault | ComputeException e) {
        LOG.warn("{} of {} cannot be stored now: {}", folder.all(), upload.job(), e.getMessage());
        progress.tell(folder.all() + " cannot be stored now: " + e.getMessage(),
            text -> logs.platform(upload.log(), text));
      } catch (RuntimeException e) {
        LOG.warn("{} of {} cannot be stored now", folder.all(), upload.job(), e);
      }
    }
  }

  /**
   * Stores what the ended hosts left; nothing is stored after that.
   *
   * @throws Fault the role may not write them
   */
  public void finish(Upload upload) {
    upload.folders().forEach(folder -> {
      FolderProgress progress = progress(upload, folder);
      synchronized (progress) {
        store(upload, folder, progress);
        progress.finish();
      }
    });
  }

  /** Forgets an attempt whose hosts will be removed; what {@link #finish} has not stored is stored as far as it can. */
  public void release(Upload upload, boolean ran) {
    if (ran && backend.list().containsKey(upload.id())) {
      pass(upload);
    }
    jobs.remove(upload.id());
  }

  private void store(Upload upload, FolderPass.Folder folder, FolderProgress progress) {
    new FolderPass(backend, folder, upload.objects(), progress, notes(upload), MOST_FILES, MOST_NAME_BYTES)
        .run();
  }

  private FolderPass.Notes notes(Upload upload) {
    return new FolderPass.Notes() {
      @Override
      public void tell(String text) {
        logs.platform(upload.log(), text);
      }

      @Override
      public void incomplete() {
        // the log has told which
      }
    };
  }
}
