package dev.atelier.compute;

/**
 * Limits of one host.
 *
 * @param cpus cores, may be fractional
 * @param memoryBytes resident memory; passing it ends the program with exit code 137
 * @param gpus whole devices
 * @param processes how many processes and threads may exist at once
 * @param diskBytes how much the writable folders may hold together
 */
public record Resources(double cpus, long memoryBytes, int gpus, int processes, long diskBytes) {}
