package dev.atelier.notebook;

import dev.atelier.jobs.AttemptStream;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.LogSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The log streams of notebook instances, as AWS names them: one of all that the program prints, and one of what each
 * lifecycle script does.
 */
final class NotebookLogs {
  private static final String GROUP = "/aws/sagemaker/NotebookInstances";
  /** How the program marks a script's lines. */
  private static final Pattern OF_SCRIPT = Pattern.compile("\\[(LifecycleConfigOn(?:Create|Start))\\] ?(.*)",
      Pattern.DOTALL);

  private final JobLogs logs;

  NotebookLogs(JobLogs logs) {
    this.logs = logs;
  }

  /** Adds a line of Atelier's own. */
  void tell(NotebookInstance notebook, String text) {
    logs.platform(name(notebook, "jupyter.log"), text);
  }

  /** How many bytes of output the program's stream has. */
  long size(NotebookInstance notebook) {
    return logs.open(name(notebook, "jupyter.log")).sourceOffset();
  }

  /** Where the attempt's output goes. */
  LogSink.Stream open(NotebookInstance notebook) {
    return new Sorted(notebook, new AttemptStream(logs.open(name(notebook, "jupyter.log")), notebook.logStart()));
  }

  private static JobLogs.Name name(NotebookInstance notebook, String stream) {
    return new JobLogs.Name(notebook.account(), notebook.region(), GROUP, notebook.name() + "/" + stream);
  }

  /** Takes the lines of scripts to the scripts' streams as well. */
  private final class Sorted implements LogSink.Stream {
    private final NotebookInstance notebook;
    private final LogSink.Stream program;

    private Sorted(NotebookInstance notebook, LogSink.Stream program) {
      this.notebook = notebook;
      this.program = program;
    }

    @Override
    public long sourceOffset() {
      return program.sourceOffset();
    }

    @Override
    public void appendOnce(LogSink.Line line) {
      program.appendOnce(line);
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
      ofScripts.forEach((stream, its) -> {
        LogSink.Stream script = logs.open(name(notebook, stream));
        long end = notebook.logStart() + to;
        if (script.sourceOffset() < end) {
          script.append(its, script.sourceOffset(), end);
        }
      });
      return program.append(lines, from, to);
    }
  }
}
