package dev.atelier.compute;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tiny program of the contract suite, as a command any container with a shell can run and as a script of the backend
 * in memory.
 *
 * @param output what it prints when its file is written
 * @param exitCode how it ends
 * @param file a path inside it writes, or empty for none
 * @param content of that file
 * @param ending {@code end}, {@code wait} for the stop signal, or {@code ignore} it
 */
record Program(String output, int exitCode, String file, String content, String ending) {
  private static final String TEXT =
      """
      if [ -n "$3" ]; then mkdir -p "${3%/*}"; printf %s "$4" > "$3"; fi
      # the signal may come as soon as the output was seen
      case "$5" in
        wait) code=$2; sleep 600 & trap "kill $!; exit $code" TERM;;
        ignore) trap '' TERM;;
      esac
      printf %s "$1"
      case "$5" in
        wait) wait;;
        ignore) while :; do sleep 600; done;;
      esac
      exit "$2"
      """;

  static Program exiting(int code, String output) {
    return new Program(output, code, "", "", "end");
  }

  static Program writing(String file, String content) {
    return new Program("", 0, file, content, "end");
  }

  static Program writingAndWaiting(String file, String content) {
    return new Program("up\n", 0, file, content, "wait");
  }

  static Program waiting(int codeOnStop) {
    return new Program("up\n", codeOnStop, "", "", "wait");
  }

  static Program stubborn() {
    return new Program("up\n", 1, "", "", "ignore");
  }

  List<String> command() {
    return List.of("/bin/sh", "-c", TEXT, "sh", output, Integer.toString(exitCode), file, content, ending);
  }

  static FakeComputeBackend.Script script(HostSpec host) {
    List<String> words = host.command();
    int code = Integer.parseInt(words.get(5));
    Map<String, String> files = words.get(6).isEmpty() ? Map.of() : Map.of(words.get(6), words.get(7));
    FakeComputeBackend.Ending ending = switch (words.get(8)) {
      case "wait" -> new FakeComputeBackend.Ending.OnStop(code);
      case "ignore" -> new FakeComputeBackend.Ending.OnKill();
      default -> new FakeComputeBackend.Ending.AtOnce(code);
    };
    return new FakeComputeBackend.Script(words.get(4), files, ending, Optional.empty());
  }
}
