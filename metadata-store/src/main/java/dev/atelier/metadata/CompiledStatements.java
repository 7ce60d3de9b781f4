package dev.atelier.metadata;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilderFactory;
import org.jdbi.v3.core.statement.StatementContext;
import org.sqlite.SQLiteConnection;

/**
 * Keeps a connection's compiled statements from one transaction to the next: neither the driver nor the pool does, and
 * to compile a short statement takes longer than to run it. A statement in use is not there for another user.
 */
final class CompiledStatements extends DefaultStatementBuilder {
  private static final int MOST = 128;

  private final Connection connection;
  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>(16, 0.75f, true);
  /** With the text that SQLite was given, for that which is closed is Jdbi's, with names in it. */
  private final Map<Statement, String> used = new IdentityHashMap<>();

  private CompiledStatements(Connection connection) {
    this.connection = connection;
  }

  /** Statements of the connections of one database, known by what a pool wraps. */
  static StatementBuilderFactory perConnection() {
    Map<Connection, CompiledStatements> known = new ConcurrentHashMap<>();
    return new StatementBuilderFactory() {
      @Override
      public StatementBuilder createStatementBuilder(Connection wrapped) {
        Connection connection = unwrapped(wrapped);
        CompiledStatements statements = known.get(connection);
        if (statements == null) {
          known.keySet().removeIf(CompiledStatements::closed);
          statements = new CompiledStatements(connection);
          known.put(connection, statements);
        }
        return statements;
      }
    };
  }

  private static Connection unwrapped(Connection connection) {
    try {
      return connection.unwrap(SQLiteConnection.class);
    } catch (SQLException e) {
      throw new IllegalStateException("not a connection of SQLite's", e);
    }
  }

  private static boolean closed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  @Override
  public PreparedStatement create(Connection wrapped, String sql, StatementContext context) throws SQLException {
    if (context.isReturningGeneratedKeys() || context.isConcurrentUpdatable()) {
      return super.create(connection, sql, context);
    }
    PreparedStatement statement = idle.remove(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
    }
    used.put(statement, sql);
    return statement;
  }

  @Override
  public void close(Connection wrapped, String named, Statement statement) throws SQLException {
    String sql = used.remove(statement);
    if (sql == null || statement.isClosed() || idle.containsKey(sql)
        || !(statement instanceof PreparedStatement prepared)) {
      statement.close();
      return;
    }
    prepared.clearParameters();
    idle.put(sql, prepared);
    if (idle.size() > MOST) {
      idle.remove(idle.keySet().iterator().next()).close();
    }
  }
}
