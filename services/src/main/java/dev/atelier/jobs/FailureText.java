package dev.atelier.jobs;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Resources;
import dev.atelier.kernel.Fault;
import dev.atelier.runtimes.ImageException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Explains a failure in at most AWS's 1,024 characters: what ended it, its own words, a hint. */
public final class FailureText {
  private static final int MAX = 1_024;
  private static final String NO_MESSAGE = "ErrorMessage \"\"";
  private static final int SIGNAL_BASE = 128;
  private static final double GIB = 1L << 30;
  /** With which a program's starter ends when a script before it fails. */
  private static final int SETUP_FAILED = 64;
  /** Begins the line that a sandbox's keeper writes when it ends the host. */
  private static final String KEEPER = "atelier: ";

  private FailureText() {}

  /**
   * How a program ended.
   *
   * @param peakMemory the most bytes that it used at once, where that is known
   * @param failureFile what it wrote to {@code /opt/ml/output/failure}
   */
  public record End(int exitCode, boolean outOfMemory, OptionalLong peakMemory, Optional<String> failureFile) {}

  /**
   * The reason of a failure.
   *
   * @param failureFile what the program wrote to {@code /opt/ml/output/failure}
   * @param lastLines the end of its output
   */
  public static String of(int exitCode, boolean outOfMemory, Optional<String> failureFile, List<String> lastLines) {
    return of(new End(exitCode, outOfMemory, OptionalLong.empty(), failureFile), Optional.empty(), lastLines);
  }

  /** As the other. @param limits what its host had, where that shall be told */
  static String of(End end, Optional<Resources> limits, List<String> lastLines) {
    int exitCode = end.exitCode();
    boolean outOfMemory = end.outOfMemory();
    Optional<String> own = end.failureFile().map(String::strip).filter(text -> !text.isEmpty());
    if (own.isPresent()) {
      String said = named(own.get(), lastLines);
      return bounded("AlgorithmError: " + (outOfMemory ? ended(exitCode, true) + ". " : "") + said + (said.contains("xit code") ? "" : ", exit code: " + exitCode));
    }
    StringBuilder text = new StringBuilder("AlgorithmError: ").append(ended(exitCode, outOfMemory));
    limits.map(each -> memory(end, each, lastLines)).filter(memory -> !memory.isEmpty())
        .ifPresent(memory -> text.append('.').append(memory, 0, memory.length() - 1));
    rootCause(lastLines).ifPresent(line -> text.append(". Cause: ").append(line));
    hint(end, lastLines).ifPresent(hint -> text.append(". ").append(hint));
    text.append(", exit code: ").append(exitCode);
    if (!lastLines.isEmpty()) {
      text.append("\nLast lines of the log:\n");
      String tail = String.join("\n", lastLines);
      int room = MAX - text.length();
      text.append(tail.length() <= room ? tail : tail.substring(tail.length() - Math.max(room, 0)));
    }
    return bounded(text.toString());
  }

  /**
   * The reason when what comes before a program failed, such as a start-up script, which its keeper's last line names;
   * as {@link #of(int, boolean, Optional, List)} for other exit codes.
   */
  public static String ofStart(int exitCode, boolean outOfMemory, List<String> lastLines) {
    Optional<String> verdict = lastLines.reversed().stream().filter(line -> line.startsWith(KEEPER)).findFirst()
        .map(line -> line.substring(KEEPER.length())).filter(line -> exitCode == SETUP_FAILED && !line.isEmpty());
    return verdict.map(line -> bounded(line.substring(0, 1).toUpperCase(Locale.ROOT) + line.substring(1)
            + ". Last lines of the log:\n" + String.join("\n", lastLines)))
        .orElseGet(() -> of(exitCode, outOfMemory, Optional.empty(), lastLines));
  }

  /** The reason when a host was lost: the platform's own failure, unless somebody here ended it. */
  public static String ofLoss(String reason) {
    return reason.startsWith("host lost: ") ? internal(reason) : bounded(reason);
  }

  private static String internal(String message) {
    return bounded("InternalServerError: We encountered an internal error. Please try again. (" + message + ")");
  }

  /** Whether an exception's message is meant for the user. */
  static boolean explained(RuntimeException e) {
    return e instanceof Fault || e instanceof ComputeException || e instanceof ImageException;
  }

  /**
   * The reason of a failure that is not the program's.
   *
   * @param kind stands before what the user can mend, unless that names its kind itself
   */
  public static String of(RuntimeException e, String kind) {
    if (!explained(e)) {
      return internal(e.getMessage());
    }
    return bounded(e.getMessage().startsWith("CapacityError: ") ? e.getMessage() : kind + e.getMessage());
  }

  /** The training toolkit leaves its ErrorMessage empty where it has let the script's own words through to the log. */
  private static String named(String own, List<String> lastLines) {
    return own.contains(NO_MESSAGE) ? rootCause(lastLines)
        .map(cause -> own.replace(NO_MESSAGE, "ErrorMessage \"" + cause + "\"")).orElse(own) : own;
  }

  /** A sentence on the memory that the host had and the program used; empty where it was not ended for it. */
  static String memory(End end, Resources limits, List<String> lastLines) {
    if (!end.outOfMemory() && (end.exitCode() != SIGNAL_BASE + 9 || ofKeeper(lastLines))) {
      return "";
    }
    String had = String.format(Locale.ROOT, end.outOfMemory() ? " It reached the %.1f GiB of memory that its host has"
        : " Its host has %.1f GiB of memory", limits.memoryBytes() / GIB);
    return had + (end.peakMemory().isEmpty() ? "" : String.format(Locale.ROOT, "; at most %.1f GiB were in use at once",
        end.peakMemory().getAsLong() / GIB)) + ".";
  }

  /** Whether the keeper ended the host, and said why. */
  static boolean ofKeeper(List<String> lines) {
    return lines.stream().anyMatch(line -> line.startsWith(KEEPER));
  }

  static String ended(int exitCode, boolean outOfMemory) {
    if (outOfMemory) {
      return "The program used more memory than its instance type has and was ended";
    }
    if (exitCode > SIGNAL_BASE && exitCode < SIGNAL_BASE + 65) {
      return "The program was ended by signal " + (exitCode - SIGNAL_BASE) + signalName(exitCode - SIGNAL_BASE);
    }
    return switch (exitCode) {
      case 126 -> "The program could not be executed";
      case 127 -> "The program was not found";
      default -> "The program ended with an error";
    };
  }

  private static String signalName(int signal) {
    return switch (signal) {
      case 6 -> " (SIGABRT)";
      case 9 -> " (SIGKILL)";
      case 11 -> " (SIGSEGV)";
      case 15 -> " (SIGTERM)";
      default -> "";
    };
  }

  /**
   * The line that names the error: the last that looks like an exception's, a command line's, or is the keeper's. That
   * of Python's last traceback is one whatever it is called, and is told with the first cause of its chain.
   */
  static Optional<String> rootCause(List<String> lines) {
    Optional<PythonTraceback> traceback = PythonTraceback.last(lines);
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).startsWith(KEEPER)) {
        return Optional.of(lines.get(i).substring(KEEPER.length()));
      }
      if (lines.get(i).matches("^\\S+: (error: |can't open file ).*$")) {
        return Optional.of(lines.get(i));
      }
      String line = lines.get(i);
      if (traceback.filter(each -> line.endsWith(each.exception())).isPresent()) {
        return traceback.map(each -> each.exception()
            + each.firstCause().map(first -> " (first cause: " + first + ")").orElse(""));
      }
      // the last is how pip names what it could not install
      if (lines.get(i).matches("^([A-Za-z_][\\w.]*(Error|Exception|Interrupt|Exit)(:.*)?|ERROR: .+)$")) {
        return Optional.of(lines.get(i));
      }
    }
    return Optional.empty();
  }

  static Optional<String> hint(End end, List<String> lines) {
    if (end.outOfMemory()) {
      return Optional.of("Choose a larger instance type or smaller batches");
    }
    String all = String.join("\n", lines);
    if (all.contains("ModuleNotFoundError")) {
      return Optional.of("Add the module to requirements.txt in the source folder");
    }
    if (all.contains("No space left") || all.contains("Disk quota exceeded")) {
      return Optional.of("Choose a larger VolumeSizeInGB");
    }
    return end.exitCode() == 127 ? Optional.of("Check the entry point's name and that the image holds it")
        : Optional.empty();
  }

  /** A text cut to the length that AWS allows. */
  public static String bounded(String text) {
    return text.length() <= MAX ? text : text.substring(0, MAX);
  }
}
