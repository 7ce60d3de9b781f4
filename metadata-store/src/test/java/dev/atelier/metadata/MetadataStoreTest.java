package dev.atelier.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataStoreTest {
  @TempDir Path folder;
  private MetadataStore store;

  @BeforeEach
  void open() {
    store = MetadataStore.open(folder.resolve("test.db"), "db/test");
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** As a checkpoint does that restarts the log. */
  @Test
  void waitsForTheLockAlsoWithAUnitThatReadsFirst() throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("test.db"));
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      other.createStatement().execute("BEGIN IMMEDIATE");
      CountDownLatch begun = new CountDownLatch(1);
      Future<Integer> written = callers.submit(() -> {
        begun.countDown();
        return store.write(handle -> {
          int count = handle.createQuery("SELECT count(*) FROM item").mapTo(Integer.class).one();
          insert(handle, count + 1);
          return count;
        });
      });
      begun.await();
      assertThatThrownBy(() -> written.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
      other.createStatement().execute("COMMIT");
      assertThat(written.get(20, TimeUnit.SECONDS)).isZero();
    }
  }

  @Test
  void groupCommitIsolatesFailures() throws Exception {
    int units = 600;
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < units; i++) {
        int id = i;
        answers.add(callers.submit(() -> store.write(handle -> {
          insert(handle, id);
          if (id % 3 == 0) {
            throw Fault.validation("refused " + id);
          }
          return id;
        })));
      }
      for (int i = 0; i < units; i++) {
        Future<Integer> answer = answers.get(i);
        if (i % 3 == 0) {
          assertThatThrownBy(answer::get).isInstanceOf(ExecutionException.class)
              .cause().isInstanceOf(Fault.class).hasMessage("refused " + i);
        } else {
          assertThat(answer.get()).isEqualTo(i);
        }
      }
    }
    List<Integer> stored = store.read(handle ->
        handle.createQuery("SELECT id FROM item ORDER BY id").mapTo(Integer.class).list());
    assertThat(stored).hasSize(400).noneMatch(id -> id % 3 == 0);
  }

  @Test
  void constraintViolationReachesItsCallerAlone() {
    insert(1);
    assertThatThrownBy(() -> insert(1)).isInstanceOf(RuntimeException.class);
    insert(2);
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void jdbiTransactionInsideAUnitJoinsIt() {
    assertThatThrownBy(() -> store.write(handle -> {
      handle.useTransaction(inner -> insert(inner, 5));
      throw new IllegalStateException("after");
    })).hasMessage("after");
    assertThat(count()).isZero();
  }

  @Test
  void readersCannotWriteAndUnitsCannotNest() {
    assertThatThrownBy(() -> store.read(handle -> handle.execute("DELETE FROM item")))
        .hasMessageContaining("readonly");
    assertThatThrownBy(() -> store.write(handle -> store.write(inner -> 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.write(handle -> store.read(inner -> 1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readIsOneSnapshot() {
    insert(1);
    long[] counts = store.read(handle -> {
      long before = count(handle);
      Thread writer = Thread.ofVirtual().start(() -> insert(2));
      join(writer);
      return new long[] {before, count(handle)};
    });
    assertThat(counts).containsExactly(1, 1);
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void reopenedStoreHasItsRowsAndClosedStoreRefuses() {
    insert(7);
    store.close();
    assertThatThrownBy(() -> insert(8)).isInstanceOf(IllegalStateException.class);
    open();
    assertThat(count()).isEqualTo(1);
  }

  private void insert(int id) {
    store.write(handle -> {
      insert(handle, id);
      return id;
    });
  }

  private static void insert(Handle handle, int id) {
    handle.execute("INSERT INTO item VALUES (?, 'o', 'n', 's', 0)", id);
  }

  private long count() {
    return store.read(MetadataStoreTest::count);
  }

  private static long count(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM item").mapTo(Long.class).one();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
