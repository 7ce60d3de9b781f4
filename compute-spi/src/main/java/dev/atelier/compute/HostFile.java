package dev.atelier.compute;

import java.time.Instant;

/**
 * A file that a host's program may have written, as it stood at a moment.
 *
 * @param name relative to the folder that was asked about; chosen by the program
 * @param bytes its size
 * @param modified when its content was last written, as the program lets it show
 * @param version differs whenever the content under this name may differ, also when another file was moved there
 */
public record HostFile(String name, long bytes, Instant modified, String version) {}
