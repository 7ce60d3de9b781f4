package dev.atelier.objects;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import java.time.Instant;

/** A bucket; its name is unique over all accounts and regions. */
public record Bucket(String name, AccountId account, Region region, Instant created, Versioning versioning) {}
