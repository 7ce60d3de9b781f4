package dev.atelier.objects;

import java.util.Optional;

/**
 * The server-side encryption that an object was stored with, as it is echoed to clients.
 *
 * @param algorithm {@code AES256}, {@code aws:kms} or {@code aws:kms:dsse}
 */
public record Encryption(String algorithm, Optional<String> keyId, boolean bucketKey) {}
