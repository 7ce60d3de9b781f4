package dev.atelier.objects;

import java.time.Instant;
import java.util.Optional;

/**
 * A multipart upload that is neither completed nor aborted.
 *
 * @param checksum the checksum that the object is to have; its value is empty
 */
public record Upload(String id, String bucket, String key, Instant initiated, ObjectAttributes attributes,
    Optional<Checksum> checksum) {}
