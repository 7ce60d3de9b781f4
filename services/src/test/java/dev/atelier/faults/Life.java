package dev.atelier.faults;

import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadState;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One job from its creation to its end, and what its program does meanwhile; what went wrong is told to an account. */
abstract class Life {
  private static final Set<String> ENDED = Set.of("Completed", "Failed", "Stopped");

  private final String resource;
  final String name;
  final World world;
  final Account account;
  /** How many things the program of each of its workloads has done. */
  private final Map<WorkloadId, Integer> done = new HashMap<>();
  private boolean acknowledged;
  private Map<String, Object> last = Map.of();

  /** @param resource what the operations call it, such as {@code TrainingJob} */
  Life(World world, Account account, String resource, String name) {
    this.world = world;
    this.account = account;
    this.resource = resource;
    this.name = name;
  }

  /** The request that creates it. */
  abstract Map<String, Object> request();

  /**
   * The next thing that a running program does.
   *
   * @param attempt 1 for the first workload of the job
   * @param step how many things it has done before
   */
  abstract void act(WorkloadId id, int attempt, int step);

  /** Looks at what an ended job left. */
  abstract void verify(Map<String, Object> job);

  Map<String, Object> last() {
    return last;
  }

  boolean ended() {
    return ENDED.contains(last.getOrDefault(resource + "Status", ""));
  }

  private Map<String, Object> named() {
    return Map.of(resource + "Name", name);
  }

  /** Does one thing: creates the job, lets its program do something, or looks at it. */
  void step() {
    if (!acknowledged) {
      create();
      return;
    }
    world.backend().list().forEach((id, hosts) -> {
      if (world.chronicle().job(id).equals(name)
          && hosts.values().stream().anyMatch(WorkloadState.Running.class::isInstance)) {
        int attempt = Integer.parseInt(id.value().replaceFirst(".*-", ""));
        act(id, attempt, done.merge(id, 1, Integer::sum) - 1);
      }
    });
    look();
  }

  private void create() {
    try {
      acknowledged = world.ask("Create" + resource, request()).isPresent();
    } catch (Fault e) {
      // nobody answered the first time, and it was created
      if (!e.code().equals("ResourceInUse")) {
        throw e;
      }
      acknowledged = true;
    }
  }

  private void look() {
    try {
      last = world.ask("Describe" + resource, named()).orElse(last);
    } catch (Fault e) {
      account.blame("lost", name + " was acknowledged: " + e.getMessage());
      last = Map.of(resource + "Status", "Failed");
    }
  }

  /** Asks for the job's stop; false when nobody answered, true also when it has ended. */
  boolean stop() {
    try {
      return world.ask("Stop" + resource, named()).isPresent();
    } catch (Fault e) {
      return true;
    }
  }

  void expect(Map<String, Object> job, String status) {
    if (!status.equals(job.get(resource + "Status"))) {
      account.blame("wrong", name + " is " + job.get(resource + "Status") + ": " + job.get("FailureReason"));
    }
  }

  /** Each line of the wanted ones once in the job's streams, and no other that begins like them. */
  void expectLines(String group, List<String> wanted) {
    List<String> seen = world.bench().log(group, name + "/").stream().filter(line -> line.startsWith("line ")).toList();
    Map<String, Integer> balance = new TreeMap<>();
    seen.forEach(line -> balance.merge(line, 1, Integer::sum));
    wanted.forEach(line -> balance.merge(line, -1, Integer::sum));
    List<String> missing = new ArrayList<>();
    balance.forEach((line, count) -> {
      if (count > 0) {
        account.blame("duplicated", name + " logged " + line + " " + count + " times too often");
      } else if (count < 0) {
        missing.add(line);
      }
    });
    if (!missing.isEmpty()) {
      account.blame("lost", name + " did not log " + missing);
    }
  }

  void expectStored(String key) {
    if (world.bench().objects().find(JobBench.BUCKET, key).isEmpty()) {
      account.blame("lost", name + " has not stored " + key);
    }
  }

  void expectText(String key, String text) {
    Optional<String> stored = Optional.empty();
    try {
      stored = Optional.of(world.bench().text(key));
    } catch (IOException | RuntimeException e) {
      // as if it were not there
    }
    if (stored.filter(text::equals).isEmpty()) {
      account.blame("lost", key + " of " + name + " holds " + stored);
    }
  }
}
