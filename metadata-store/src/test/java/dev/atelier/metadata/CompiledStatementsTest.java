package dev.atelier.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A statement that is used again knows nothing of its last use, however that ended. */
final class CompiledStatementsTest {
  private static final String ALL = "SELECT id FROM item ORDER BY id";

  @TempDir Path folder;
  private MetadataStore store;

  @BeforeEach
  void open() {
    store = MetadataStore.open(folder.resolve("test.db"), "db/test");
    store.write(handle -> {
      IntStream.range(0, 100).forEach(number -> insert(handle, number));
      return null;
    });
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aStatementIsCompiledOnceForAConnection() {
    List<Integer> compiled = store.read(handle -> IntStream.range(0, 3).map(number -> {
      List<Statement> statements = new ArrayList<>();
      handle.createQuery("SELECT id FROM item WHERE id = :number").bind("number", number)
          .addCustomizer(new StatementCustomizer() {
            @Override
            public void beforeExecution(PreparedStatement statement, StatementContext context) {
              statements.add(statement);
            }
          }).mapTo(Integer.class).one();
      return System.identityHashCode(statements.getFirst());
    }).boxed().toList());
    assertThat(compiled).containsOnly(compiled.getFirst());
  }

  @Test
  void aReadThatStopsHalfWayHoldsNothing() throws Exception {
    for (int turn = 0; turn < 3; turn++) {
      Optional<Integer> first = store.read(handle -> handle.createQuery(ALL).mapTo(Integer.class).findFirst());
      assertThat(first).contains(0);
      assertThat(store.<Optional<Integer>>read(handle -> {
        try (Stream<Integer> numbers = handle.createQuery(ALL).mapTo(Integer.class).stream()) {
          return numbers.filter(number -> number == 7).findFirst();
        }
      })).contains(7);
      assertThatThrownBy(() -> store.read(handle -> handle.createQuery(ALL).map((row, context) -> stop(row)).list()))
          .hasMessageContaining("stopped at 5");
      List<Integer> all = store.read(handle -> handle.createQuery(ALL).mapTo(Integer.class).list());
      assertThat(all).hasSize(100);
    }
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("test.db"));
        ResultSet checkpoint = other.createStatement().executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      checkpoint.next();
      assertThat(checkpoint.getInt("busy")).isZero();
    }
  }

  @Test
  void aStatementWithinItselfIsAnother() {
    String one = "SELECT id FROM item WHERE id = :number";
    List<Integer> found = store.read(handle -> handle.createQuery(one).bind("number", 4).map((row, context) ->
        row.getInt(1) + handle.createQuery(one).bind("number", 5).mapTo(Integer.class).one()).list());
    assertThat(found).containsExactly(9);
    List<Integer> next = store.read(handle -> handle.createQuery(one).bind("number", 6).mapTo(Integer.class).list());
    assertThat(next).containsExactly(6);
  }

  @Test
  void manyStatementsAndFailedOnesAreOfNoConsequence() {
    for (int turn = 0; turn < 400; turn++) {
      int number = turn;
      int answer = store.read(handle -> handle.createQuery("SELECT " + number).mapTo(Integer.class).one());
      assertThat(answer).isEqualTo(number);
    }
    for (int turn = 0; turn < 3; turn++) {
      assertThatThrownBy(() -> store.write(handle -> insert(handle, 50))).hasMessageContaining("UNIQUE");
      int next = 1000 + turn;
      assertThat(store.<Integer>write(handle -> insert(handle, next))).isEqualTo(1);
    }
  }

  private static int insert(Handle handle, int number) {
    return handle.createUpdate("INSERT INTO item VALUES (:number, 'o', 'n', 's', 0)").bind("number", number).execute();
  }

  private static int stop(ResultSet row) throws SQLException {
    if (row.getInt(1) == 5) {
      throw new IllegalStateException("stopped at 5");
    }
    return row.getInt(1);
  }
}
