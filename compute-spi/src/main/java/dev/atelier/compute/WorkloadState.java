package dev.atelier.compute;

import java.time.Instant;
import java.util.OptionalLong;

/** Where a host of a workload stands. Ended states absorb. */
public sealed interface WorkloadState {

  /** Accepted; folders and network are being made. */
  record Preparing() implements WorkloadState {}

  /** The program was started. */
  record Running(Instant since) implements WorkloadState {}

  /**
   * The program ended by itself or was stopped.
   *
   * @param exitCode as a shell reports it: 128 + n after signal n
   * @param outOfMemory the memory limit was passed
   * @param peakMemoryBytes the most memory that was in use at once, where the backend knows it
   */
  record Exited(int exitCode, boolean outOfMemory, OptionalLong peakMemoryBytes, Instant at) implements WorkloadState {

    /** One of which the backend does not know the memory. */
    public Exited(int exitCode, boolean outOfMemory, Instant at) {
      this(exitCode, outOfMemory, OptionalLong.empty(), at);
    }
  }

  /** The program never ran, or nobody can know how it ended; {@code reason} is for people. */
  record Lost(String reason, Instant at) implements WorkloadState {}

  default boolean ended() {
    return this instanceof Exited || this instanceof Lost;
  }
}
