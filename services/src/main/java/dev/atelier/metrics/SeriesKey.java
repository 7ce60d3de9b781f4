package dev.atelier.metrics;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import java.util.Comparator;
import java.util.List;

/** What names one metric: each combination of dimensions is a metric of its own. Dimensions have no order. */
record SeriesKey(Place place, String namespace, String name, List<Dimension> dimensions) {
  SeriesKey {
    dimensions = dimensions.stream()
        .sorted(Comparator.comparing(Dimension::name).thenComparing(Dimension::value)).toList();
  }

  /** Where a metric lives. */
  record Place(AccountId account, Region region) {}

  /** A name and a value that tell a metric from others of its name. */
  record Dimension(String name, String value) {}
}
