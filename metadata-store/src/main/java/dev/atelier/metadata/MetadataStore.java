package dev.atelier.metadata;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.atelier.kernel.StorageFull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/**
 * One SQLite database: any number of readers, one writer. A unit of work that {@link #write} has returned from is on
 * disk and survives kill -9 and power loss; one that threw left nothing behind.
 */
public final class MetadataStore implements AutoCloseable {
  private static final int READERS = 8;
  private static final Duration BUSY = Duration.ofSeconds(10);

  private final HikariDataSource readers;
  private final Jdbi reading;
  private final CommitQueue writing;
  private final LogDrain drain;
  private final Reserve reserve;

  private MetadataStore(HikariDataSource readers, CommitQueue writing, LogDrain drain, Reserve reserve) {
    this.drain = drain;
    this.reserve = reserve;
    this.readers = readers;
    this.reading = jdbi(readers);
    this.writing = writing;
  }

  /**
   * Opens the database, making it when it is not there, and brings its tables up to date.
   *
   * @param migrationsLocation class path folder of numbered migrations ({@code V7__training_job.sql}), such as {@code
   *     db/meta}; several modules may ship into one folder, numbers are unique over all of them
   */
  public static MetadataStore open(Path file, String migrationsLocation) {
    SQLiteDataSource source = source(file, TransactionMode.DEFERRED);
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:" + migrationsLocation)
        .failOnMissingLocations(true)
        .validateMigrationNaming(true)
        .outOfOrder(true)
        .load()
        .migrate();
    String name = file.getFileName().toString();
    // the write lock is taken, and waited for, at the beginning: SQLite refuses at once who asks for it after reading
    Handle writer = jdbi(source(file, TransactionMode.IMMEDIATE)).open();
    writer.execute("PRAGMA wal_autocheckpoint=0");
    // what changed is noted in memory: a full disk must not keep it from being noted
    writer.execute("PRAGMA temp_store=MEMORY");
    return new MetadataStore(readers(source), CommitQueue.start(writer, name),
        LogDrain.start(Jdbi.create(source).open(), name),
        new Reserve(file.resolveSibling(file.getFileName() + ".reserve")));
  }

  /**
   * Runs {@code work} on one consistent snapshot. It sees every write that returned before; it must not write, and must
   * not be called from within {@link #write}, whose own rows it would not see.
   */
  public <T> T read(Function<Handle, T> work) {
    writing.refuseNesting();
    return reading.inTransaction(work::apply);
  }

  /**
   * Runs {@code work} as one transaction. Units of concurrent callers share one flush to disk, each in a savepoint of
   * its own, so the failure of one leaves the others alone. They run one at a time on the writer's thread: a unit does
   * SQL and nothing slow.
   *
   * @throws RuntimeException what {@code work} threw, or the failure of the commit; nothing of it is stored
   */
  public <T> T write(Function<Handle, T> work) {
    try {
      T result = writing.run(work);
      drain.written();
      reserve.restore();
      return result;
    } catch (RuntimeException e) {
      if (StorageFull.caused(e) && reserve.give()) {
        T result = writing.run(work);
        drain.written();
        return result;
      }
      throw e;
    }
  }

  /**
   * Tells from now on which resources each transaction changed, by the ARNs in their rows: of every table with a column
   * {@code arn}, a row that is gone included. It is told once the transaction is on disk, on the writer's thread, which
   * must not be kept waiting; who wants to know what a resource is now reads it.
   */
  public void watch(Consumer<Set<String>> told) {
    writing.watch(told);
  }

  /** Finishes the units that were handed in and closes the database. */
  @Override
  public void close() {
    writing.close();
    drain.close();
    readers.close();
  }

  private static Jdbi jdbi(DataSource source) {
    Jdbi jdbi = Jdbi.create(source);
    jdbi.setStatementBuilderFactory(CompiledStatements.perConnection());
    return jdbi;
  }

  private static SQLiteDataSource source(Path file, TransactionMode begin) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout((int) BUSY.toMillis());
    config.setTransactionMode(begin);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }

  private static HikariDataSource readers(SQLiteDataSource source) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(READERS);
    config.setMinimumIdle(1);
    config.setPoolName("metadata-readers");
    config.setConnectionInitSql("PRAGMA query_only=ON");
    return new HikariDataSource(config);
  }
}
