package dev.atelier.notebook;

import dev.atelier.jobs.AttemptStream;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.LogSink;
import dev.atelier.jobs.ScriptLines;

/**
 * The log streams of notebook instances, as AWS names them: one of all that the program prints, and one of what each
 * lifecycle script does.
 */
final class NotebookLogs {
  private static final String GROUP = "/aws/sagemaker/NotebookInstances";
  private static final String PROGRAM = "jupyter.log";

  private final JobLogs logs;

  NotebookLogs(JobLogs logs) {
    this.logs = logs;
  }

  /** Adds a line of Atelier's own. */
  void tell(NotebookInstance notebook, String text) {
    logs.platform(name(notebook, PROGRAM), text);
  }

  /** How many bytes of output the program's stream has. */
  long size(NotebookInstance notebook) {
    return logs.open(name(notebook, PROGRAM)).sourceOffset();
  }

  /** Where the attempt's output goes. */
  LogSink.Stream open(NotebookInstance notebook) {
    return new ScriptLines(new AttemptStream(logs.open(name(notebook, PROGRAM)), notebook.logStart()),
        stream -> new AttemptStream(logs.open(name(notebook, stream)), notebook.logStart()));
  }

  private static JobLogs.Name name(NotebookInstance notebook, String stream) {
    return new JobLogs.Name(notebook.account(), notebook.region(), GROUP, notebook.name() + "/" + stream);
  }
}
