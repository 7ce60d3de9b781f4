package dev.atelier.logs;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.segments.SegmentFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Groups and streams as rows, and the segments of streams. */
final class LogStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogStore.class);
  private static final long FORCE_MILLIS = 200;
  private static final long EXPIRE_MINUTES = 60;
  private static final int OPEN_SEGMENTS = 500;

  private final Path folder;
  private final MetadataStore metadata;
  private final Map<String, Segment> dirty = new ConcurrentHashMap<>();
  private final Cache<String, Segment> segments;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("log-force").factory());

  private final ScheduledExecutorService expiry =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("log-expiry").factory());

  LogStore(Path folder, MetadataStore metadata) {
    this(folder, metadata, OPEN_SEGMENTS);
  }

  /** @param open how many segments are open at once, at most */
  LogStore(Path folder, MetadataStore metadata, int open) {
    this.folder = folder;
    this.metadata = metadata;
    this.segments = Caffeine.newBuilder().maximumSize(open).executor(Runnable::run)
        .evictionListener((String file, Segment segment, RemovalCause cause) -> close(segment)).build();
    sweep();
    timer.scheduleWithFixedDelay(this::forceAll, FORCE_MILLIS, FORCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Looks for what has expired from time to time. */
  void expireRegularly(java.time.Clock clock) {
    expiry.scheduleWithFixedDelay(() -> {
      try {
        expire(clock.millis());
      } catch (RuntimeException e) {
        LOG.warn("expired logs cannot be deleted now", e);
      }
    }, 1, EXPIRE_MINUTES, TimeUnit.MINUTES);
  }

  /**
   * A log group.
   *
   * @param logClass AWS's name of its class
   * @param isProtected whether it cannot be deleted
   */
  record Group(String name, Instant createdAt, Optional<Integer> retentionDays, String logClass,
      Optional<String> kmsKey, boolean isProtected) {

    /** The time before which events have expired, in milliseconds. */
    long expiredBefore(long now) {
      return retentionDays.map(days -> now - days * 86_400_000L).orElse(0L);
    }
  }

  /** A log stream. */
  record Stream(long id, String group, String name, Instant createdAt) {
    /** The name of its file; row ids are given again after a deletion, so the time of creation is part of it. */
    String file() {
      return id + "-" + createdAt.toEpochMilli() + ".segment";
    }
  }

  /** Where groups live. */
  record Place(AccountId account, Region region) {}

  boolean insertGroup(Place place, String name, Instant now) {
    return insertGroup(place, new Group(name, now, Optional.empty(), "STANDARD", Optional.empty(), false), tx -> { });
  }

  /** @param also what is done with a group that is new, in the same transaction */
  boolean insertGroup(Place place, Group group, Consumer<Handle> also) {
    return metadata.write(tx -> {
      boolean made = tx.createUpdate("""
              insert into log_group (account, region, name, created_at, class, kms_key, protected)
              values (:account, :region, :name, :now, :class, :key, :protected) on conflict do nothing""")
          .bind("account", place.account().value()).bind("region", place.region().name()).bind("name", group.name())
          .bind("now", group.createdAt().toEpochMilli()).bind("class", group.logClass())
          .bind("key", group.kmsKey().orElse(null)).bind("protected", group.isProtected()).execute() == 1;
      if (made) {
        also.accept(tx);
      }
      return made;
    });
  }

  void setProtected(Place place, String group, boolean isProtected) {
    metadata.write(tx -> tx.createUpdate("""
            update log_group set protected = :protected where account = :account and region = :region and name = :name""")
        .bind("protected", isProtected).bind("account", place.account().value())
        .bind("region", place.region().name()).bind("name", group).execute());
  }

  boolean insertStream(Place place, String group, String name, Instant now) {
    return metadata.write(tx -> tx.createUpdate("""
            insert into log_stream (account, region, group_name, name, created_at)
            values (:account, :region, :group, :name, :now) on conflict do nothing""")
        .bind("account", place.account().value()).bind("region", place.region().name()).bind("group", group)
        .bind("name", name).bind("now", now.toEpochMilli()).execute()) == 1;
  }

  Optional<Group> group(Place place, String name) {
    return groups(place, name).stream().filter(group -> group.name().equals(name)).findFirst();
  }

  /** Groups whose names begin with the prefix, in order of name. */
  List<Group> groups(Place place, String prefix) {
    return metadata.read(tx -> tx.createQuery("""
            select * from log_group where account = :account and region = :region
            and name >= :prefix and substr(name, 1, length(:prefix)) = :prefix order by name""")
        .bind("account", place.account().value()).bind("region", place.region().name()).bind("prefix", prefix)
        .map((row, context) -> {
          int days = row.getInt("retention_days");
          return new Group(row.getString("name"), Instant.ofEpochMilli(row.getLong("created_at")),
              days == 0 ? Optional.empty() : Optional.of(days), row.getString("class"),
              Optional.ofNullable(row.getString("kms_key")), row.getInt("protected") != 0);
        }).list());
  }

  void setRetention(Place place, String group, Optional<Integer> days) {
    metadata.write(tx -> tx.createUpdate("""
            update log_group set retention_days = :days where account = :account and region = :region and name = :name""")
        .bind("days", days.orElse(null)).bind("account", place.account().value())
        .bind("region", place.region().name()).bind("name", group).execute());
  }

  /** Streams of a group whose names begin with the prefix, in order of name. */
  List<Stream> streams(Place place, String group, String prefix) {
    return metadata.read(tx -> tx.createQuery("""
            select * from log_stream where account = :account and region = :region and group_name = :group
            and name >= :prefix and substr(name, 1, length(:prefix)) = :prefix order by name""")
        .bind("account", place.account().value()).bind("region", place.region().name()).bind("group", group)
        .bind("prefix", prefix)
        .map((row, context) -> stream(row)).list());
  }

  /** A stream by its row's id. */
  Optional<Stream> stream(Place place, long id) {
    return metadata.read(tx -> tx.createQuery(
            "select * from log_stream where account = :account and region = :region and id = :id")
        .bind("account", place.account().value()).bind("region", place.region().name()).bind("id", id)
        .map((row, context) -> stream(row)).findOne());
  }

  /** How many bytes a group's streams take on disk. */
  long size(Place place, String group) {
    return streams(place, group, "").stream()
        .mapToLong(stream -> folder.resolve(stream.file()).toFile().length()).sum();
  }

  /** Deletes what has expired of every group that has a retention. */
  void expire(long now) {
    record Old(Place place, String group, long before) {}
    List<Old> groups = metadata.read(tx -> tx.createQuery("select * from log_group where retention_days is not null")
        .map((row, context) -> new Old(
            new Place(new AccountId(row.getString("account")), new Region(row.getString("region"))),
            row.getString("name"), now - row.getInt("retention_days") * 86_400_000L)).list());
    for (Old old : groups) {
      for (Stream stream : streams(old.place(), old.group(), "")) {
        if (folder.resolve(stream.file()).toFile().length() > 0) {
          with(stream, segment -> segment.dropBefore(old.before()));
        }
      }
    }
  }

  Optional<Stream> stream(Place place, String group, String name) {
    return streams(place, group, name).stream().filter(stream -> stream.name().equals(name)).findFirst();
  }

  void deleteStream(Stream stream) {
    metadata.write(tx -> tx.createUpdate("delete from log_stream where id = :id").bind("id", stream.id()).execute());
    dropSegment(stream);
  }

  /** @param also what is done in the same transaction */
  void deleteGroup(Place place, String group, Consumer<Handle> also) {
    List<Stream> streams = streams(place, group, "");
    metadata.write(tx -> {
      also.accept(tx);
      for (String table : List.of("log_stream where group_name = :name and",
          "log_metric_filter where group_name = :name and", "log_group where name = :name and")) {
        tx.createUpdate("delete from " + table + " account = :account and region = :region")
            .bind("name", group).bind("account", place.account().value()).bind("region", place.region().name())
            .execute();
      }
      return true;
    });
    streams.forEach(this::dropSegment);
  }

  private void dropSegment(Stream stream) {
    Segment open = segments.asMap().remove(stream.file());
    dirty.remove(stream.file());
    if (open != null) {
      close(open);
    }
    try {
      Files.deleteIfExists(folder.resolve(stream.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Works on a stream's segment. One that is closed meanwhile, since others are wanted more, is opened again and the
   * work repeated: it must add nothing after it has added something.
   */
  <T> T with(Stream stream, Function<Segment, T> work) {
    while (true) {
      Segment segment = segment(stream);
      try {
        return work.apply(segment);
      } catch (SegmentFile.Closed e) {
        if (timer.isShutdown() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        segments.asMap().remove(stream.file(), segment);
      }
    }
  }

  private Segment segment(Stream stream) {
    return segments.get(stream.file(), file -> {
      try {
        return new Segment(folder.resolve(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** Appends what came from no file; durable when it returns. */
  void append(Stream stream, List<LogEvent> events) {
    with(stream, segment -> {
      segment.append(events);
      segment.force();
      return true;
    });
  }

  /** Appends events unless the platform has told the first one's message before; durable when it returns. */
  void appendOnce(Stream stream, List<LogEvent> events) {
    with(stream, segment -> {
      segment.appendOnce(events);
      segment.force();
      return true;
    });
  }

  /**
   * Appends the lines of a file's bytes {@code from} to {@code to}, once; durable within {@value #FORCE_MILLIS} ms. False
   * when they are there already.
   */
  boolean append(Stream stream, List<LogEvent> events, long from, long to) {
    return with(stream, segment -> {
      boolean added = segment.append(events, from, to);
      if (added) {
        dirty.put(stream.file(), segment);
      }
      return added;
    });
  }

  private void forceAll() {
    for (String file : List.copyOf(dirty.keySet())) {
      Segment segment = dirty.remove(file);
      try {
        if (segment != null) {
          segment.force();
        }
      } catch (UncheckedIOException e) {
        LOG.warn("the log {} cannot be made durable now", file, e);
        dirty.putIfAbsent(file, segment);
      }
    }
  }

  /** Deletes the files of streams whose deletion a crash cut short. */
  private void sweep() {
    Set<String> known = metadata.read(tx -> tx.createQuery("select * from log_stream")
        .map((row, context) -> stream(row).file()).set());
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(each -> !known.contains(each.getFileName().toString())).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream stream(ResultSet row) throws SQLException {
    return new Stream(row.getLong("id"), row.getString("group_name"), row.getString("name"),
        Instant.ofEpochMilli(row.getLong("created_at")));
  }

  private static void close(Segment segment) {
    try {
      segment.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    expiry.shutdown();
    timer.shutdown();
    forceAll();
    segments.asMap().values().forEach(LogStore::close);
  }
}
