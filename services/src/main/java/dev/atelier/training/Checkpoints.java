package dev.atelier.training;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostFile;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.jobs.StagingArea;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries checkpoints from S3 to every host before a job starts, and what the hosts write back to S3, where all hosts
 * share one prefix. What a program deletes stays in S3, as on AWS. After a restart of the server every file is stored
 * once more, since only the memory of what was stored is lost.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final int MOST_FILES = 100_000;
  private static final int LONGEST_KEY = 1_024;
  private static final int MOST_TOLD = 100;

  private final ComputeBackend backend;
  private final JobRoles roles;
  private final JobLogs logs;
  private final Map<WorkloadId, Progress> jobs = new ConcurrentHashMap<>();

  Checkpoints(ComputeBackend backend, JobRoles roles, JobLogs logs) {
    this.backend = backend;
    this.roles = roles;
    this.logs = logs;
  }

  /** A file as it was put on every host. */
  private record Restored(long bytes, Instant modified) {
    boolean is(HostFile file) {
      return bytes == file.bytes() && modified.equals(file.modified());
    }
  }

  /** What is known of an attempt; guarded by itself. */
  private static final class Progress {
    private final Map<String, Restored> restored;
    private final Map<String, Map<String, String>> stored = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private boolean finished;

    Progress(Map<String, Restored> restored) {
      this.restored = restored;
    }
  }

  /**
   * Links what lies under the job's prefix into a folder.
   *
   * @return the files that each host begins with, by their paths below the checkpoint folder
   * @throws Fault the role may not read them, or a key cannot be the name of a file
   */
  Map<String, Path> restore(TrainingJob job, StagingArea.Folder links) {
    Optional<CheckpointPlace> place = CheckpointPlace.of(job.request());
    if (place.isEmpty()) {
      return Map.of();
    }
    S3Location prefix = place.get().prefix();
    RoleObjects objects = objects(job);
    Map<String, Path> files = new LinkedHashMap<>();
    Map<String, Restored> restored = new HashMap<>();
    for (StoredObject object : objects.list(prefix)) {
      String name = ChannelStaging.checked(object.key().substring(prefix.key().length()), object.key());
      Path link = links.next();
      objects.link(new S3Location(prefix.bucket(), object.key()), link);
      files.put(name, link);
      restored.put(name, seen(link));
    }
    jobs.put(TrainingWorkload.id(job), new Progress(restored));
    return files;
  }

  private static Restored seen(Path link) {
    try {
      return new Restored(Files.size(link), Files.getLastModifiedTime(link).toInstant());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on {@link #pass} does something for the job; false when it has no checkpoints. */
  boolean follow(TrainingJob job) {
    if (job.request().checkpointConfig() == null) {
      return false;
    }
    jobs.computeIfAbsent(TrainingWorkload.id(job), id -> new Progress(Map.of()));
    return true;
  }

  /** Stores what changed; a failure is told in the job's log, since the next pass may do better. */
  void pass(TrainingJob job) {
    Progress progress = jobs.get(TrainingWorkload.id(job));
    if (progress != null) {
      attempt(job, progress);
    }
  }

  private void attempt(TrainingJob job, Progress progress) {
    synchronized (progress) {
      if (progress.finished) {
        return;
      }
      try {
        store(job, progress);
      } catch (Fault | ComputeException e) {
        LOG.warn("checkpoints of {} cannot be stored now: {}", job.arn(), e.getMessage());
        tell(job, progress, "checkpoints cannot be stored now: " + e.getMessage());
      } catch (RuntimeException e) {
        LOG.warn("checkpoints of {} cannot be stored now", job.arn(), e);
      }
    }
  }

  /**
   * Stores what the ended hosts left; nothing is stored after that.
   *
   * @throws Fault the role may not write them
   */
  void finish(TrainingJob job) {
    if (!follow(job)) {
      return;
    }
    Progress progress = jobs.get(TrainingWorkload.id(job));
    synchronized (progress) {
      store(job, progress);
      progress.finished = true;
    }
  }

  /** Forgets an attempt whose hosts will be removed; what {@link #finish} has not stored is stored as far as it can. */
  void release(TrainingJob job) {
    Progress progress = jobs.remove(TrainingWorkload.id(job));
    boolean ran = job.startedAt().isPresent() && backend.list().containsKey(TrainingWorkload.id(job));
    if (ran && job.request().checkpointConfig() != null) {
      attempt(job, progress == null ? new Progress(Map.of()) : progress);
    }
  }

  private void store(TrainingJob job, Progress progress) {
    CheckpointPlace place = CheckpointPlace.of(job.request()).orElseThrow();
    RoleObjects objects = objects(job);
    for (int host = 0; host < job.hosts(); host++) {
      store(job, TrainingWorkload.host(host), place, objects, progress);
    }
  }

  private void store(TrainingJob job, String host, CheckpointPlace place, RoleObjects objects, Progress progress) {
    WorkloadId id = TrainingWorkload.id(job);
    Map<String, String> stored = progress.stored.computeIfAbsent(host, name -> new HashMap<>());
    // in the order in which they were written, so that a file that names others never comes before them
    List<HostFile> changed = backend.files(id, host, place.folder(), MOST_FILES).stream()
        .filter(file -> changed(file, stored, progress.restored))
        .filter(file -> fits(job, host, place, file, progress))
        .sorted(Comparator.comparing(HostFile::modified)).toList();
    if (changed.isEmpty()) {
      return;
    }
    Map<String, HostFile> wanted = new HashMap<>();
    changed.forEach(file -> wanted.put(file.name(), file));
    CollectionLimits limits = new CollectionLimits(job.volumeBytes(), MOST_FILES,
        left -> tell(job, progress, "not stored as a checkpoint: " + left + " (" + host + ")"));
    try (InputStream raw = backend.collectFiles(id, host, place.folder(),
            changed.stream().map(HostFile::name).toList(), limits);
        TarArchiveInputStream tar = new TarArchiveInputStream(raw, StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
        if (entry.isFile() && wanted.containsKey(name)) {
          objects.put(place.prefix().child(name), tar);
          // as it was before it was read: what the program changed meanwhile is stored by the next pass
          stored.put(name, wanted.get(name).version());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the checkpoints of " + host, e);
    }
  }

  private static boolean changed(HostFile file, Map<String, String> stored, Map<String, Restored> restored) {
    String before = stored.get(file.name());
    Restored begun = restored.get(file.name());
    if (before == null && begun != null && begun.is(file)) {
      stored.put(file.name(), file.version());
      return false;
    }
    return !file.version().equals(before);
  }

  private boolean fits(TrainingJob job, String host, CheckpointPlace place, HostFile file, Progress progress) {
    String key = place.prefix().child(file.name()).key();
    if (key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY) {
      return true;
    }
    tell(job, progress, "not stored as a checkpoint: " + file.name() + ": its S3 key would be longer than "
        + LONGEST_KEY + " bytes (" + host + ")");
    return false;
  }

  private void tell(TrainingJob job, Progress progress, String text) {
    if (progress.told.size() < MOST_TOLD && progress.told.add(text)) {
      logs.platform(TrainingOutput.log(job, 0), text);
    }
  }

  private RoleObjects objects(TrainingJob job) {
    return roles.objects(job.request().roleArn(), job.region(), job.name());
  }
}
