package dev.atelier.jobs;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A traceback that Python printed.
 *
 * @param lines from its heading to the exception
 * @param exception the exception's line
 * @param firstCause the first exception of the chain that led to it; empty where it stands alone
 */
record PythonTraceback(List<String> lines, String exception, Optional<String> firstCause) {
  private static final String HEADING = "Traceback (most recent call last):";
  private static final Set<String> LINKS = Set.of(
      "During handling of the above exception, another exception occurred:",
      "The above exception was the direct cause of the following exception:");
  /** What launchers of several processes put before each line. */
  private static final Pattern RANK = Pattern.compile(
      "^(?:\\[\\d+,mpirank:\\d+,[\\w-]+\\]<std(?:err|out)>: ?|\\[rank\\d+\\]: ?)");

  /** The last one among lines; empty where there is none whose exception was printed. */
  static Optional<PythonTraceback> last(List<String> all) {
    List<String> plain = all.stream().map(line -> RANK.matcher(line).replaceFirst("")).toList();
    int heading = headingBefore(plain, plain.size());
    int end = end(plain, heading);
    if (end < 0) {
      return Optional.empty();
    }
    Optional<String> first = Optional.empty();
    int from = heading;
    for (int earlier = linkedBefore(plain, from); earlier >= 0; earlier = linkedBefore(plain, from)) {
      first = Optional.of(plain.get(end(plain, earlier)));
      from = earlier;
    }
    return Optional.of(new PythonTraceback(new ArrayList<>(plain.subList(heading, end + 1)), plain.get(end), first));
  }

  private static int headingBefore(List<String> lines, int end) {
    int at = end - 1;
    while (at >= 0 && !lines.get(at).strip().equals(HEADING)) {
      at--;
    }
    return at;
  }

  /** The place of the exception; negative where it does not follow. */
  private static int end(List<String> lines, int heading) {
    int at = heading + 1;
    while (heading >= 0 && at < lines.size() && (lines.get(at).startsWith(" ") || lines.get(at).isEmpty())) {
      at++;
    }
    return heading >= 0 && at < lines.size() ? at : -1;
  }

  /** The heading of the traceback that the one at {@code heading} says it follows from; negative where none is. */
  private static int linkedBefore(List<String> lines, int heading) {
    int at = heading - 1;
    while (at >= 0 && lines.get(at).isBlank()) {
      at--;
    }
    if (at < 0 || !LINKS.contains(lines.get(at).strip())) {
      return -1;
    }
    int earlier = headingBefore(lines, at);
    return end(lines, earlier) < at ? earlier : -1;
  }
}
