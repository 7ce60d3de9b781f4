package dev.atelier.compute.local;

import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes everything of one host, in the order that lets a crash at any point be told apart afterwards. */
final class HostStart {
  private final Surroundings with;
  private final WorkloadSpec spec;
  private final HostSpec host;
  private final HostFolder folder;
  private final String group;

  HostStart(Surroundings with, WorkloadSpec spec, HostSpec host, HostFolder folder, String group) {
    this.with = with;
    this.spec = spec;
    this.host = host;
    this.folder = folder;
    this.group = group;
  }

  /** Makes the folder and its user. */
  int place() throws IOException {
    Deletion.delete(folder.path());
    Durable.folder(folder.path());
    List<Integer> gpus = with.gpus().take(group, host.resources().gpus());
    Optional<Mount.Volume> volume = Volumes.of(host);
    int uid = volume.isPresent() ? with.volumes().user(volume.get())
        : Machine.root() ? with.uids().take() : Machine.userId();
    folder.writePlacement(uid, gpus);
    folder.makeSockets();
    Machine.give(folder.sockets(), uid);
    return uid;
  }

  HostMounts mounts(int uid) throws IOException {
    HostMounts mounts = new HostMounts(with.config(), folder, host, uid, with.layering());
    mounts.make();
    Collector collector = new Collector(helper(uid));
    for (int i = 0; i < host.mounts().size(); i++) {
      if (host.mounts().get(i) instanceof Mount.Unpacked unpacked) {
        collector.unpack(unpacked.archive(), mounts.own(i), with.unpacker(), with.pythonHome(),
            HostRecipe.foldersBytes(host), with.config().maxArchiveEntries());
      }
    }
    List<String> notes = new ArrayList<>(mounts.notes());
    Optional<Mount.Volume> volume = Volumes.of(host);
    if (volume.isPresent() && !with.volumes().holds(volume.get())) {
      notes.add(volume.get().inside() + " does not have the size that was asked for: this machine has no room or no means");
    }
    writeNotes(notes);
    return mounts;
  }

  private void writeNotes(List<String> notes) throws IOException {
    Files.createFile(folder.log(), PosixFilePermissions.asFileAttribute(Durable.OWN_FILE));
    for (String note : notes) {
      Files.write(folder.log(), ("atelier: " + note + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.APPEND);
    }
  }

  HelperSandbox helper(int uid) {
    Path stage = Machine.root() ? with.config().stageFolder() : folder.stage();
    return new HelperSandbox(stage, with.filter(), uid);
  }

  /** Writes the script that {@link #launch} runs. */
  void write(int uid, HostMounts mounts, Optional<WorkloadNetwork.Seat> seat) throws IOException {
    HostScript script = new HostScript(with.config(), folder, uid);
    Stage stage = new Stage(script.stageFolder());
    HostRecipe recipe = new HostRecipe(folder, host, stage);
    boolean open = spec.network() == NetworkPolicy.PLATFORM;
    int port = open ? with.config().apiPort() : 0;
    Map<String, String> ofDoor = open ? with.door().environment(spec, host.name(), port) : Map.of();
    if (with.containers().isPresent()) {
      container(with.containers().get(), recipe.variables(ofDoor), recipe.names(WorkloadNetwork.addresses(spec)), mounts);
    } else {
      writeOwn("arguments", recipe.arguments(mounts, ofDoor, WorkloadNetwork.addresses(spec),
          with.gpus().nodes(folder.gpus()), with.extraArguments()));
    }
    Path work = stage.bind(folder.work());
    Path sockets = Machine.root() ? stage.bind(folder.sockets()) : folder.sockets();
    Path keeper = stage.bind(with.tools()).resolve("keeper.py");
    List<Path> counted = new ArrayList<>(List.of(work.resolve("m"), work.resolve("u")));
    HostScript.Sandbox sandbox = new HostScript.Sandbox(keeper, sockets, counted, HostRecipe.foldersBytes(host), port,
        host.servicePort(), mounts.feeds(stage), with.cgroups().make(group, HostRecipe.limits(host)),
        with.processors().take(group, host.resources().cpus()), with.filter(), recipe.command());
    String text = with.containers()
        .map(runtime -> script.container(stage, seat, sandbox, new HostScript.Container(runtime, with.container(group))))
        .orElseGet(() -> script.text(stage, seat, sandbox));
    writeOwn("start", text.getBytes(StandardCharsets.UTF_8));
  }

  private void container(ContainerRuntime runtime, Map<String, String> variables, List<ContainerRuntime.Bind> names,
      HostMounts mounts) throws IOException {
    List<ContainerRuntime.Bind> binds = new ArrayList<>(names);
    binds.addAll(mounts.binds());
    runtime.create(new ContainerRuntime.Plan(with.container(group), host, variables, binds));
  }

  private void writeOwn(String name, byte[] content) throws IOException {
    Path file = folder.path().resolve(name);
    Files.createFile(file, PosixFilePermissions.asFileAttribute(Durable.OWN_FILE));
    Files.write(file, content);
  }

  void launch() throws IOException {
    Launch.start(folder, "start", folder.identity());
  }
}
