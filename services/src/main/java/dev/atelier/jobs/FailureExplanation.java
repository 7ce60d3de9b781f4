package dev.atelier.jobs;

import dev.atelier.compute.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Explains a program's failure in full, a line each: what ended it, its root cause, what to do, where to look. */
public final class FailureExplanation {
  /** How many of a log's last lines are searched for the cause. */
  public static final int SEARCHED_LINES = 200;
  private static final int LONGEST_LINE = 2_000;
  private static final int SHOWN_LINES = 20;

  private final FailureText.End end;
  private final List<String> lines;
  private final Resources limits;
  private final BiFunction<String, String, Optional<String>> denial;

  /** A line as long as it is searched: programs write what they like, and all hosts' last lines are kept. */
  public static String searched(String line) {
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE);
  }

  /**
   * @param lines the last that the failed host wrote
   * @param limits what the host had
   * @param denial the statement that denies the job's role an action on a resource, in words
   */
  public FailureExplanation(FailureText.End end, List<String> lines, Resources limits,
      BiFunction<String, String, Optional<String>> denial) {
    this.end = end;
    this.lines = lines;
    this.limits = limits;
    this.denial = denial;
  }

  /** As {@link #lines()}, of a failure that is not the program's. @param denial as the constructor's */
  static List<String> of(String reason, BiFunction<String, String, Optional<String>> denial) {
    List<String> text = new ArrayList<>();
    text.add("What happened: " + reason + (reason.endsWith(".") ? "" : "."));
    new FailureHints(List.of(reason), denial).ofLines().forEach(hint -> text.add("What to do: " + hint));
    return text;
  }

  /** The explanation, heading by heading. */
  public List<String> lines() {
    List<String> text = new ArrayList<>();
    text.add("What happened: " + FailureText.ended(end.exitCode(), end.outOfMemory()) + " (exit code " + end.exitCode()
        + ")." + FailureText.memory(end, limits, lines));
    end.failureFile().map(String::strip).filter(own -> !own.isEmpty())
        .ifPresent(own -> text.add("What the program said: " + own));
    FailureText.rootCause(lines).ifPresent(cause -> text.add("Root cause: " + cause));
    new FailureHints(lines, denial).all(end).forEach(hint -> text.add("What to do: " + hint));
    PythonTraceback.last(lines).ifPresent(traceback -> {
      text.add("Where:");
      traceback.lines().forEach(line -> text.add("  " + line));
    });
    text.add("Last lines of the log:");
    lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()).forEach(line -> text.add("  " + line));
    return text;
  }
}
