package dev.atelier.jobs;

import dev.atelier.compute.HostFile;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What is known of a folder that {@link FolderPass} stores, for one attempt of a job; guarded by itself. */
public final class FolderProgress {
  /** By name, what every host began with. */
  final Map<String, Restored> restored;
  /** Whether the server that knew what was restored and stored is gone. */
  final boolean adopted;
  /** By host and name, the version that need not be stored; a host is here when its files have been listed. */
  final Map<String, Map<String, String>> stored = new HashMap<>();
  /** Names that are in S3 with content from after the job's start; known of an adopted job only. */
  final Set<String> storedSince = new HashSet<>();
  boolean asked;
  private final Told problems = new Told();
  private final Told special = new Told();
  private boolean incomplete;
  private boolean finished;

  private FolderProgress(Map<String, Restored> restored, boolean adopted) {
    this.restored = restored;
    this.adopted = adopted;
  }

  /** A file as it was put on every host. */
  public record Restored(long bytes, Instant modified) {
    boolean is(HostFile file) {
      return bytes == file.bytes() && modified.equals(file.modified());
    }
  }

  /** @param restored by name, what every host begins with */
  public static FolderProgress of(Map<String, Restored> restored) {
    return new FolderProgress(restored, false);
  }

  /** Of hosts that an earlier server started. */
  public static FolderProgress adopted() {
    return new FolderProgress(Map.of(), true);
  }

  /** Tells what cannot be stored, once however many passes find it, and only so much. */
  public void tell(String text, Consumer<String> log) {
    problems.tell(text, log);
  }

  /** As {@link #tell}, of what is no file: any number of links takes no room from what goes wrong. */
  void tellSpecial(String text, Consumer<String> log) {
    special.tell(text, log);
  }

  /** True the first time that it is asked. */
  public boolean becomesIncomplete() {
    boolean first = !incomplete;
    incomplete = true;
    return first;
  }

  /** Nothing is stored any more: the last pass was made. */
  public void finish() {
    finished = true;
  }

  public boolean finished() {
    return finished;
  }
}
