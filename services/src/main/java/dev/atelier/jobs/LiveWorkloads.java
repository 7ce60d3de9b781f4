package dev.atelier.jobs;

import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Which workloads belong to something that lives, with the role their programs act as. Filled from the stores at
 * start-up, before the backend tells what it finds running: what is not here by then is an orphan and is removed.
 */
public final class LiveWorkloads {
  private final Map<WorkloadId, Owner> owners = new ConcurrentHashMap<>();
  private final List<Consumer<WorkloadId>> removed = new CopyOnWriteArrayList<>();

  /**
   * What a workload belongs to.
   *
   * @param arn the job, endpoint or app
   * @param role the role whose credentials its programs get; none for a model without one
   * @param session the role session's name, such as the job's name
   * @param internet whether its programs reach hosts other than Atelier, as far as the server lets any
   */
  public record Owner(Arn arn, Optional<Arn> role, Region region, String session, boolean internet) {
    public Owner(Arn arn, Optional<Arn> role, Region region, String session) {
      this(arn, role, region, session, true);
    }
  }

  public void put(WorkloadId id, Owner owner) {
    owners.put(id, owner);
  }

  public Optional<Owner> find(WorkloadId id) {
    return Optional.ofNullable(owners.get(id));
  }

  /** Forgets a workload that has ended; whoever listens is told. */
  public void remove(WorkloadId id) {
    if (owners.remove(id) != null) {
      removed.forEach(listener -> listener.accept(id));
    }
  }

  /** Listens to the ends of workloads. */
  public void onRemoval(Consumer<WorkloadId> listener) {
    removed.add(listener);
  }

  public Set<WorkloadId> ids() {
    return Set.copyOf(owners.keySet());
  }
}
