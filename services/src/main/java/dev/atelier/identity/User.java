package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import java.time.Instant;

/** An IAM user; {@code path} begins and ends with a slash. */
public record User(AccountId account, String name, String path, String id, Instant createdAt) {}
