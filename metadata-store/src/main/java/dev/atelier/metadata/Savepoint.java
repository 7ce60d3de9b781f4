package dev.atelier.metadata;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** A savepoint of a connection, its statements compiled once. */
final class Savepoint {
  private final PreparedStatement begin;
  private final PreparedStatement release;
  private final PreparedStatement rollback;

  Savepoint(Connection connection) {
    try {
      begin = connection.prepareStatement("SAVEPOINT unit");
      release = connection.prepareStatement("RELEASE unit");
      rollback = connection.prepareStatement("ROLLBACK TO unit");
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  void begin() {
    execute(begin);
  }

  void release() {
    execute(release);
  }

  /** Undoes what was done since the beginning, and ends the savepoint. */
  void rollback() {
    execute(rollback);
    execute(release);
  }

  private static void execute(PreparedStatement statement) {
    try {
      statement.execute();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static JdbiException failure(SQLException cause) {
    return new UnableToExecuteStatementException(cause.getMessage(), cause, null);
  }
}
