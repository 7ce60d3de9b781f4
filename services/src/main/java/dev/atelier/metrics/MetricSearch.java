package dev.atelier.metrics;

import dev.atelier.metrics.SeriesKey.Dimension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terms of a SEARCH: {@code {namespace,dimension,...}} for a metric schema, then words joined by AND, OR and NOT. A
 * word matches a token of any name or value, {@code key=word} one of that key's value; in quotes the whole value.
 */
final class MetricSearch {
  private static final int MAX_DEPTH = 50;
  private static final Pattern SCHEMA = Pattern.compile("\\s*\\{([^}]*)\\}");
  private static final Pattern TOKEN = Pattern.compile(
      "\\s*(?:([()])|(?:(?:\"([^\"]*)\"|([^\\s()=\"]+))\\s*=\\s*)?(?:\"([^\"]*)\"|([^\\s()=\"]+)))");

  private record Word(String symbol, Optional<String> key, String text, boolean exact) {
    boolean is(String keyword) {
      return key.isEmpty() && !exact && text.equals(keyword);
    }
  }

  private final List<Word> words = new ArrayList<>();
  private int next;
  private int depth;

  private MetricSearch(String text) {
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    String rest = text.stripTrailing();
    while (end < rest.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw MetricFault.validation("Invalid SEARCH: unexpected text at '" + rest.substring(end) + "'");
      }
      end = matcher.end();
      String key = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
      boolean exact = matcher.group(4) != null;
      words.add(matcher.group(1) != null ? new Word(matcher.group(1), Optional.empty(), "", false)
          : new Word("", Optional.ofNullable(key), exact ? matcher.group(4) : matcher.group(5), exact));
    }
  }

  static Predicate<SeriesKey> parse(String text) {
    Matcher schema = SCHEMA.matcher(text);
    Predicate<SeriesKey> filter = key -> true;
    String terms = text;
    if (schema.lookingAt()) {
      filter = schema(schema.group(1));
      terms = text.substring(schema.end());
    }
    MetricSearch search = new MetricSearch(terms);
    if (search.words.isEmpty()) {
      return filter;
    }
    Predicate<SeriesKey> asked = search.or();
    if (search.next < search.words.size()) {
      throw MetricFault.validation("Invalid SEARCH: unbalanced parentheses");
    }
    return filter.and(asked);
  }

  private static Predicate<SeriesKey> schema(String text) {
    List<String> parts = Arrays.stream(text.split(",")).map(part -> part.strip().replaceAll("^\"|\"$", "")).toList();
    Set<String> names = new HashSet<>(parts.subList(1, parts.size()));
    return key -> key.namespace().equals(parts.getFirst())
        && key.dimensions().stream().map(Dimension::name).collect(java.util.stream.Collectors.toSet()).equals(names);
  }

  private Predicate<SeriesKey> or() {
    Predicate<SeriesKey> any = and();
    while (next < words.size() && words.get(next).is("OR")) {
      next++;
      any = any.or(and());
    }
    return any;
  }

  private Predicate<SeriesKey> and() {
    Predicate<SeriesKey> all = not();
    while (next < words.size() && !words.get(next).is("OR") && !words.get(next).symbol().equals(")")) {
      if (words.get(next).is("AND")) {
        next++;
      }
      all = all.and(not());
    }
    return all;
  }

  private Predicate<SeriesKey> not() {
    if (next >= words.size() || ++depth > MAX_DEPTH) {
      throw MetricFault.validation("Invalid SEARCH: a term is missing");
    }
    Word word = words.get(next++);
    Predicate<SeriesKey> found;
    if (word.is("NOT")) {
      found = not().negate();
    } else if (word.symbol().equals("(")) {
      found = or();
      if (next >= words.size() || !words.get(next++).symbol().equals(")")) {
        throw MetricFault.validation("Invalid SEARCH: unbalanced parentheses");
      }
    } else if (!word.symbol().isEmpty()) {
      throw MetricFault.validation("Invalid SEARCH: a term is missing");
    } else {
      found = term(word);
    }
    depth--;
    return found;
  }

  private static Predicate<SeriesKey> term(Word word) {
    Predicate<String> fits = word.exact() ? word.text()::equals : tokens(word.text());
    return key -> {
      if (word.key().isEmpty()) {
        return fits.test(key.namespace()) || fits.test(key.name())
            || key.dimensions().stream().anyMatch(each -> fits.test(each.name()) || fits.test(each.value()));
      }
      return switch (word.key().get()) {
        case "Namespace" -> fits.test(key.namespace());
        case "MetricName" -> fits.test(key.name());
        default -> key.dimensions().stream()
            .anyMatch(each -> each.name().equals(word.key().get()) && fits.test(each.value()));
      };
    };
  }

  /** A text has a word when it has all the word's tokens; letters' case does not count. */
  private static Predicate<String> tokens(String word) {
    Set<String> wanted = split(word);
    return text -> split(text).containsAll(wanted);
  }

  /** Tokens end at what is neither letter nor digit, and where a capital begins a new word. */
  private static Set<String> split(String text) {
    Set<String> tokens = new TreeSet<>();
    for (String part : text.split("[^\\p{L}\\p{N}]+")) {
      for (String token : part.split("(?<=\\p{Ll})(?=\\p{Lu})|(?<=\\p{L})(?=\\p{N})|(?<=\\p{N})(?=\\p{L})")) {
        if (!token.isEmpty()) {
          tokens.add(token.toLowerCase(Locale.ROOT));
        }
      }
      tokens.add(part.toLowerCase(Locale.ROOT));
    }
    tokens.remove("");
    return tokens;
  }
}
