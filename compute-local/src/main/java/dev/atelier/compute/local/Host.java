package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.HostUsage;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The life of one host, from its folder to its end, on one virtual thread. */
final class Host {
  private static final System.Logger LOG = System.getLogger(Host.class.getName());
  private static final Duration KILL_TIME = Duration.ofSeconds(10);
  private static final long TRY_AGAIN_MILLIS = 20;
  /** With less it is not told apart from a sandbox that could not write. */
  private static final long LEAST_SPACE = 4 << 20;

  /** The start was given up, by a stop or a removal, before the program ran. */
  private static final class GivenUp extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final Surroundings with;
  private final WorkloadSpec spec;
  private final HostSpec host;
  private final int number;
  private final Optional<WorkloadNetwork> network;
  private final HostFolder folder;
  private final Runnable ended;
  private WorkloadState state = new WorkloadState.Preparing();
  private AutoCloseable door = () -> {};
  private Optional<SocketChannel> keeper = Optional.empty();
  private Thread thread = Thread.currentThread();
  private boolean stopping;
  private boolean leaving;
  private boolean adopted;

  /** @param ended told after the host ended */
  Host(Surroundings with, WorkloadSpec spec, int number, Path workload, Optional<WorkloadNetwork> network,
      Runnable ended) {
    this.with = with;
    this.spec = spec;
    this.number = number;
    this.host = spec.hosts().get(number);
    this.network = network;
    this.folder = new HostFolder(workload.resolve(host.name()));
    this.ended = ended;
  }

  HostSpec spec() {
    return host;
  }

  HostFolder folder() {
    return folder;
  }

  /** What it uses; empty unless its program runs. */
  Optional<HostUsage> usage() {
    if (!(state() instanceof WorkloadState.Running)) {
      return Optional.empty();
    }
    try {
      OptionalLong init = SandboxStatus.read(folder.status()).init();
      return init.isEmpty() ? Optional.empty()
          : Optional.of(ProcessUsage.of(init.getAsLong(), folder.diskBytes(), host.resources()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private String group() {
    return (spec.machine().isEmpty() ? "" : spec.machine() + "/") + spec.id() + "." + host.name();
  }

  synchronized WorkloadState state() {
    return state;
  }

  /** Tells the present state again. */
  synchronized void tell() {
    with.events().add(new WorkloadEvent(spec.id(), host.name(), state));
  }

  private synchronized void become(WorkloadState next) {
    if (!state.ended()) {
      state = next;
      tell();
    }
  }

  // --- start and adoption ---------------------------------------------------------------------------------------

  void start() {
    tell();
    runOn(this::startAndWatch);
  }

  private synchronized void runOn(Runnable life) {
    thread = Thread.ofVirtual().name("host-" + group()).start(life);
  }

  private void startAndWatch() {
    try {
      prepare();
      become(new WorkloadState.Running(folder.startedAt()));
    } catch (GivenUp e) {
      finishUnlessLeaving(new WorkloadState.Exited(143, false, with.clock().instant()));
      return;
    } catch (IOException | RuntimeException e) {
      Identity.read(folder.identity()).ifPresent(this::kill);
      finishUnlessLeaving(new WorkloadState.Lost(String.valueOf(e.getMessage()), with.clock().instant()));
      return;
    }
    watch();
  }

  private void prepare() throws IOException, GivenUp {
    HostStart start = new HostStart(with, spec, host, folder, group());
    int uid = start.place();
    requireGoing();
    HostMounts mounts = start.mounts(uid);
    requireGoing();
    Optional<WorkloadNetwork.Seat> seat = Optional.empty();
    if (network.isPresent()) {
      seat = Optional.of(new WorkloadNetwork.Seat(network.get().require().pid(), number + 1));
    }
    start.write(uid, mounts, seat);
    openDoor();
    requireGoing();
    start.launch();
    if (!keeperAnswers()) {
      LOG.log(System.Logger.Level.DEBUG, "{0} ended before it was watched", group());
    }
  }

  private synchronized void requireGoing() throws GivenUp {
    if (stopping || leaving) {
      throw new GivenUp();
    }
  }

  private void openDoor() throws IOException {
    if (spec.network() != NetworkPolicy.PLATFORM) {
      return;
    }
    Path socket = folder.sockets().resolve("api.sock");
    Files.deleteIfExists(socket);
    AutoCloseable opened = with.door().open(spec, host.name(), socket);
    synchronized (this) {
      door = opened;
    }
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    Machine.give(socket, folder.uid().orElseThrow());
  }

  /** Connects to the keeper; false when it is not there yet, or not any more because the sandbox ended. */
  private boolean keeperAnswers() {
    try {
      SocketChannel channel =
          SocketChannel.open(UnixDomainSocketAddress.of(folder.sockets().resolve("keeper.sock")));
      synchronized (this) {
        keeper = Optional.of(channel);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Counts what the host has been given; of all hosts, before any is given something anew. */
  void claim() throws IOException {
    folder.uid().ifPresent(with.uids()::claim);
    if (folder.end().isEmpty()) {
      with.gpus().claim(group(), folder.gpus());
    }
  }

  /** Finds the host as an earlier server left it; what cannot be watched is ended. */
  void adopt() throws IOException {
    Optional<WorkloadState> end = folder.end();
    if (end.isPresent()) {
      state = end.get();
      return;
    }
    Optional<Identity> identity = Identity.read(folder.identity());
    if (identity.isPresent() && identity.get().alive() && keeperAnswers()) {
      state = new WorkloadState.Running(folder.startedAt());
      with.processors().claim(group(), identity.get());
      adopted = true;
      openDoor();
      runOn(this::watch);
      return;
    }
    identity.ifPresent(this::kill);
    if (identity.isPresent() && SandboxStatus.read(folder.status()).begun()) {
      finish(outcome(identity.get(), false));
    } else {
      startAfresh();
    }
  }

  // The program has not begun: to start again is to start once.
  private void startAfresh() throws IOException {
    adopted = false;
    with.free(group());
    folder.uid().ifPresent(with.uids()::free);
    runOn(this::startAndWatch);
  }

  // --- the end ---------------------------------------------------------------------------------------------------

  private void watch() {
    try {
      ByteBuffer nothing = ByteBuffer.allocate(16);
      while (keeper.isPresent() && keeper.get().read(nothing.clear()) >= 0) {
        // the keeper says nothing; it closes when all is over
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the keeper of " + group() + " went", e);
    }
    synchronized (this) {
      if (leaving) {
        return;
      }
    }
    Identity identity = Identity.read(folder.identity()).orElseThrow();
    boolean early = identity.alive();
    kill(identity);
    try {
      // The script outlived the server that read its answers, and could not become the sandbox any more.
      if (adopted && !SandboxStatus.read(folder.status()).begun()) {
        startAfresh();
        return;
      }
      finish(outcome(identity, early));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the end of " + group() + " could not be kept", e);
      become(new WorkloadState.Lost("host lost: " + e.getMessage(), with.clock().instant()));
    }
  }

  private WorkloadState outcome(Identity identity, boolean keeperLost) throws IOException {
    SandboxStatus status = SandboxStatus.read(folder.status());
    OptionalInt code = status.exitCode();
    boolean outOfMemory = status.outOfMemory() || with.cgroups().ranOutOfMemory(group());
    OptionalLong peak = with.cgroups().peakMemory(group());
    if (keeperLost) {
      return new WorkloadState.Lost("host lost: its keeper was ended from outside", with.clock().instant());
    }
    if (code.isPresent()) {
      return new WorkloadState.Exited(code.getAsInt(), outOfMemory, peak, ended());
    }
    if (outOfMemory) {
      return new WorkloadState.Exited(137, true, peak, with.clock().instant());
    }
    String last = folder.lastLogLine();
    String why = !identity.ofThisBoot() ? "the machine was restarted"
        : last.startsWith("bwrap: ") ? "its sandbox could not be set up: " + last
        : Files.getFileStore(folder.status()).getUsableSpace() < LEAST_SPACE ? "No space left on device"
        : "its sandbox was ended from outside";
    return new WorkloadState.Lost("host lost: " + why, with.clock().instant());
  }

  /** When the sandbox told its exit code: a server that was not there looks later. */
  private Instant ended() throws IOException {
    Instant now = with.clock().instant();
    Instant told = Files.getLastModifiedTime(folder.status()).toInstant().truncatedTo(ChronoUnit.MILLIS);
    return told.isBefore(now) ? told : now;
  }

  /** Ends every process of the sandbox and everything beside it. */
  private void kill(Identity identity) {
    if (identity.ofThisBoot()) {
      try {
        Processes.killNamespace(SandboxStatus.read(folder.status()).init());
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "the status of " + group() + " cannot be read", e);
      }
      Processes.killSession(identity, KILL_TIME);
    }
  }

  private void finishUnlessLeaving(WorkloadState end) {
    synchronized (this) {
      if (leaving) {
        closeDoor();
        return;
      }
    }
    try {
      finish(end);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the end of " + group() + " could not be kept", e);
      become(end);
    }
  }

  private void finish(WorkloadState end) throws IOException {
    with.free(group());
    closeDoor();
    folder.writeEnd(end);
    become(end);
    ended.run();
  }

  private synchronized void closeDoor() {
    try {
      door.close();
      if (keeper.isPresent()) {
        keeper.get().close();
      }
    } catch (Exception e) {
      LOG.log(System.Logger.Level.WARNING, "the door of " + group() + " did not close", e);
    }
  }

  // --- from outside ----------------------------------------------------------------------------------------------

  void stop(Duration grace) {
    synchronized (this) {
      if (state.ended()) {
        return;
      }
      stopping = true;
    }
    long deadline = System.nanoTime() + grace.toNanos();
    with.timer().execute(() -> terminate(deadline));
    with.timer().schedule(this::killProgram, grace.toNanos(), TimeUnit.NANOSECONDS);
  }

  // The program may not be there yet: the sandbox is still being made.
  private void terminate(long deadline) {
    if (state().ended() || System.nanoTime() > deadline) {
      return;
    }
    try {
      SandboxStatus status = SandboxStatus.read(folder.status());
      if (!(with.containers().isPresent() ? Processes.terminate(status) : Processes.terminateProgram(status.init()))) {
        with.timer().schedule(() -> terminate(deadline), TRY_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, group() + " cannot be asked to stop", e);
    }
  }

  private void killProgram() {
    if (state().ended()) {
      return;
    }
    try {
      if (!Processes.killNamespace(SandboxStatus.read(folder.status()).init())) {
        with.timer().schedule(this::killProgram, TRY_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, group() + " cannot be killed", e);
    }
  }

  /** Ends everything and waits for it. The folder stays. */
  void end() {
    stop(Duration.ZERO);
    join(KILL_TIME);
    Identity.read(folder.identity()).ifPresent(this::kill);
    with.free(group());
    closeDoor();
  }

  /** Gives the user id back, after the folder is gone. */
  static void release(Surroundings with, OptionalInt uid) {
    uid.ifPresent(with.uids()::free);
  }

  /** Stops watching; the sandbox goes on. */
  void leave() {
    synchronized (this) {
      leaving = true;
    }
    closeDoor();
    join(KILL_TIME);
  }

  private void join(Duration atMost) {
    Thread life;
    synchronized (this) {
      life = thread;
    }
    if (life == Thread.currentThread()) {
      return;
    }
    try {
      if (life.isVirtual()) {
        life.join(atMost);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ComputeException("interrupted while " + group() + " was ended", e);
    }
  }
}
