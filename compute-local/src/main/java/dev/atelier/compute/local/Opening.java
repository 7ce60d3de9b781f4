package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.PackedFiles;
import dev.atelier.compute.SandboxDoor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/** What happens once when a run folder is opened: the lock, the tools, and what the machine can do. */
final class Opening {
  private static final List<String> PROGRAMS = List.of("keeper.py", "log_times.py", "feeder.py", "unpack.py");

  private final LocalComputeConfig config;
  private final Optional<ContainerRuntime> containers;

  Opening(LocalComputeConfig config, Optional<ContainerRuntime> containers) throws IOException {
    this.config = config;
    this.containers = containers;
    Files.createDirectories(config.runFolder().getParent());
    Durable.privateFolder(config.runFolder());
    if (Machine.root()) {
      Files.createDirectories(config.stageFolder());
    }
  }

  FileChannel lock() throws IOException {
    FileChannel channel = FileChannel.open(config.runFolder().resolve(".lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
    try {
      FileLock taken = channel.tryLock();
      if (taken != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new ComputeException("this process has " + config.runFolder() + " open already", e);
    }
    channel.close();
    throw new ComputeException("another server has " + config.runFolder() + " open");
  }

  Surroundings surroundings(SandboxDoor door, Clock clock, List<String> extraArguments) throws IOException {
    // What can fail comes first, so that a failed opening leaves neither groups nor threads.
    List<String> python = pythonHome();
    Path tools = tools();
    HostMounts.Layering layering =
        containers.isPresent() ? HostMounts.Layering.COPY_OR_READ_ONLY : layering();
    boolean packs = layering == HostMounts.Layering.OVERLAY && packed();
    String tag = HexFormat.of().toHexDigits(config.runFolder().hashCode());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("compute-timer").factory());
    SandboxUids uids = containers.map(runtime -> SandboxUids.shared(runtime.owner()))
        .orElseGet(() -> new SandboxUids(config.firstUid(), config.lastUid(), config.runFolder().hashCode()));
    Cgroups cgroups = containers.isPresent() ? new NoCgroups("") : CgroupProbe.find(tag);
    boolean sized = VolumeImage.works(config.runFolder().resolve(".volume"));
    return new Surroundings(config, door, clock, cgroups,
        containers.isPresent() ? new Processors(List.of(), false) : Processors.open(), new Gpus(config.devices()), uids,
        Volumes.open(config.volumeFolder(), uids, sized), tools, layering, packs, python, new Events(), timer,
        containers, extraArguments);
  }

  private Path tools() throws IOException {
    Path tools = config.runFolder().resolve(".tools");
    Deletion.delete(tools);
    Files.createDirectory(tools);
    for (String name : PROGRAMS) {
      try (InputStream source = Opening.class.getResourceAsStream(name)) {
        Files.copy(source, tools.resolve(name));
      }
    }
    Files.write(tools.resolve("filter"), SeccompFilter.program(System.getProperty("os.arch")));
    for (String name : Stream.concat(PROGRAMS.stream(), Stream.of("filter")).toList()) {
      Files.setPosixFilePermissions(tools.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
    }
    Files.setPosixFilePermissions(tools, PosixFilePermissions.fromString("rwxr-xr-x"));
    return tools;
  }

  /** Tries an overlay with real folders, in namespaces that end with the trial. */
  private HostMounts.Layering layering() throws IOException {
    Path trial = config.runFolder().resolve(".overlay");
    Deletion.delete(trial);
    for (String name : List.of("", "l", "u", "w", "m")) {
      Files.createDirectory(trial.resolve(name));
    }
    String option = Machine.root() ? "" : ",userxattr";
    List<String> words = new ArrayList<>(List.of(HostScript.unshare().split(" ")));
    words.addAll(List.of("sh", "-c", "cd " + Shell.quote(trial)
        + " && mount -t overlay -o lowerdir=l,upperdir=u,workdir=w" + option + " overlay m && : > m/x && [ -e u/x ]"));
    boolean works = Tool.run(words).code() == 0;
    Deletion.delete(trial);
    return works ? HostMounts.Layering.OVERLAY : HostMounts.Layering.COPY_OR_READ_ONLY;
  }

  /** Tries an image of packed files below an overlay, as above. */
  private boolean packed() throws IOException {
    if (!Machine.root()) {
      return false;
    }
    Path trial = config.runFolder().resolve(".packed");
    Deletion.delete(trial);
    for (String name : List.of("", "l", "u", "w", "m", "at")) {
      Files.createDirectory(trial.resolve(name));
    }
    try (PackedFiles packed = PackedFiles.create(trial.resolve("image"))) {
      packed.add("folder/file", new byte[] {'x'}, Instant.EPOCH);
      packed.finish();
    }
    List<String> words = new ArrayList<>(List.of(HostScript.unshare().split(" ")));
    words.addAll(List.of("sh", "-c", "cd " + Shell.quote(trial) + " && " + Stage.PACKED + "image at && "
        + "mount -t overlay -o lowerdir=l:at,upperdir=u,workdir=w overlay m && : > m/folder/file "
        + "&& [ -e u/folder/file ]"));
    boolean works = Tool.run(words).code() == 0;
    Deletion.delete(trial);
    return works;
  }

  private List<String> pythonHome() throws IOException {
    Tool.Answer answer = Tool.run(List.of(config.python(), "-I", "-S", "-c",
        "import os,sys; assert sys.version_info >= (3, 9); print(os.path.realpath(sys.executable)); "
            + "print(os.path.realpath(sys.base_prefix))"));
    List<String> lines = answer.text().lines().toList();
    if (answer.code() != 0 || lines.size() < 2) {
      throw new ComputeException(config.python() + " is not a Python of version 3.9 or newer: " + answer.text());
    }
    return lines.get(1).equals("/usr") || lines.get(1).startsWith("/usr/") ? List.of(lines.getFirst()) : lines;
  }

  /** One run of a tool of the machine. */
  static final class Tool {
    record Answer(int code, String text) {}

    private Tool() {}

    static Answer run(List<String> words) throws IOException {
      ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
      Machine.plainEnvironment(builder.environment());
      builder.redirectInput(Path.of("/dev/null").toFile());
      try {
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return new Answer(process.waitFor(), text);
      } catch (IOException e) {
        return new Answer(127, String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
