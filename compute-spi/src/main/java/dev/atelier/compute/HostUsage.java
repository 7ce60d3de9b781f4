package dev.atelier.compute;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a host's processes use.
 *
 * @param cpuTime of all its processes since it began; it never falls but for processes that nobody waited for
 * @param memoryBytes resident memory now
 * @param diskBytes in its writable folders, as they were counted last; absent where nobody has counted yet
 * @param limits what the host was given
 */
public record HostUsage(Duration cpuTime, long memoryBytes, OptionalLong diskBytes, Resources limits) {}
