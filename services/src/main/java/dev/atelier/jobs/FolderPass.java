package dev.atelier.jobs;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostFile;
import dev.atelier.compute.ListingLimits;
import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.Fault;
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
 * Stores once what changed in a folder on all hosts of a job, below one prefix of S3. Of changed files of one name only
 * the one that was modified last is stored. What cannot be stored or read keeps nothing else from being stored.
 */
public final class FolderPass {
  private static final int LONGEST_KEY = 1_024;
  private static final int MOST_FAILURES = 10;

  private final ComputeBackend backend;
  private final Folder folder;
  private final RoleObjects objects;
  private final FolderProgress progress;
  private final Notes notes;
  private final int mostFiles;
  private final long mostNameBytes;
  /** By host and name. */
  private final Map<String, Map<String, HostFile>> changed = new LinkedHashMap<>();
  private final List<RuntimeException> failures = new ArrayList<>();

  /**
   * What is stored, and where.
   *
   * @param hosts by name
   * @param inside the folder as every host sees it
   * @param prefix its key is empty or ends with a slash
   * @param begun when the program began: what is older was put there for it
   * @param bytes how much one pass stores of a host
   * @param one what people call one of its files, such as {@code a checkpoint}
   * @param all what they call all of them
   */
  public record Folder(WorkloadId id, List<String> hosts, String inside, S3Location prefix, Instant begun, long bytes,
      String one, String all) {
    public Folder {
      hosts = List.copyOf(hosts);
    }
  }

  /** What the job's owner gets to read. */
  public interface Notes {
    void tell(String text);

    /** Files are left out that their owner would expect to be stored; told again by every pass. */
    void incomplete();
  }

  /**
   * @param mostFiles of all hosts, of which each may have its share
   * @param mostNameBytes likewise, the length of their names
   */
  public FolderPass(ComputeBackend backend, Folder folder, RoleObjects objects, FolderProgress progress, Notes notes,
      int mostFiles, long mostNameBytes) {
    this.backend = backend;
    this.folder = folder;
    this.objects = objects;
    this.progress = progress;
    this.notes = notes;
    this.mostFiles = mostFiles / folder.hosts().size();
    this.mostNameBytes = mostNameBytes / folder.hosts().size();
  }

  /**
   * Stores as much as can be.
   *
   * @throws RuntimeException the first failure, with some others: a Fault when the role may not write a file, a
   *     ComputeException when a host cannot be read
   */
  public void run() {
    if (progress.adopted && !progress.asked) {
      ask();
    }
    folder.hosts().forEach(host -> trying(() -> list(host)));
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
    S3Location prefix = folder.prefix();
    objects.list(prefix, object -> {
      if (!object.lastModified().isBefore(folder.begun())) {
        progress.storedSince.add(object.key().substring(prefix.key().length()));
      }
    });
    progress.asked = true;
  }

  private void list(String host) {
    List<HostFile> files = backend.files(folder.id(), host, folder.inside(),
        new ListingLimits(mostFiles, mostNameBytes,
            left -> incomplete("not all " + folder.all() + " are stored: " + left + " (" + host + ")"),
            left -> progress.tellSpecial(notStored(left, host), notes::tell)));
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
    FolderProgress.Restored restored = progress.restored.get(file.name());
    return restored != null && restored.is(file)
        || first && progress.storedSince.contains(file.name()) && file.modified().isBefore(folder.begun());
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
    CollectionLimits collection = new CollectionLimits(folder.bytes(), mostFiles, false,
        left -> tell(notStored(left, host)), left -> incomplete(notStored(left, host)));
    // in the order in which they were written, so that a file that names others never comes before them
    List<String> names = new ArrayList<>();
    long bytes = 0;
    for (HostFile file : files.stream().sorted(Comparator.comparing(HostFile::modified)).toList()) {
      if (bytes + file.bytes() <= folder.bytes()) {
        bytes += file.bytes();
        names.add(file.name());
        continue;
      }
      String left = notStored(collection.overBytes(file.name()) + ", which VolumeSizeInGB is", host);
      if (file.bytes() > folder.bytes()) {
        incomplete(left);
      } else {
        // the next pass has room for it
        tell(left);
      }
    }
    try (InputStream raw = backend.collectFiles(folder.id(), host, folder.inside(), names, collection);
        TarArchiveInputStream tar = new TarArchiveInputStream(raw, StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
        if (entry.isFile() && changed.get(host).containsKey(name)) {
          put(host, name, tar);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the " + folder.all() + " of " + host, e);
    }
  }

  private void put(String host, String name, InputStream content) {
    try {
      objects.put(folder.prefix().child(name), content);
    } catch (Fault e) {
      tell(notStored(name + ": " + e.getMessage(), host));
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
    String key = folder.prefix().child(file.name()).key();
    if (key.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY) {
      return true;
    }
    incomplete(notStored(file.name() + ": its S3 key would be longer than " + LONGEST_KEY + " bytes", host));
    return false;
  }

  private void tell(String text) {
    progress.tell(text, notes::tell);
  }

  private void incomplete(String text) {
    tell(text);
    notes.incomplete();
  }

  private String notStored(String left, String host) {
    return "not stored as " + folder.one() + ": " + left + " (" + host + ")";
  }
}
