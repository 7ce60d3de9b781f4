package dev.atelier.training;

import dev.atelier.models.sagemaker.ResourceConfig;
import dev.atelier.usage.Prices;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The hosts of a job, {@code algo-1} and on, numbered through its instance groups.
 *
 * @param groups one, of AWS's name for it, where the request names none
 */
record Cluster(List<Group> groups) {
  private static final String HOMOGENEOUS = "homogeneousCluster";

  /** Instances of one type; {@code first} is the 0-based place of its first host. */
  record Group(String name, String instanceType, int count, int first) {
    boolean has(int place) {
      return place >= first && place < first + count;
    }

    List<String> hosts() {
      return IntStream.range(first, first + count).mapToObj(TrainingWorkload::host).toList();
    }
  }

  static Cluster of(ResourceConfig resources) {
    if (resources.instanceGroups().isEmpty()) {
      int count = resources.instanceCount() == null ? 1 : resources.instanceCount();
      return new Cluster(List.of(new Group(HOMOGENEOUS, resources.instanceType(), count, 0)));
    }
    int[] first = {0};
    return new Cluster(resources.instanceGroups().stream().map(each -> {
      Group group = new Group(each.instanceGroupName(), each.instanceType(), each.instanceCount(), first[0]);
      first[0] += group.count();
      return group;
    }).toList());
  }

  int size() {
    return groups.stream().mapToInt(Group::count).sum();
  }

  /** The instance types, with commas between. */
  String types() {
    return groups.stream().map(Group::instanceType).distinct().collect(Collectors.joining(", "));
  }

  /** What an hour of one of its instances costs in the mean; empty where no price is known of any. */
  Optional<BigDecimal> price() {
    return groups.stream().flatMap(group -> Prices.perHour(group.instanceType()).stream()
            .map(price -> price.multiply(BigDecimal.valueOf(group.count())))).reduce(BigDecimal::add)
        .map(sum -> sum.divide(BigDecimal.valueOf(size()), MathContext.DECIMAL64));
  }

  List<String> hosts() {
    return groups.stream().flatMap(group -> group.hosts().stream()).toList();
  }

  Group groupOf(int place) {
    return groups.stream().filter(group -> group.has(place)).findFirst().orElseThrow();
  }

  /** The 0-based places of the hosts that an input for these groups is for; all where it names none. */
  List<Integer> places(List<String> groupNames) {
    return groups.stream().filter(group -> groupNames.isEmpty() || groupNames.contains(group.name()))
        .flatMap(group -> IntStream.range(group.first(), group.first() + group.count()).boxed()).toList();
  }
}
