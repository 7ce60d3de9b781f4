package dev.atelier.compute;

import java.time.Duration;

/**
 * What a host's processes use.
 *
 * @param cpuTime of all its processes since it began; it never falls but for processes that nobody waited for
 * @param memoryBytes resident memory now
 * @param limits what the host was given
 */
public record HostUsage(Duration cpuTime, long memoryBytes, Resources limits) {}
