package dev.atelier.jobs;

import dev.atelier.kernel.Arn;
import dev.atelier.metadata.TagStore;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * Names the row of a job as it was read: another job may have its ARN later.
 *
 * @param table that has the columns arn, created_at and version
 * @param version counts changes
 */
public record JobRow(String table, Arn arn, Instant createdAt, int version) {

  /** Removes the row, those that refer to it and the job's tags; false, and nothing is, when it is gone or changed. */
  public boolean delete(Handle tx, TagStore tags) {
    boolean there = tx.createUpdate(
            "delete from <table> where arn = :arn and created_at = :created and version = :version")
        .define("table", table).bind("arn", arn.toString()).bind("created", createdAt.toEpochMilli())
        .bind("version", version).execute() == 1;
    if (there) {
      tags.deleteAll(tx, arn.toString());
    }
    return there;
  }
}
