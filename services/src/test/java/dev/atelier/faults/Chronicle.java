package dev.atelier.faults;

import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.kernel.Arn;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the world saw of all servers together, one after the other: what was started for whom, and the failpoints. */
final class Chronicle implements AutoCloseable {
  private static final Map<String, String> TABLES = Map.of("training-job", "training_job",
      "processing-job", "processing_job", "hyper-parameter-tuning-job", "tuning_job");

  private final Path database;
  private final Map<WorkloadId, String> owners = new ConcurrentHashMap<>();
  private final List<String> twice = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> passed = new TreeMap<>();
  private final Map<String, Integer> kills = new TreeMap<>();
  private Connection reader;

  Chronicle(Path database) {
    this.database = database;
  }

  void started(WorkloadSpec spec, boolean present) {
    if (owners.put(spec.id(), spec.owner()) != null && !present) {
      twice.add(spec.id() + " of " + spec.owner());
    }
  }

  void removed(WorkloadId id) {
    if (!owners.containsKey(id)) {
      owners.put(id, "");
    }
  }

  /** The name of the job that a workload belongs to. */
  String job(WorkloadId id) {
    String owner = owners.getOrDefault(id, "");
    return owner.isEmpty() ? "" : owner.substring(owner.lastIndexOf('/') + 1);
  }

  /** Workloads that were started again after their removal. */
  List<String> twice() {
    return List.copyOf(twice);
  }

  synchronized void reached(String point) {
    passed.merge(point, 1, Integer::sum);
  }

  synchronized void killed(String point) {
    kills.merge(point, 1, Integer::sum);
  }

  /** Failpoints with how many servers died there. */
  synchronized Map<String, Integer> kills() {
    return new TreeMap<>(kills);
  }

  /** The names of the failpoints that were passed, those where fewest died first. */
  synchronized List<String> points() {
    List<String> names = new ArrayList<>(passed.keySet());
    names.sort((a, b) -> Integer.compare(kills.getOrDefault(a, 0), kills.getOrDefault(b, 0)));
    return names;
  }

  /** The kind and state of what a transaction changed. */
  synchronized String state(String arn) {
    String kind = Arn.parse(arn).map(each -> each.resource().replaceFirst("/.*", "")).orElse("row");
    String table = TABLES.get(kind);
    if (table == null) {
      return kind;
    }
    try {
      if (reader == null) {
        reader = DriverManager.getConnection("jdbc:sqlite:" + database);
      }
      try (PreparedStatement query = reader.prepareStatement("select state from " + table + " where arn = ?")) {
        query.setString(1, arn);
        try (ResultSet found = query.executeQuery()) {
          return kind + " " + (found.next() ? found.getString(1) : "deleted");
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    if (reader != null) {
      reader.close();
    }
  }
}
