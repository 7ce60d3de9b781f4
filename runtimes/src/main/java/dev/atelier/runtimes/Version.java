package dev.atelier.runtimes;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A version of numbers and dots, such as {@code 1.2.1}; ordered by number, a missing one counting as 0. */
record Version(List<Integer> numbers) implements Comparable<Version> {

  static Version of(String text) {
    return new Version(Arrays.stream(text.split("\\.")).map(Integer::valueOf).toList());
  }

  /** Whether this is of the same minor version; of the same major one where the other names no more. */
  boolean isOf(Version other) {
    int count = Math.min(2, Math.min(numbers.size(), other.numbers.size()));
    return numbers.subList(0, count).equals(other.numbers.subList(0, count));
  }

  boolean namesMinor() {
    return numbers.size() > 1;
  }

  private int number(int place) {
    return place < numbers.size() ? numbers.get(place) : 0;
  }

  @Override
  public int compareTo(Version other) {
    for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
      int order = Integer.compare(number(i), other.number(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  @Override
  public String toString() {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining("."));
  }
}
