package dev.atelier.compute;

/**
 * A change that a backend saw. Events of one host arrive in order; after a server restart the last state of every
 * known workload is told again, so receivers must be idempotent.
 */
public record WorkloadEvent(WorkloadId id, String host, WorkloadState state) {}
