package dev.atelier.compute.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The script that becomes one sandbox. It writes its identity, waits for the server's word, makes namespaces and
 * mounts, starts the keeper and replaces itself with bwrap, all as one process id. When the server dies before it gave
 * its word the script ends and nothing has run.
 */
final class HostScript {
  private final LocalComputeConfig config;
  private final HostFolder folder;
  private final int uid;
  private final StringBuilder inner = new StringBuilder();

  HostScript(LocalComputeConfig config, HostFolder folder, int uid) {
    this.config = config;
    this.folder = folder;
    this.uid = uid;
  }

  /** The words that lower a root to the sandbox's user; none for a plain user, who is it already. */
  static String asUser(int uid) {
    return Machine.root() ? "setpriv --reuid " + uid + " --regid " + uid + " --clear-groups " : "";
  }

  /** New mount and network namespaces, in a user namespace for a plain user. */
  static String unshare() {
    return "unshare " + (Machine.root() ? "" : "--user --map-root-user ") + "--mount --net --propagation private";
  }

  /** The first half of every script: who it is, and the server's word. */
  static String handshake(Path folder, Path identity) {
    return """
        #!/bin/sh
        set -eu
        umask 022
        ulimit -c 0
        if [ "${1-}" = outer ]; then
          cd %s
          read -r boot < /proc/sys/kernel/random/boot_id
          read -r stat < /proc/$$/stat
          printf '%%s\\n%%s\\nend\\n' "$boot" "$stat" > %s
          echo ready
          read -r go
        """.formatted(Shell.quote(folder), Shell.quote(identity));
  }

  String text(Stage stage, Optional<WorkloadNetwork.Seat> seat, Sandbox sandbox) {
    String enter = seat.map(WorkloadNetwork.Seat::enter).orElse(unshare());
    inner.append("ip link set lo up\necho 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start\n");
    seat.ifPresent(place -> inner.append(place.connect()));
    inner.append("mkdir -p ").append(Shell.quote(stageFolder())).append('\n').append(stage.script());
    pipes();
    keeper(sandbox, "");
    sandbox.groups().forEach(file -> inner.append("echo $$ > ").append(Shell.quote(file)).append('\n'));
    inner.append(sandbox.limits());
    // under the limits of the host it works for, whose end it goes with
    sandbox.feeds().ifPresent(fifos -> feeder(sandbox, fifos));
    bwrap(sandbox);
    return handshake(folder.path(), folder.identity())
        + "  exec 9>&1 </dev/null 1>>log 2>&1\n  exec " + enter + " sh ./start inner\nfi\n" + inner;
  }

  Path stageFolder() {
    return Machine.root() ? config.stageFolder() : folder.stage();
  }

  private void pipes() {
    String own = Machine.root() ? "chown " + uid + ":" + uid + " out\n" : "";
    inner.append("rm -f out up\nmkfifo -m 600 out up\n").append(own)
        .append(": >> status.json\n: >> disk\n: >> times\nexec 7<>out\n");
    // a root's reserve of the disk is no user's: on a full one the sandbox writes on what is taken here
    inner.append("for file in status.json disk times log; do fallocate -n -l 65536 $file 2>/dev/null || :; done\n");
  }

  /** @param enter the words that lead into the sandbox's network */
  private void keeper(Sandbox sandbox, String enter) {
    inner.append(enter).append(asUser(uid)).append(Shell.quote(config.python())).append(" -I -S -B ")
        .append(Shell.quote(sandbox.keeper())).append(' ').append(Shell.quote(sandbox.sockets()))
        .append(" $$ ").append(sandbox.apiPort()).append(' ').append(sandbox.servicePort()).append(' ')
        .append(config.orphanTimeout().toSeconds()).append(' ').append(sandbox.diskBytes())
        .append(sandbox.feeds().isPresent() ? " 1" : " 0");
    sandbox.counted().forEach(path -> inner.append(' ').append(Shell.quote(path)));
    inner.append(" <out >up 3>>log 4<status.json 5<>disk 6<>times 7>&- 9>&- &\nread -r line <up\n");
  }

  private void feeder(Sandbox sandbox, Path fifos) {
    String own = Machine.root() ? "chown " + uid + ":" + uid + " fed\n" : "";
    inner.append("rm -f fed\nmkfifo -m 600 fed\n").append(own).append(asUser(uid))
        .append(Shell.quote(config.python())).append(" -I -S -B ")
        .append(Shell.quote(sandbox.keeper().resolveSibling("feeder.py"))).append(' ')
        .append(Shell.quote(sandbox.sockets().resolve("feeder.sock"))).append(' ')
        .append(Shell.quote(fifos)).append(' ')
        .append(Shell.quote(fifos.getParent().resolveSibling("feed"))).append(" >fed 2>>log </dev/null 7>&- 9>&- &\n")
        .append("read -r line <fed || { echo 'atelier: the feeder of its channels did not start' >>log; exit 1; }\n");
  }

  private void bwrap(Sandbox sandbox) {
    inner.append("exec 5<arguments 6<").append(Shell.quote(sandbox.filter())).append(" 8>>status.json\n");
    inner.append("echo started >&9\nexec >out 2>&1 7>&- 9>&-\nexec ").append(asUser(uid)).append("bwrap --args 5");
    sandbox.command().forEach(word -> inner.append(' ').append(Shell.quote(word)));
    inner.append('\n');
  }

  /** The script of a host whose program runs in a container, which it makes ready, joins, follows and waits for. */
  String container(Stage stage, Optional<WorkloadNetwork.Seat> seat, Sandbox sandbox, Container container) {
    String client = container.client();
    String name = ' ' + Shell.quote(container.name());
    inner.append("mkdir -p ").append(Shell.quote(stageFolder())).append('\n').append(stage.script());
    pipes();
    boolean twoSteps = container.runtime().startsInTwoSteps();
    if (!twoSteps) {
      inner.append("printf '{\"begun\":1}\\n' >> status.json\n");
    }
    inner.append(client).append(twoSteps ? "init" : "start").append(name).append(" > /dev/null\n")
        .append("pid=$(").append(client).append("inspect --format '{{.State.Pid}}'").append(name).append(")\n")
        .append("enter=\n").append("if [ \"$pid\" -gt 0 ]; then\n").append("enter=\"nsenter -t $pid --net\"\n")
        .append("$enter sh -c 'ip link set lo up; echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start'\n");
    seat.ifPresent(place -> inner.append(place.connect("$pid", "$enter ")));
    inner.append("fi\n");
    keeper(sandbox, "$enter ");
    sandbox.feeds().ifPresent(fifos -> feeder(sandbox, fifos));
    inner.append("[ \"$pid\" = 0 ] || printf '{\"child-pid\":%s}\\n' \"$pid\" >> status.json\n")
        .append("echo started >&9\nexec >out 2>&1 7>&- 9>&-\n");
    if (twoSteps) {
      inner.append(client).append("start").append(name).append(" > /dev/null\n");
    }
    inner.append("printf '{\"running\":1}\\n' >> status.json\n")
        .append(client).append("logs --follow").append(name).append('\n')
        .append("code=$(").append(client).append("wait").append(name).append(")\n")
        .append("oom=$(").append(client).append("inspect --format '{{.State.OOMKilled}}'").append(name).append(")\n")
        .append("id=$(").append(client).append("inspect --format '{{.Id}}'").append(name).append(")\n")
        // engines miss it with control groups of version 1 on new kernels, whose log names the container's group
        .append("if [ \"$code\" = 137 ] && dmesg 2>/dev/null | grep -q \"oom-kill:.*$id\"; then oom=true; fi\n")
        .append("printf '{\"exit-code\":%s,\"out-of-memory\":%s}\\n' \"$code\" \"$oom\" >> status.json\n");
    // the mounts of other containers, which it sees, go with them
    return handshake(folder.path(), folder.identity()) + "  exec 9>&1 </dev/null 1>>log 2>&1\n"
        + "  exec unshare --mount --propagation slave sh ./start inner\nfi\n" + inner;
  }

  /** A container that was made and is to be started. */
  record Container(ContainerRuntime runtime, String name) {
    private String client() {
      StringBuilder words = new StringBuilder();
      runtime.client().forEach(word -> words.append(Shell.quote(word)).append(' '));
      return words.toString();
    }
  }

  /**
   * What differs from sandbox to sandbox.
   *
   * @param keeper the keeper's program and {@code sockets} its folder, as the sandbox's user finds them
   * @param counted folders whose size counts, {@code diskBytes} how much they may hold
   * @param feeds the folder of FIFOs that are to be filled
   * @param groups files that a process joins its control groups by
   * @param limits script lines that say what control groups cannot
   * @param filter the system call filter
   */
  record Sandbox(Path keeper, Path sockets, List<Path> counted, long diskBytes, int apiPort, int servicePort,
      Optional<Path> feeds, List<Path> groups, String limits, Path filter, List<String> command) {}
}
