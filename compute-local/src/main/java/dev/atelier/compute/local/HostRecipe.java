package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.Mount;
import dev.atelier.compute.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Turns a host into the arguments of its bwrap and the small files it sees. */
final class HostRecipe {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final String USER = "user";
  private static final Pattern USER_NAME = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
  private static final String NO_RESOLVER = "# names are resolved outside, by the proxy\n";
  private static final String START = "/run/atelier-start";
  private static final long LEAST_ROOT_BYTES = 1L << 20;

  private final HostFolder folder;
  private final HostSpec host;
  private final Stage stage;
  private final SandboxArguments arguments = new SandboxArguments();

  HostRecipe(HostFolder folder, HostSpec host, Stage stage) {
    this.folder = folder;
    this.host = host;
    this.stage = stage;
  }

  /** What the root may hold, which lies in memory, beside the folders on disk. */
  static long rootBytes(HostSpec host) {
    return Math.max(LEAST_ROOT_BYTES, Math.min(host.resources().diskBytes() / 2, host.resources().memoryBytes() / 2));
  }

  static long foldersBytes(HostSpec host) {
    return Math.max(LEAST_ROOT_BYTES, host.resources().diskBytes());
  }

  /** The limits of all that runs for a host: its programs, and what fills their FIFOs, one thread for each. */
  static Resources limits(HostSpec host) {
    int feeders = host.mounts().stream().filter(Mount.Feeds.class::isInstance).map(Mount.Feeds.class::cast)
        .mapToInt(mount -> 1 + mount.feeds().size()).sum();
    Resources own = host.resources();
    return new Resources(own.cpus(), own.memoryBytes(), own.gpus(), own.processes() + feeders, own.diskBytes());
  }

  byte[] arguments(HostMounts mounts, Map<String, String> ofDoor, Map<String, String> addresses, List<Path> devices,
      List<String> extra) throws IOException {
    arguments.confine(host.uid(), host.gid(), host.name());
    arguments.root(usr(mounts.layering()), rootBytes(host), Math.max(LEAST_ROOT_BYTES, host.resources().memoryBytes() / 2),
        devices);
    arguments.add("--perms", "0755", "--dir", "/etc").publicEtc();
    etc(addresses);
    arguments.add("--dir", "/opt/ml", "--dir", home(), "--dir", Inside.absolute(host.workingDirectory()));
    layers();
    mounts.bind(arguments, stage);
    start();
    arguments.add(extra.toArray());
    arguments.environment(variables(ofDoor)).add("--chdir", host.workingDirectory());
    return arguments.add("--json-status-fd", 8, "--seccomp", 6).bytes();
  }

  /** The command line of the program's first process; it holds nothing of the user's. */
  List<String> command() {
    return needsBash() ? List.of("/bin/bash", "-p", START) : List.of("/bin/sh", START);
  }

  // dash drops variables whose names are no shell names, such as SM_HP_learning-rate; bash keeps them.
  private boolean needsBash() {
    return !host.environment().keySet().stream().allMatch(name -> PLAIN_NAME.matcher(name).matches());
  }

  private static String home() {
    return "/home/user";
  }

  /** The name of the host's user: that which its environment gives, where it is one. */
  private String user() {
    String wanted = host.environment().getOrDefault("USER", USER);
    String home = host.environment().getOrDefault("HOME", home());
    return host.uid() != 0 && USER_NAME.matcher(wanted).matches() && home.matches("/[^:\n]*")
        && !wanted.equals("root") && !wanted.equals("nobody") ? wanted : USER;
  }

  private void start() throws IOException {
    StringBuilder text = new StringBuilder("unset SHLVL OLDPWD _\nexec");
    host.command().forEach(word -> text.append(' ').append(Shell.quote(word)));
    arguments.add("--ro-bind", small("start", text.append('\n').toString()), START);
  }

  private void etc(Map<String, String> addresses) throws IOException {
    String ids = host.uid() + ":" + host.gid();
    String user = user();
    etcFile("passwd", "root:x:0:0:root:/root:/bin/sh\n" + user + ":x:" + ids + ":" + user + ":"
        + (user.equals(USER) ? home() : host.environment().getOrDefault("HOME", home()))
        + ":/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n");
    etcFile("group", "root:x:0:\n" + user + ":x:" + host.gid() + ":\nnogroup:x:65534:\n");
    etcFile("hosts", hosts(addresses));
    etcFile("hostname", host.name() + "\n");
    etcFile("resolv.conf", NO_RESOLVER);
    etcFile("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
  }

  private String hosts(Map<String, String> addresses) {
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n::1 localhost\n");
    if (addresses.isEmpty()) {
      hosts.append("127.0.0.1 ").append(host.name()).append('\n');
    }
    addresses.forEach((name, address) -> hosts.append(address).append(' ').append(name).append('\n'));
    return hosts.toString();
  }

  /** The files that say how to reach others, for a container whose other ones are its image's. */
  List<ContainerRuntime.Bind> names(Map<String, String> addresses) throws IOException {
    small("etc-hosts", hosts(addresses));
    small("etc-resolv.conf", NO_RESOLVER);
    return List.of(new ContainerRuntime.Bind(folder.work().resolve("etc-hosts"), "/etc/hosts", true),
        new ContainerRuntime.Bind(folder.work().resolve("etc-resolv.conf"), "/etc/resolv.conf", true));
  }

  private void etcFile(String name, String text) throws IOException {
    arguments.add("--ro-bind", small("etc-" + name, text), "/etc/" + name);
  }

  private Path small(String name, String text) throws IOException {
    Path file = folder.work().resolve(name);
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return stage.bind(folder.work()).resolve(name);
  }

  /** The machine's programs; an image's own lie above them where this machine can show both. */
  private Path usr(HostMounts.Layering layering) {
    Path usr = Path.of("/usr");
    if (layering != HostMounts.Layering.OVERLAY || !(host.image() instanceof Image.Layered image)) {
      return usr;
    }
    return image.layers().stream().filter(Image.Layer::atUsr).findFirst()
        .map(layer -> stage.above(layer.source(), usr)).orElse(usr);
  }

  private void layers() {
    switch (host.image()) {
      case Image.Layered(List<Image.Layer> layers, Map<String, String> environment) -> layers.stream()
          .filter(layer -> !layer.atUsr()).forEach(layer ->
              arguments.add("--ro-bind", stage.bind(layer.source()), Inside.mountPoint(layer.inside())));
      case Image.Reference image ->
          throw new ComputeException("sandboxes run no container images; " + image.uri() + " needs a container engine");
    }
  }

  /** All variables; an image by reference has some of its own, which a container's engine puts before these. */
  Map<String, String> variables(Map<String, String> ofDoor) {
    Map<String, String> all = new TreeMap<>();
    all.put("HOSTNAME", host.name());
    if (host.image() instanceof Image.Layered layered) {
      all.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
      all.put("HOME", home());
      all.putAll(layered.environment());
    }
    all.putAll(ofDoor);
    all.putAll(host.environment());
    return all;
  }
}
