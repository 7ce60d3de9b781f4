package dev.atelier.metadata;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One answer of a List operation.
 *
 * @param nextToken opaque; passed back with the same filters it yields the items after these; empty on the last page
 */
public record Page<T>(List<T> items, Optional<String> nextToken) {
  public Page {
    items = List.copyOf(items);
  }

  public <R> Page<R> map(Function<? super T, ? extends R> change) {
    return new Page<>(items.stream().<R>map(change).toList(), nextToken);
  }
}
