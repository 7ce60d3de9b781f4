package dev.atelier.training;

import dev.atelier.compute.HostFile;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What is known of the checkpoints of a job's attempt; guarded by itself. */
final class CheckpointProgress {
  /** By name, what every host began with. */
  final Map<String, Restored> restored;
  /** Whether the server that knew what was restored and stored is gone. */
  final boolean adopted;
  /** By host and name, the version that need not be stored; a host is here when its files have been listed. */
  final Map<String, Map<String, String>> stored = new HashMap<>();
  /** Names that are in S3 with content from after the job's start; known of an adopted job only. */
  final Set<String> storedSince = new HashSet<>();
  final Set<String> told = new HashSet<>();
  boolean asked;
  boolean finished;

  private CheckpointProgress(Map<String, Restored> restored, boolean adopted) {
    this.restored = restored;
    this.adopted = adopted;
  }

  /** A file as it was put on every host. */
  record Restored(long bytes, Instant modified) {
    boolean is(HostFile file) {
      return bytes == file.bytes() && modified.equals(file.modified());
    }
  }

  static CheckpointProgress of(Map<String, Restored> restored) {
    return new CheckpointProgress(restored, false);
  }

  /** Of hosts that an earlier server started. */
  static CheckpointProgress adopted() {
    return new CheckpointProgress(Map.of(), true);
  }
}
