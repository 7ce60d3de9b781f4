package dev.atelier.objects;

import java.util.Optional;

/**
 * A part as Complete names it.
 *
 * @param etag with or without quotes
 * @param checksum Base64; when given it must be the part's
 */
public record CompletedPart(int number, String etag, Optional<String> checksum) {}
