package dev.atelier.algorithms;

import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Lines on the standard output, in the shape of the algorithm images: {@code [2026-11-21:04:44:00:INFO] text}. */
public final class AlgorithmLog {
  private final PrintStream out;
  private final Clock clock;

  public AlgorithmLog(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  public void info(String text) {
    print("INFO", text);
  }

  public void warning(String text) {
    print("WARNING", text);
  }

  public void error(String text) {
    print("ERROR", text);
  }

  /** A line without time and level: metrics, which clients search with regular expressions. */
  public void plain(String line) {
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private void print(String level, String text) {
    LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    StringBuilder line = new StringBuilder(text.length() + 40).append('[').append(now.getYear());
    append(line, '-', now.getMonthValue());
    append(line, '-', now.getDayOfMonth());
    append(line, ':', now.getHour());
    append(line, ':', now.getMinute());
    append(line, ':', now.getSecond());
    plain(line.append(':').append(level).append("] ").append(text).toString());
  }

  private static void append(StringBuilder line, char separator, int twoDigits) {
    line.append(separator);
    if (twoDigits < 10) {
      line.append('0');
    }
    line.append(twoDigits);
  }
}
