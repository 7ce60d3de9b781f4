package dev.atelier.objects;

import java.time.Instant;
import java.util.Optional;

/**
 * A part of an unfinished upload.
 *
 * @param checksum Base64, of the upload's algorithm
 * @param file the opaque id of its content
 */
public record UploadPart(int number, long size, String etag, Optional<String> checksum, Instant lastModified,
    String file) {}
