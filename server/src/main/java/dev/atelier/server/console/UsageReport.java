package dev.atelier.server.console;

import dev.atelier.usage.Entry;
import dev.atelier.usage.Payer;
import dev.atelier.usage.Prices;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What ran within a time, as a document: the newest entries, and sums over all of them. */
final class UsageReport {
  private static final int MOST_ENTRIES = 1_000;

  private UsageReport() {}

  static Map<String, Object> of(List<Entry> entries, Instant from, Instant to) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("currency", Prices.currency());
    report.put("priceSource", Prices.source());
    report.put("from", from.toString());
    report.put("to", to.toString());
    report.put("cost", sum(entries, entry -> entry.cost(from, to)));
    report.put("hours", sum(entries, entry -> entry.hours(from, to)));
    report.put("perHourNow", sum(entries.stream().filter(entry -> entry.endedAt().isEmpty()).toList(),
        entry -> entry.price().orElse(BigDecimal.ZERO).multiply(BigDecimal.valueOf(entry.instances()))));
    report.put("byUser", groups(entries, Entry::payer, UsageReport::told, from, to));
    report.put("byInstanceType", groups(entries, Entry::instanceType, type -> Map.of("instanceType", type), from, to));
    report.put("byKind", groups(entries, Entry::kind, kind -> Map.of("kind", kind), from, to));
    report.put("entries", entries.reversed().stream().limit(MOST_ENTRIES).map(entry -> told(entry, from, to)).toList());
    report.put("leftOut", Math.max(0, entries.size() - MOST_ENTRIES));
    return report;
  }

  /** The members that name somebody; those that would be empty are left out. */
  static Map<String, Object> told(Payer payer) {
    Map<String, Object> told = new LinkedHashMap<>();
    if (!payer.domain().isEmpty()) {
      told.put("domain", payer.domain());
    }
    if (!payer.owner().isEmpty()) {
      told.put("user", payer.owner());
    }
    return told;
  }

  private static Map<String, Object> told(Entry entry, Instant from, Instant to) {
    Map<String, Object> told = new LinkedHashMap<>(Map.of("id", entry.id(), "kind", entry.kind(), "resource",
        entry.resource(), "instanceType", entry.instanceType(), "instances", entry.instances(), "startedAt",
        entry.startedAt().toString(), "hours", entry.hours(from, to), "cost", entry.cost(from, to)));
    told.putAll(told(entry.payer()));
    entry.endedAt().ifPresent(at -> told.put("endedAt", at.toString()));
    entry.price().ifPresent(price -> told.put("pricePerHour", price));
    return told;
  }

  private static BigDecimal sum(List<Entry> entries, Function<Entry, BigDecimal> of) {
    return entries.stream().map(of).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static <K> List<Map<String, Object>> groups(List<Entry> entries, Function<Entry, K> by,
      Function<K, Map<String, Object>> named, Instant from, Instant to) {
    Map<K, List<Entry>> grouped = new LinkedHashMap<>();
    entries.forEach(entry -> grouped.computeIfAbsent(by.apply(entry), key -> new ArrayList<>()).add(entry));
    List<Map<String, Object>> groups = new ArrayList<>();
    grouped.forEach((key, its) -> {
      Map<String, Object> group = new LinkedHashMap<>(named.apply(key));
      group.put("hours", sum(its, entry -> entry.hours(from, to)));
      group.put("cost", sum(its, entry -> entry.cost(from, to)));
      groups.add(group);
    });
    return groups;
  }
}
