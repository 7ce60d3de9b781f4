package dev.atelier.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program's log stream that takes the lines of its start-up scripts to streams of their own as well. Such lines begin
 * with the stream's name in brackets.
 *
 * @param program all that is printed
 * @param scripts the stream of a name, such as {@code LifecycleConfigOnStart}
 */
public record ScriptLines(LogSink.Stream program, Function<String, LogSink.Stream> scripts) implements LogSink.Stream {
  private static final Pattern OF_SCRIPT =
      Pattern.compile("\\[(LifecycleConfigOn(?:Create|Start))\\] ?(.*)", Pattern.DOTALL);

  @Override
  public long sourceOffset() {
    return program.sourceOffset();
  }

  @Override
  public void appendOnce(List<LogSink.Line> lines) {
    program.appendOnce(lines);
  }

  @Override
  public boolean append(List<LogSink.Line> lines, long from, long to) {
    if (from != sourceOffset()) {
      return false;
    }
    Map<String, List<LogSink.Line>> ofScripts = new LinkedHashMap<>();
    for (LogSink.Line line : lines) {
      Matcher marked = OF_SCRIPT.matcher(line.text());
      if (marked.matches()) {
        ofScripts.computeIfAbsent(marked.group(1), stream -> new ArrayList<>())
            .add(new LogSink.Line(line.at(), marked.group(2)));
      }
    }
    // the program's stream last: it says how far the output was read
    ofScripts.forEach((name, its) -> {
      LogSink.Stream script = scripts.apply(name);
      if (script.sourceOffset() < to) {
        script.append(its, script.sourceOffset(), to);
      }
    });
    return program.append(lines, from, to);
  }
}
