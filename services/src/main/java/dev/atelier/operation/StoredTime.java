package dev.atelier.operation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** A time as the milliseconds of a database column. */
public final class StoredTime {
  private StoredTime() {}

  /** The time in a column; empty where it is null. */
  public static Optional<Instant> read(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
