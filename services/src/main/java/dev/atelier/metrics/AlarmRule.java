package dev.atelier.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rule of a composite alarm: states of other alarms joined by AND, OR and NOT. */
sealed interface AlarmRule {
  int MOST_CHILDREN = 100;

  boolean holds(Function<String, AlarmState> states);

  record Always(boolean value) implements AlarmRule {
    @Override
    public boolean holds(Function<String, AlarmState> states) {
      return value;
    }
  }

  /** @param alarm a name or an ARN */
  record Is(String alarm, AlarmState state) implements AlarmRule {
    @Override
    public boolean holds(Function<String, AlarmState> states) {
      return states.apply(alarm) == state;
    }
  }

  record Not(AlarmRule rule) implements AlarmRule {
    @Override
    public boolean holds(Function<String, AlarmState> states) {
      return !rule.holds(states);
    }
  }

  record All(List<AlarmRule> rules) implements AlarmRule {
    @Override
    public boolean holds(Function<String, AlarmState> states) {
      return rules.stream().allMatch(rule -> rule.holds(states));
    }
  }

  record Any(List<AlarmRule> rules) implements AlarmRule {
    @Override
    public boolean holds(Function<String, AlarmState> states) {
      return rules.stream().anyMatch(rule -> rule.holds(states));
    }
  }

  /** The names or ARNs of the alarms that the rule asks. */
  default Set<String> alarms() {
    Set<String> named = new TreeSet<>();
    switch (this) {
      case Always always -> { }
      case Is is -> named.add(is.alarm());
      case Not not -> named.addAll(not.rule().alarms());
      case All all -> all.rules().forEach(rule -> named.addAll(rule.alarms()));
      case Any any -> any.rules().forEach(rule -> named.addAll(rule.alarms()));
    }
    return named;
  }

  /** Reads a rule. @throws dev.atelier.kernel.Fault it is none */
  static AlarmRule parse(String text) {
    AlarmRule rule = new Reader(text).whole();
    if (rule.alarms().size() > MOST_CHILDREN) {
      throw MetricFault.validation("AlarmRule must not name more than " + MOST_CHILDREN + " alarms.");
    }
    return rule;
  }

  /** Reads by recursive descent. */
  final class Reader {
    private static final int MAX_DEPTH = 50;
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\\s*\\(\\s*"
        + "(?:\"([^\"]+)\"|([^\\s\"()]+))\\s*\\)|(TRUE|FALSE|AND|OR|NOT)(?![A-Za-z_])|([()]))");

    private final String text;
    private final Matcher matcher;
    private int at;
    private int depth;

    Reader(String text) {
      this.text = text.stripTrailing();
      this.matcher = TOKEN.matcher(this.text);
    }

    AlarmRule whole() {
      AlarmRule rule = any();
      if (at < text.length()) {
        throw broken();
      }
      return rule;
    }

    private static RuntimeException broken() {
      return MetricFault.validation("AlarmRule must have a valid syntax.");
    }

    private boolean peek(String word) {
      return matcher.find(at) && matcher.start() == at
          && (word.equals(matcher.group(4)) || word.equals(matcher.group(5)));
    }

    private boolean accept(String word) {
      boolean found = peek(word);
      if (found) {
        at = matcher.end();
      }
      return found;
    }

    private AlarmRule any() {
      List<AlarmRule> rules = new ArrayList<>(List.of(all()));
      while (accept("OR")) {
        rules.add(all());
      }
      return rules.size() == 1 ? rules.getFirst() : new Any(rules);
    }

    private AlarmRule all() {
      List<AlarmRule> rules = new ArrayList<>(List.of(one()));
      while (accept("AND")) {
        rules.add(one());
      }
      return rules.size() == 1 ? rules.getFirst() : new All(rules);
    }

    private AlarmRule one() {
      if (++depth > MAX_DEPTH) {
        throw broken();
      }
      AlarmRule rule = unary();
      depth--;
      return rule;
    }

    private AlarmRule unary() {
      if (accept("NOT")) {
        return new Not(one());
      }
      if (accept("(")) {
        AlarmRule inner = any();
        if (!accept(")")) {
          throw broken();
        }
        return inner;
      }
      if (peek("TRUE") || peek("FALSE")) {
        at = matcher.end();
        return new Always(matcher.group(4).equals("TRUE"));
      }
      if (!matcher.find(at) || matcher.start() != at || matcher.group(1) == null) {
        throw broken();
      }
      at = matcher.end();
      return new Is(matcher.group(2) == null ? matcher.group(3) : matcher.group(2),
          AlarmState.valueOf(matcher.group(1)));
    }
  }
}
