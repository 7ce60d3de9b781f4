package dev.atelier.jobs;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.atelier.compute.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/** Explains a program's failure in full, a line each: what ended it, its root cause, what to do, where to look. */
public final class FailureExplanation {
  /** How many of a log's last lines are searched for the cause. */
  public static final int SEARCHED_LINES = 200;
  private static final int LONGEST_LINE = 2_000;
  private static final int SHOWN_LINES = 20;
  private static final double GIB = 1L << 30;
  private static final String TRACEBACK = "Traceback (most recent call last):";
  private static final Pattern MISSING_MODULE = Pattern.compile("No module named '([\\w.]+)'");
  private static final Pattern CONFLICT = Pattern.compile(
      "^(ERROR: (Cannot install|ResolutionImpossible|No matching distribution|Could not find a version).*"
          + "|.* requires .*, but you have .* which is incompatible\\.?)$");
  private static final Pattern DENIED = Pattern.compile(
      "not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)(?: on resource: \"?([^\" ]+)\"?)?");

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

  /** The explanation, heading by heading. */
  public List<String> lines() {
    List<String> text = new ArrayList<>();
    text.add("What happened: " + FailureText.ended(end.exitCode(), end.outOfMemory()) + " (exit code " + end.exitCode()
        + ")." + memory());
    end.failureFile().map(String::strip).filter(own -> !own.isEmpty())
        .ifPresent(own -> text.add("What the program said: " + own));
    FailureText.rootCause(lines).ifPresent(cause -> text.add("Root cause: " + cause));
    hints().forEach(hint -> text.add("What to do: " + hint));
    List<String> traceback = traceback();
    if (!traceback.isEmpty()) {
      text.add("Where:");
      traceback.forEach(line -> text.add("  " + line));
    }
    text.add("Last lines of the log:");
    lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()).forEach(line -> text.add("  " + line));
    return text;
  }

  private String memory() {
    return !end.outOfMemory() ? "" : String.format(Locale.ROOT,
        " It reached the %.1f GiB of memory that its host has.", limits.memoryBytes() / GIB);
  }

  private List<String> hints() {
    List<String> hints = new ArrayList<>();
    for (String line : lines) {
      Matcher module = MISSING_MODULE.matcher(line);
      if (module.find()) {
        hints.add("the image has no module " + module.group(1) + ": name the package that brings it in requirements.txt "
            + "in the source folder (source_dir), which is installed before the script runs");
      }
      if (CONFLICT.matcher(line.strip()).matches()) {
        hints.add("the packages of requirements.txt do not go together or with the image's: " + line.strip());
      }
      Matcher denied = DENIED.matcher(line);
      if (denied.find()) {
        String resource = denied.group(2) == null ? "*" : denied.group(2);
        hints.add("the job's role may not do " + denied.group(1) + " on " + resource
            + denial.apply(denied.group(1), resource).map(statement -> ": " + statement).orElse(""));
      }
    }
    FailureText.hint(end.exitCode(), end.outOfMemory(), lines).ifPresent(hints::add);
    return hints.stream().distinct().toList();
  }

  /** The last traceback that Python printed, without what follows it. */
  private List<String> traceback() {
    int from = -1;
    for (int i = 0; i < lines.size(); i++) {
      from = lines.get(i).strip().equals(TRACEBACK) ? i : from;
    }
    if (from < 0) {
      return List.of();
    }
    int to = from + 1;
    while (to < lines.size() && lines.get(to).startsWith(" ")) {
      to++;
    }
    return lines.subList(from, Math.min(lines.size(), to + 1));
  }
}
