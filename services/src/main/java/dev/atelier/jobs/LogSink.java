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
     * Adds lines.
     *
     * @param sourceOffset the file's offset behind the last of them
     */
    void append(List<Line> lines, long sourceOffset);
  }
}
