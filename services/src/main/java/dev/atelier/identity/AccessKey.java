package dev.atelier.identity;

import java.time.Instant;

/** A user's long-lived key, without its secret. */
public record AccessKey(String id, String user, boolean active, Instant createdAt) {}
