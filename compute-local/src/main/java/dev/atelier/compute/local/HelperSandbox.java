package dev.atelier.compute.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A short-lived sandbox with the identity of a host and no network, for work on files that its program could change or
 * that came from outside. It dies with its script, and its tool ends when nobody reads its output any more.
 */
final class HelperSandbox {
  /** A source seen at {@code inside}. */
  record Bind(Path source, String inside, boolean writable) {}

  private final Path stageFolder;
  private final Path filter;
  private final int uid;

  HelperSandbox(Path stageFolder, Path filter, int uid) {
    this.stageFolder = stageFolder;
    this.filter = filter;
    this.uid = uid;
  }

  /** Starts the tool; its standard output and error are pipes of the returned process. */
  Process start(List<Bind> binds, List<String> command) throws IOException {
    return start(binds, command, "</dev/null");
  }

  /** Starts a tool that reads its standard input, which is a pipe of the returned process as well. */
  Process startReading(List<Bind> binds, List<String> command) throws IOException {
    return start(binds, command, "");
  }

  private Process start(List<Bind> binds, List<String> command, String input) throws IOException {
    Stage stage = new Stage(stageFolder);
    List<String> words = new ArrayList<>(List.of("bwrap", "--die-with-parent", "--unshare-all", "--unshare-user",
        "--disable-userns", "--cap-drop", "ALL", "--new-session", "--uid", "1000", "--gid", "1000", "--clearenv",
        "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LC_ALL", "C.UTF-8", "--ro-bind", "/usr", "/usr",
        "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev"));
    for (Bind bind : binds) {
      words.addAll(List.of(bind.writable() ? "--bind" : "--ro-bind", stage.bind(bind.source()).toString(),
          bind.inside()));
    }
    words.addAll(List.of("--seccomp", "6"));
    words.addAll(command);
    StringBuilder script = new StringBuilder("set -eu\nmkdir -p ").append(Shell.quote(stageFolder)).append('\n');
    script.append(stage.script()).append("exec 6<").append(Shell.quote(filter)).append('\n');
    script.append(HostScript.asUser(uid));
    words.forEach(word -> script.append(Shell.quote(word)).append(' '));
    // Not replaced by bwrap: bwrap dies with the shell, whose life is one thread's.
    script.append(input).append("\nexit $?\n");
    List<String> outer = new ArrayList<>(List.of(HostScript.unshare().split(" ")));
    outer.addAll(List.of("sh", "-c", script.toString()));
    ProcessBuilder builder = new ProcessBuilder(outer);
    Machine.plainEnvironment(builder.environment());
    return builder.start();
  }
}
