package dev.atelier.training;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostFile;
import dev.atelier.compute.ListingLimits;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Stores once what changed on all hosts of a job. Of changed files of one name only the one that was modified last is
 * stored. What cannot be stored or read keeps nothing else from being stored.
 */
final class CheckpointPass {
  private static final int LONGEST_KEY = 1_024;
  private static final int MOST_FAILURES = 10;

  private final ComputeBackend backend;
  private final TrainingJob job;
  private final RoleObjects objects;
  private final CheckpointProgress progress;
  private final Notes notes;
  private final int mostFiles;
  private final long mostNameBytes;
  private final WorkloadId id;
  private final CheckpointPlace place;
  /** By host and name. */
  private final Map<String, Map<String, HostFile>> changed = new LinkedHashMap<>();
  private final List<RuntimeException> failures = new ArrayList<>();

  /** What the job's owner gets to read; the same may be told again. */
  interface Notes {
    void tell(String text);

    /** Files are left out that their owner would expect to be stored. */
    void incomplete(String text);
  }

  /**
   * @param mostFiles of all hosts, of which each may have its share
   * @param mostNameBytes likewise, the length of their names
   */
  CheckpointPass(ComputeBackend backend, TrainingJob job, RoleObjects objects, CheckpointProgress progress,
      Notes notes, int mostFiles, long mostNameBytes) {
    this.backend = backend;
    this.job = job;
    this.objects = objects;
    this.progress = progress;
    this.notes = notes;
    this.mostFiles = mostFiles / job.hosts();
    this.mostNameBytes = mostNameBytes / job.hosts();
    this.id = TrainingWorkload.id(job);
    this.place = CheckpointPlace.of(job.request()).orElseThrow();
  }

  /**
   * Stores as much as can be.
   *
   * @throws RuntimeException the first failure, with some others: a Fault when the role may not write a file, a
   *     ComputeException when a host cannot be read
   */
  void run() {
    if (progress.adopted && !progress.asked) {
      ask();
    }
    for (int host = 0; host < job.hosts(); host++) {
      String name = TrainingWorkload.host(host);
      trying(() -> list(name));
    }
    Map<String, String> newest = newest();
    changed.forEach((host, files) -> trying(() -> store(host,
        files.values().stream().filter(file -> newest.get(file.name()).equals(host)).toList())));
    if (!failures.isEmpty()) {
      RuntimeException first = failures.getFirst();
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  private void trying(Runnable work) {
    try {
      work.run();
    } catch (Fault | ComputeException | UncheckedIOException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException failure) {
    if (failures.size() < MOST_FAILURES) {
      failures.add(failure);
    }
  }

  /** Learns what must not be replaced by what a host began with. */
  private void ask() {
    S3Location prefix = place.prefix();
    for (StoredObject object : objects.list(prefix)) {
      if (!object.lastModified().isBefore(begun())) {
        progress.storedSince.add(object.key().substring(prefix.key().length()));
      }
    }
    progress.asked = true;
  }

  private Instant begun() {
    return job.startedAt().orElse(job.createdAt());
  }

  private void list(String host) {
    List<HostFile> files = backend.files(id, host, place.folder(),
        new ListingLimits(mostFiles, mostNameBytes,
            left -> notes.incomplete("not all checkpoints are stored: " + left + " (" + host + ")")));
    boolean first = !progress.stored.containsKey(host);
    Map<String, String> stored = progress.stored.computeIfAbsent(host, name -> new HashMap<>());
    Map<String, HostFile> found = new HashMap<>();
    for (HostFile file : files) {
      if (begunWith(file, stored, first)) {
        stored.put(file.name(), file.version());
      } else if (!file.version().equals(stored.get(file.name())) && fits(host, file)) {
        found.put(file.name(), file);
      }
    }
    changed.put(host, found);
  }

  /** Whether it is what was put there before the start, as far as anyone still knows. */
  private boolean begunWith(HostFile file, Map<String, String> stored, boolean first) {
    if (stored.containsKey(file.name())) {
      return false;
    }
    CheckpointProgress.Restored restored = progress.restored.get(file.name());
    return restored != null && restored.is(file)
        || first && progress.storedSince.contains(file.name()) && file.modified().isBefore(begun());
  }

  /** The host of each name whose file was modified last. */
  private Map<String, String> newest() {
    Map<String, String> newest = new HashMap<>();
    changed.forEach((host, files) -> files.values().forEach(file -> newest.merge(file.name(), host, (one, other) ->
        changed.get(one).get(file.name()).modified().isAfter(file.modified()) ? one : other)));
    return newest;
  }

  private void store(String host, List<HostFile> files) {
    if (files.isEmpty()) {
      return;
    }
    // in the order in which they were written, so that a file that names others never comes before them
    List<String> names =
        files.stream().sorted(Comparator.comparing(HostFile::modified)).map(HostFile::name).toList();
    CollectionLimits collection = new CollectionLimits(job.volumeBytes(), mostFiles,
        left -> notes.tell("not stored as a checkpoint: " + left + " (" + host + ")"));
    try (InputStream raw = backend.collectFiles(id, host, place.folder(), names, collection);
        TarArchiveInputStream tar = new TarArchiveInputStream(raw, StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
        if (entry.isFile() && changed.get(host).containsKey(name)) {
          put(host, name, tar);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the checkpoints of " + host, e);
    }
  }

  private void put(String host, String name, InputStream content) {
    try {
      objects.put(place.prefix().child(name), content);
    } catch (Fault e) {
      notes.tell("not stored as a checkpoint: " + name + ": " + e.getMessage() + " (" + host + ")");
      failed(e);
      return;
    }
    if (progress.adopted) {
      progress.storedSince.add(name);
    }
    // as it was before it was read: what the program changed meanwhile is stored by the next pass
    changed.forEach((each, files) -> {
      if (files.containsKey(name)) {
        progress.stored.get(each).put(name, files.get(name).version());
      }
    });
  }

  private boolean fits(String host, HostFile file) {
    String key = place.prefix().child(file.name()).key();
    if (key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY) {
      return true;
    }
    notes.incomplete("not stored as a checkpoint: " + file.name() + ": its S3 key would be longer than "
        + LONGEST_KEY + " bytes (" + host + ")");
    return false;
  }
}
