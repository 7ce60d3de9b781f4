package dev.atelier.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChangedRowsTest {
  @TempDir Path folder;
  private final BlockingQueue<Set<String>> told = new LinkedBlockingQueue<>();
  private MetadataStore store;

  @BeforeEach
  void open() {
    store = MetadataStore.open(folder.resolve("test.db"), "db/test");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void run(String... statements) {
    store.write(tx -> {
      List.of(statements).forEach(tx::execute);
      return true;
    });
  }

  private Set<String> next() throws InterruptedException {
    return told.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void whatIsInsertedUpdatedOrDeletedIsToldOnceItIsStored() throws Exception {
    run("insert into thing values ('arn:before', 'x')");
    store.watch(arns -> {
      told.add(arns);
    });
    run("insert into thing values ('arn:a', 'x')", "insert into thing values ('arn:b', 'x')",
        "update thing set name = 'y' where arn = 'arn:a'");
    assertThat(next()).containsExactlyInAnyOrder("arn:a", "arn:b");
    run("delete from thing where arn = 'arn:before'");
    assertThat(next()).containsExactly("arn:before");
    run("insert into part values ('arn:b', 1)");
    assertThat(next()).containsExactly("arn:b");
    run("delete from thing where arn = 'arn:b'");
    assertThat(next()).as("a row that goes with another, too").containsExactly("arn:b");
    run("insert into item values (1, 'o', 'n', 's', 0)", "update thing set name = 'z' where arn = 'arn:none'");
    run("insert into thing values ('arn:last', 'x')");
    assertThat(next()).as("what has no ARN is not told").containsExactly("arn:last");
  }

  @Test
  void whatIsRolledBackIsNotToldAndWhatSharesItsTransactionIs() throws Exception {
    store.watch(arns -> {
      told.add(arns);
    });
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        String arn = (i % 2 == 0 ? "arn:kept-" : "arn:refused-") + i;
        callers.submit(() -> store.write(tx -> inserted(tx, arn)));
      }
    }
    assertThatThrownBy(() -> store.write(tx -> inserted(tx, "arn:refused-alone"))).hasMessage("refused");
    run("insert into thing values ('arn:end', 'x')");
    int kept = 0;
    for (Set<String> arns = next(); !arns.contains("arn:end"); arns = next()) {
      assertThat(arns).allMatch(arn -> arn.startsWith("arn:kept-"));
      kept += arns.size();
    }
    assertThat(kept).isEqualTo(100);
  }

  private static int inserted(Handle tx, String arn) {
    int rows = tx.execute("insert into thing values (?, 'x')", arn);
    if (arn.startsWith("arn:refused")) {
      throw new IllegalStateException("refused");
    }
    return rows;
  }

  @Test
  void aWatcherThatFailsStopsNoTransactionAndNoOtherWatcher() throws Exception {
    store.watch(arns -> {
      throw new IllegalStateException("not now");
    });
    store.watch(arns -> {
      told.add(arns);
    });
    run("insert into thing values ('arn:a', 'x')");
    assertThat(next()).containsExactly("arn:a");
    int rows = store.read(tx -> tx.createQuery("select count(*) from thing").mapTo(Integer.class).one());
    assertThat(rows).isEqualTo(1);
  }
}
