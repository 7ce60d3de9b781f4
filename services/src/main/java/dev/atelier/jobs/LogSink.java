package dev.atelier.jobs;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import java.time.Instant;
import java.util.List;

/** Where jobs' output goes: CloudWatch Logs. */
public interface LogSink {

  /** Opens a stream, making group and stream when they are new. */
  Stream open(AccountId account, Region region, String group, String stream);

  /** One line of output. */
  record Line(Instant at, String text) {}

  /** A log stream that is filled from a file. */
  interface Stream {

    /** How many bytes of the file are in the stream already; survives a crash together with their lines. */
    long sourceOffset();

    /**
     * Adds lines that are not of the file, all or, when the stream has one of the first's text, none: what tells them
     * may tell them again.
     */
    void appendOnce(List<Line> lines);

    /**
     * Adds the lines of the file's bytes {@code from} to {@code to}; nothing is added when {@code from} is not where
     * the stream stands, since then somebody else has added them: then it is false.
     */
    boolean append(List<Line> lines, long from, long to);
  }
}
